package openapi

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed document/*.json
var parts embed.FS

// Config is what only the running server knows.
type Config struct {
	PublicURL string   // origin, without a trailing slash
	Versions  []string // that API-Version may name, newest first
}

// object is a JSON object of the document.
type object = map[string]any

// Document puts the description together, as indented JSON.
func Document(c Config) ([]byte, error) {
	if c.PublicURL == "" || len(c.Versions) == 0 {
		return nil, errors.New("openapi: PublicURL and Versions are required")
	}
	d, err := assemble()
	if err != nil {
		return nil, err
	}
	if err := d.fill(c); err != nil {
		return nil, err
	}
	body, err := json.MarshalIndent(d.root, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("openapi: encode: %w", err)
	}
	return append(body, '\n'), nil
}

// document is the description in the making.
type document struct {
	root, paths, webhooks                   object
	parameters, headers, responses, schemas object
}

func assemble() (*document, error) {
	d := &document{schemas: object{}}
	for name, into := range map[string]*object{
		"root": &d.root, "paths": &d.paths, "webhooks": &d.webhooks,
		"parameters": &d.parameters, "headers": &d.headers, "responses": &d.responses,
	} {
		if err := read("document/"+name+".json", into); err != nil {
			return nil, err
		}
	}
	files, err := fs.Glob(parts, "document/schemas_*.json")
	if err != nil {
		return nil, fmt.Errorf("openapi: list schemas: %w", err)
	}
	for _, file := range files {
		var some object
		if err := read(file, &some); err != nil {
			return nil, err
		}
		for name, schema := range some {
			if _, twice := d.schemas[name]; twice {
				return nil, fmt.Errorf("openapi: schema %s stands in two files", name)
			}
			d.schemas[name] = schema
		}
	}
	return d, d.join()
}

// join hangs the parts into the root.
func (d *document) join() error {
	components, err := member(d.root, "components")
	if err != nil {
		return err
	}
	components["parameters"], components["headers"] = d.parameters, d.headers
	components["responses"], components["schemas"] = d.responses, d.schemas
	d.root["paths"], d.root["webhooks"] = d.paths, d.webhooks
	return nil
}

func read(file string, into *object) error {
	raw, err := parts.ReadFile(file)
	if err != nil {
		return fmt.Errorf("openapi: read %s: %w", file, err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("openapi: parse %s: %w", file, err)
	}
	return nil
}

// member is an object within an object, step by step.
func member(o object, steps ...string) (object, error) {
	for _, step := range steps {
		inner, ok := o[step].(object)
		if !ok {
			return nil, fmt.Errorf("openapi: no object at %s", strings.Join(steps, " > "))
		}
		o = inner
	}
	return o, nil
}

// resolve follows a reference into components; anything else is itself.
func (d *document) resolve(o object) (object, error) {
	target, ok := o["$ref"].(string)
	if !ok {
		return o, nil
	}
	return member(d.root, strings.Split(strings.TrimPrefix(target, "#/"), "/")...)
}
