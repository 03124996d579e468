package wire_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/acp/wire/wiretest"
	"github.com/acp-bridge/acp-bridge/handlers/openapi/openapitest"
)

// The decoder and the OpenAPI document say the same of every request: bodies
// with every described member, changed in every place, are taken by both or by
// neither, and the decoder knows no member that the document lacks.
func TestRequestsAreDescribedAsTheyAreDecoded(t *testing.T) {
	if testing.Short() {
		t.Skip("changes every place of every request: not in short mode")
	}
	c := document(t)
	names := memberNames(t, c)
	for operation, schema := range map[string]string{
		"create": "CreateRequest", "update": "UpdateRequest", "complete": "CompleteRequest", "cancel": "CancelRequest",
	} {
		t.Run(operation, func(t *testing.T) {
			described := openapitest.Member(c.Root, "components", "schemas", schema)
			tried := map[string]bool{}
			for variant := range 2 {
				full, other := specimen(c, described, variant), specimen(c, described, 1-variant)
				if _, err := decode(v, operation, encoded(t, full)); err != nil {
					t.Fatalf("the full body is refused: %v\n%s", err, encoded(t, full))
				}
				for _, place := range placesIn(full, nil) {
					if tried[place.kind()] {
						continue
					}
					for _, change := range changes(place.value) {
						if len(place.path) > 0 || change != (gone{}) {
							agree(t, c, operation, schema, place, encoded(t, with(full, place.path, change)))
						}
					}
					knowsNoOther(t, operation, full, other, place, names)
				}
				for _, place := range placesIn(full, nil) {
					if _, object := place.value.(map[string]any); !object {
						tried[place.kind()] = true // the second body differs within objects only
					}
				}
			}
		})
	}
}

func agree(t *testing.T, c *openapitest.Contract, operation, schema string, at spot, body []byte) {
	t.Helper()
	_, refused := decode(v, operation, body)
	undescribed := c.Check(schema, body)
	if (refused == nil) == (undescribed == nil) {
		return
	}
	shown := string(body)
	if len(shown) > 3000 {
		shown = shown[:3000] + "…"
	}
	t.Errorf("%v: the decoder says %v, handlers/openapi/document/schemas_request.json says %v: %s", at, refused, undescribed, shown)
}

// knowsNoOther adds every name that any schema has to an object that lacks it.
// The decoder may know it only if the object is open, or if the other of two
// forms has it.
func knowsNoOther(t *testing.T, operation string, full, other any, place spot, names []string) {
	t.Helper()
	o, ok := place.value.(map[string]any)
	if !ok {
		return
	}
	add := func(name string) *acp.Error {
		more := maps.Clone(o)
		more[name] = 1.5
		_, err := decode(v, operation, encoded(t, with(full, place.path, more)))
		refused, _ := errors.AsType[*acp.Error](err)
		return refused
	}
	if add("surprise") == nil {
		return
	}
	otherForm, _ := at(other, place.path).(map[string]any)
	for _, name := range names {
		if o[name] != nil || otherForm[name] != nil {
			continue
		}
		if refused := add(name); refused == nil || refused.Code != wire.CodeUnknownField {
			t.Errorf("%v: the decoder knows %q, handlers/openapi/document/schemas_request.json does not (%v)", place, name, refused)
		}
	}
}

// at walks a document down a path; nil when it does not have it.
func at(document any, path []any) any {
	for _, step := range path {
		switch v := document.(type) {
		case map[string]any:
			document = v[fmt.Sprint(step)]
		case []any:
			i, _ := step.(int)
			document = v[i]
		default:
			return nil
		}
	}
	return document
}

// fieldName finds the names in the decoders' shapes.
var fieldName = regexp.MustCompile(`\b(?:may|must)\("(\w+)"`)

// memberNames are the names of all members that our schemas, the decoders or
// the published schemas give to anything.
func memberNames(t *testing.T, c *openapitest.Contract) []string {
	t.Helper()
	found := map[string]bool{}
	collect(c.Root["components"], found)
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range fieldName.FindAllStringSubmatch(string(text), -1) {
			found[name[1]] = true
		}
	}
	if folder, present := wiretest.Spec(); present {
		files, err := filepath.Glob(filepath.Join(folder, "spec", "*", "json-schema", "schema.*.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var schemas any
			if err := json.Unmarshal(raw, &schemas); err != nil {
				t.Fatal(err)
			}
			collect(schemas, found)
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func collect(value any, found map[string]bool) {
	switch v := value.(type) {
	case map[string]any:
		for name := range openapitest.Member(v, "properties") {
			found[name] = true
		}
		for _, inner := range v {
			collect(inner, found)
		}
	case []any:
		for _, inner := range v {
			collect(inner, found)
		}
	}
}

// specimen is a body with every member that a schema describes; of
// alternatives it takes the one with that number, or the last.
func specimen(c *openapitest.Contract, schema map[string]any, variant int) any {
	schema = c.Resolve(schema)
	if enum, ok := schema["enum"].([]any); ok {
		return enum[0]
	}
	if options, ok := schema["anyOf"].([]any); ok && schema["properties"] == nil {
		return specimen(c, options[min(variant, len(options)-1)].(map[string]any), variant)
	}
	switch kind := schema["type"]; kind {
	case "object":
		body := map[string]any{}
		for name, inner := range openapitest.Member(schema, "properties") {
			body[name] = specimen(c, inner.(map[string]any), variant)
		}
		return body
	case "array":
		return []any{specimen(c, openapitest.Member(schema, "items"), variant)}
	case "string":
		return word(schema)
	case "integer":
		return 1
	case "boolean":
		return true
	default:
		panic(fmt.Sprint("no specimen of ", kind))
	}
}

func word(schema map[string]any) string {
	switch {
	case schema["format"] == "email":
		return "ada@example.com"
	case schema["format"] == "date-time":
		return "2026-11-21T12:00:00Z"
	case schema["format"] == "uri":
		return "https://example.com/x"
	case strings.HasSuffix(fmt.Sprint(schema["pattern"]), "{3}$"):
		return "usd"
	case strings.HasSuffix(fmt.Sprint(schema["pattern"]), "{2}$"):
		return "US"
	default:
		return "word"
	}
}

func encoded(t *testing.T, value any) []byte {
	t.Helper()
	body, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
