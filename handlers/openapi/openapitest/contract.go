// Package openapitest holds answers of the running server against its OpenAPI
// document in tests.
package openapitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/acp-bridge/acp-bridge/handlers/openapi"
)

// address is the URL under which the document is registered, so that its
// references resolve.
const address = "https://app.example.com/acp/openapi.json"

// Contract is a document that answers can be held against.
type Contract struct {
	Root     map[string]any
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema // by pointer
}

// Open builds the document for a server at an origin.
func Open(t testing.TB, c openapi.Config) *Contract {
	t.Helper()
	body, err := openapi.Document(c)
	if err != nil {
		t.Fatal(err)
	}
	contract, err := Read(body)
	if err != nil {
		t.Fatal(err)
	}
	return contract
}

// Read takes a document as it was served, and compiles every schema in it.
func Read(body []byte) (*Contract, error) {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	root, ok := value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("the document is no object")
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020) // what OpenAPI 3.1 says of schemas without $schema
	c.AssertFormat()
	if err := c.AddResource(address, value); err != nil {
		return nil, err
	}
	contract := &Contract{Root: root, compiler: c, compiled: map[string]*jsonschema.Schema{}}
	for _, name := range contract.Schemas() {
		if err := contract.compile("/components/schemas/" + name); err != nil {
			return nil, err
		}
	}
	return contract, nil
}

func (c *Contract) compile(pointer string) error {
	schema, err := c.compiler.Compile(address + "#" + pointer)
	if err != nil {
		return fmt.Errorf("%s: %w", pointer, err)
	}
	c.compiled[pointer] = schema
	return nil
}

// Schemas are the names of the components.
func (c *Contract) Schemas() []string {
	return slices.Sorted(maps.Keys(Member(c.Root, "components", "schemas")))
}

// Check holds a body against a component's schema.
func (c *Contract) Check(schema string, body []byte) error {
	known, ok := c.compiled["/components/schemas/"+schema]
	if !ok {
		return fmt.Errorf("the document has no schema %s", schema)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return known.Validate(value)
}

// Member is an object within an object; nil when there is none.
func Member(o map[string]any, steps ...string) map[string]any {
	for _, step := range steps {
		o, _ = o[step].(map[string]any)
	}
	return o
}

// Resolve follows a reference within the document.
func (c *Contract) Resolve(o map[string]any) map[string]any {
	target, ok := o["$ref"].(string)
	if !ok {
		return o
	}
	return Member(c.Root, strings.Split(strings.TrimPrefix(target, "#/"), "/")...)
}

// Operations are the described operations, as "GET /acp/…/{id}".
func (c *Contract) Operations() []string {
	var all []string
	for path, item := range Member(c.Root, "paths") {
		methods, _ := item.(map[string]any)
		for method := range methods {
			all = append(all, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(all)
	return all
}

// Statuses are the described statuses of an operation.
func (c *Contract) Statuses(operation string) []string {
	method, path, _ := strings.Cut(operation, " ")
	return slices.Sorted(maps.Keys(Member(c.Root, "paths", path, strings.ToLower(method), "responses")))
}

// Parameters are the names of an operation's described parameters that stand in
// a place: path or header.
func (c *Contract) Parameters(operation, place string) []string {
	method, path, _ := strings.Cut(operation, " ")
	listed, _ := Member(c.Root, "paths", path, strings.ToLower(method))["parameters"].([]any)
	var names []string
	for _, raw := range listed {
		reference, _ := raw.(map[string]any)
		if p := c.Resolve(reference); p["in"] == place {
			names = append(names, fmt.Sprint(p["name"]))
		}
	}
	slices.Sort(names)
	return names
}

// find is the operation that a request reaches, "" when none is described.
func (c *Contract) find(method, path string) string {
	parts := strings.Split(path, "/")
	for _, operation := range c.Operations() {
		verb, template, _ := strings.Cut(operation, " ")
		fits := func(i int) bool { return strings.HasPrefix(strings.Split(template, "/")[i], "{") }
		same := verb == method && strings.Count(template, "/") == strings.Count(path, "/")
		for i := 0; same && i < len(parts); i++ {
			same = parts[i] == strings.Split(template, "/")[i] || fits(i)
		}
		if same {
			return operation
		}
	}
	return ""
}

// Answer holds an answer against the document: its status, its headers and
// its body. It returns the operation, or "" for a request that no operation
// describes, of which the document says nothing.
func (c *Contract) Answer(method, path string, status int, headers http.Header, body []byte) (string, error) {
	operation := c.find(method, path)
	if operation == "" {
		return "", nil
	}
	_, template, _ := strings.Cut(operation, " ")
	responses := Member(c.Root, "paths", template, strings.ToLower(method), "responses")
	raw, ok := responses[fmt.Sprint(status)].(map[string]any)
	if !ok {
		return operation, fmt.Errorf("handlers/openapi/document/paths.json has no status %d for %s (body %s)", status, operation, body)
	}
	response := c.Resolve(raw)
	if err := c.headers(response, headers); err != nil {
		return operation, fmt.Errorf("%s answers %d: %w", operation, status, err)
	}
	if method == http.MethodHead {
		return operation, nil
	}
	if err := c.body(response, headers.Get("Content-Type"), body); err != nil {
		return operation, fmt.Errorf("%s answers %d, and the document does not describe the body: %w\n%s", operation, status, err, body)
	}
	return operation, nil
}

// headers wants each header that is there described, and each required one
// there, with values that fit.
func (c *Contract) headers(response map[string]any, headers http.Header) error {
	described := Member(response, "headers")
	known := map[string]bool{"Content-Type": true, "Content-Length": true} // OpenAPI has other words for them
	for name := range described {
		known[http.CanonicalHeaderKey(name)] = true
	}
	for name := range headers {
		if !known[name] {
			return fmt.Errorf("the header %s is not described (handlers/openapi/document/responses.json)", name)
		}
	}
	for name, raw := range described {
		o, _ := raw.(map[string]any)
		header, value := c.Resolve(o), headers.Get(name)
		if value == "" {
			if header["required"] == true {
				return fmt.Errorf("the header %s is missing", name)
			}
			continue
		}
		if err := c.value(Member(header, "schema"), value); err != nil {
			return fmt.Errorf("the header %s is %q: %w", name, value, err)
		}
	}
	return nil
}

// value holds a header's value against its schema, which has no references.
func (c *Contract) value(schema map[string]any, value string) error {
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("https://app.example.com/header", any(schema)); err != nil {
		return err
	}
	compiled, err := compiler.Compile("https://app.example.com/header")
	if err != nil {
		return err
	}
	return compiled.Validate(value)
}

func (c *Contract) body(response map[string]any, contentType string, body []byte) error {
	kind, _, _ := strings.Cut(contentType, ";")
	media := Member(response, "content", kind)
	if media == nil {
		return fmt.Errorf("the media type %q is not described", kind)
	}
	if kind != "application/json" {
		return nil
	}
	schema := Member(media, "schema")
	if target, ok := schema["$ref"].(string); ok {
		return c.Check(target[strings.LastIndex(target, "/")+1:], body)
	}
	var value any
	return json.Unmarshal(body, &value)
}
