package openapi

import (
	"maps"
	"slices"
)

// everywhere are the headers that each answer of this server carries.
var everywhere = map[string]string{
	"Request-Id": "RequestID", "X-Content-Type-Options": "NoSniff", "Referrer-Policy": "Referrer",
	"Content-Security-Policy": "ContentPolicy", "Strict-Transport-Security": "Transport",
}

// spoken are the headers of each answer in the protocol's terms: sessions and
// errors, that is all of components/responses.
var spoken = map[string]string{"API-Version": "Version", "Cache-Control": "NoStore", "Content-Language": "Language"}

// fill adds what the parts leave out because it is the same everywhere, and
// what only the running server knows.
func (d *document) fill(c Config) error {
	d.root["servers"] = []any{object{"url": c.PublicURL}}
	info, err := member(d.root, "info")
	if err != nil {
		return err
	}
	info["version"] = c.Versions[0]
	d.root["externalDocs"] = object{"url": c.PublicURL + "/acp", "description": "The same for people, with examples."}
	version, err := member(d.parameters, "Version", "schema")
	if err != nil {
		return err
	}
	version["enum"] = c.Versions
	for name := range d.responses {
		response, err := member(d.responses, name)
		if err != nil {
			return err
		}
		carry(response, spoken)
	}
	if err := d.fillExamples(); err != nil {
		return err
	}
	return d.fillPaths()
}

func (d *document) fillPaths() error {
	for address := range d.paths {
		item, err := member(d.paths, address)
		if err != nil {
			return err
		}
		for method := range item {
			if err := d.fillOperation(item, method); err != nil {
				return err
			}
		}
		if get, ok := item["get"].(object); ok {
			if item["head"], err = d.headOf(get); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *document) fillOperation(item object, method string) error {
	responses, err := member(item, method, "responses")
	if err != nil {
		return err
	}
	for status := range responses {
		response, err := member(responses, status)
		if err != nil {
			return err
		}
		if response, err = d.resolve(response); err != nil {
			return err
		}
		carry(response, everywhere)
	}
	return nil
}

// headOf is the same operation asked for its headers only.
func (d *document) headOf(get object) (object, error) {
	head := maps.Clone(get)
	id, _ := get["operationId"].(string)
	head["operationId"], head["summary"] = id+"Headers", "The same without the body"
	responses, err := member(get, "responses")
	if err != nil {
		return nil, err
	}
	bare := object{}
	for _, status := range slices.Sorted(maps.Keys(responses)) {
		response, err := member(responses, status)
		if err != nil {
			return nil, err
		}
		if response, err = d.resolve(response); err != nil {
			return nil, err
		}
		response = maps.Clone(response)
		delete(response, "content")
		bare[status] = response
	}
	head["responses"] = bare
	return head, nil
}

// carry adds headers to a response; one that it describes itself stays.
func carry(response object, headers map[string]string) {
	known, _ := response["headers"].(object)
	if known == nil {
		known = object{}
	}
	for name, component := range headers {
		if _, own := known[name]; !own {
			known[name] = object{"$ref": "#/components/headers/" + component}
		}
	}
	response["headers"] = known
}
