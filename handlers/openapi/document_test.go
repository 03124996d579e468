package openapi_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/handlers/openapi"
	"github.com/acp-bridge/acp-bridge/handlers/openapi/openapitest"
)

var config = openapi.Config{PublicURL: "https://app.example.com", Versions: []string{"2026-04-17", "2026-01-30"}}

var methods = []string{"get", "head", "post", "put", "delete", "patch", "options", "trace"}

func TestTheDocumentIsOpenAPI31(t *testing.T) {
	c := openapitest.Open(t, config)
	if c.Root["openapi"] != "3.1.0" {
		t.Errorf("openapi %v", c.Root["openapi"])
	}
	info := openapitest.Member(c.Root, "info")
	if info["title"] == "" || info["version"] != "2026-04-17" {
		t.Errorf("info %v", info)
	}
	for _, member := range mapKeys(c.Root) {
		if !slices.Contains([]string{"openapi", "info", "servers", "security", "tags", "externalDocs", "paths", "webhooks", "components"}, member) {
			t.Errorf("OpenAPI knows no member %s", member)
		}
	}
	seen := map[string]bool{}
	for _, area := range []string{"paths", "webhooks"} {
		for address, raw := range openapitest.Member(c.Root, area) {
			for method, operation := range raw.(map[string]any) {
				if !slices.Contains(methods, method) {
					t.Errorf("%s: no method %s", address, method)
				}
				checkOperation(t, c, area, address, operation.(map[string]any), seen)
			}
		}
	}
}

func checkOperation(t *testing.T, c *openapitest.Contract, area, address string, operation map[string]any, seen map[string]bool) {
	t.Helper()
	id, _ := operation["operationId"].(string)
	if id == "" || seen[id] {
		t.Errorf("%s: operationId %q is missing or not unique", address, id)
	}
	seen[id] = true
	if summary, _ := operation["summary"].(string); summary == "" {
		t.Errorf("%s has no summary", id)
	}
	known := fmt.Sprint(c.Root["tags"])
	for _, tag := range operation["tags"].([]any) {
		if !strings.Contains(known, "name:"+fmt.Sprint(tag)) {
			t.Errorf("%s: tag %v is not declared", id, tag)
		}
	}
	inPath := map[string]bool{}
	parameters, _ := operation["parameters"].([]any)
	for _, raw := range parameters {
		p := c.Resolve(raw.(map[string]any))
		if p["name"] == nil || p["in"] == nil || p["schema"] == nil || p["description"] == nil {
			t.Errorf("%s: parameter %v", id, raw)
		}
		if p["in"] == "path" {
			inPath[fmt.Sprint(p["name"])] = true
			if p["required"] != true {
				t.Errorf("%s: a path parameter must be required", id)
			}
		}
	}
	if area == "paths" {
		for _, name := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(address, -1) {
			if !inPath[name[1]] {
				t.Errorf("%s lacks the path parameter %s", id, name[1])
			}
		}
	}
	for status, raw := range openapitest.Member(operation, "responses") {
		if r := c.Resolve(raw.(map[string]any)); r["description"] == nil {
			t.Errorf("%s: %s has no description", id, status)
		}
	}
}

func TestEveryReferenceLeadsSomewhereAndEveryComponentIsUsed(t *testing.T) {
	c := openapitest.Open(t, config)
	used := map[string]bool{}
	var walk func(value any)
	walk = func(value any) {
		switch v := value.(type) {
		case map[string]any:
			if target, ok := v["$ref"].(string); ok {
				used[target] = true
				if len(c.Resolve(v)) == 0 {
					t.Errorf("%s leads nowhere", target)
				}
			}
			for _, inner := range v {
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	walk(c.Root)
	for _, kind := range []string{"schemas", "responses", "parameters", "headers"} {
		for name := range openapitest.Member(c.Root, "components", kind) {
			if !used["#/components/"+kind+"/"+name] {
				t.Errorf("nothing refers to %s/%s", kind, name)
			}
		}
	}
}

func TestTheExamplesFitTheirSchemas(t *testing.T) {
	c := openapitest.Open(t, config)
	for schema, operation := range map[string]string{
		"CreateRequest": "create", "UpdateRequest": "update", "CompleteRequest": "complete", "CancelRequest": "cancel",
		"CartRequest": "cart", "CartReplacement": "replace_cart",
	} {
		text, err := openapi.Example(operation)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Check(schema, []byte(text)); err != nil {
			t.Errorf("%s: %v", operation, err)
		}
		shown, err := json.Marshal(openapitest.Member(c.Root, "components", "schemas", schema)["examples"])
		if err != nil || !strings.HasPrefix(string(shown), "[{") {
			t.Errorf("%s shows %s", schema, shown)
		}
	}
}

func TestADocumentNeedsToKnowItsServer(t *testing.T) {
	for _, c := range []openapi.Config{{PublicURL: "https://app.example.com"}, {Versions: []string{"2026-04-17"}}} {
		if _, err := openapi.Document(c); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
}

func mapKeys(o map[string]any) []string {
	var keys []string
	for key := range o {
		keys = append(keys, key)
	}
	return keys
}
