// Package wiretest holds bodies against the official JSON Schemas of the
// protocol in tests. The schemas are not part of this repository: without them
// the check is skipped, and the log says so.
package wiretest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// SpecVariable names the environment variable that tells where the published
// material lies: a folder with spec/<version>/json-schema and
// examples/<version>. Without it ../shared/acp beside the repository is tried.
const SpecVariable = "ACP_SPEC"

// base is the URL under which all files of a version are registered, so that
// references between them resolve.
const base = "https://example.com/schemas/agentic-checkout/"

// Spec is the folder of the published material, false when it is not there.
func Spec() (string, bool) {
	folder := os.Getenv(SpecVariable)
	if folder == "" {
		_, here, _, _ := runtime.Caller(0)
		folder = filepath.Join(filepath.Dir(here), "..", "..", "..", "..", "shared", "acp")
	}
	info, err := os.Stat(folder)
	return folder, err == nil && info.IsDir()
}

// T is the part of a test that Validate needs; property tests have it, too.
type T interface {
	Helper()
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
}

// Validate fails the test when the body does not match a definition of the
// version's agentic checkout schema ("CheckoutSession", "Order", "Error" …), or
// of another of its schemas, which then is named first ("cart/Cart").
func Validate(t T, version, definition string, body []byte) {
	t.Helper()
	if _, present := Spec(); !present {
		t.Logf("no official schemas (%s): %s is not validated", SpecVariable, definition)
		return
	}
	if err := Check(version, definition, body); err != nil {
		t.Errorf("not a valid %s of %s: %v\n%s", definition, version, err, body)
	}
}

// Check returns what is wrong with the body, or why it could not be checked.
func Check(version, definition string, body []byte) error {
	schema, err := compiled(version, definition)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

var cache sync.Map // of *jsonschema.Schema by version and definition

func compiled(version, definition string) (*jsonschema.Schema, error) {
	key := version + "#" + definition
	if known, ok := cache.Load(key); ok {
		if schema, ok := known.(*jsonschema.Schema); ok {
			return schema, nil
		}
	}
	schema, err := compile(version, definition)
	if err != nil {
		return nil, err
	}
	cache.Store(key, schema)
	return schema, nil
}

func compile(version, definition string) (*jsonschema.Schema, error) {
	folder, present := Spec()
	if !present {
		return nil, errors.New("no official schemas")
	}
	files, err := filepath.Glob(filepath.Join(folder, "spec", version, "json-schema", "schema.*.json"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fs.ErrNotExist
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	for _, file := range files {
		if err := register(c, file); err != nil {
			return nil, err
		}
	}
	bundle, name, found := strings.Cut(definition, "/")
	if !found {
		bundle, name = "agentic_checkout", definition
	}
	return c.Compile(base + "schema." + bundle + ".json#/$defs/" + name)
}

// register adds a file under the common base URL instead of the $id that it
// gives itself, because the files name one another by their file names.
func register(c *jsonschema.Compiler, file string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	if bundle, ok := value.(map[string]any); ok {
		delete(bundle, "$id")
	}
	mend(value)
	return c.AddResource(base+filepath.Base(file), value)
}

// mend turns "minimum: 0, exclusiveMinimum: true", which 2025-09-29 writes and
// drafts after 4 do not know, into "exclusiveMinimum: 0".
func mend(value any) {
	switch v := value.(type) {
	case map[string]any:
		if v["exclusiveMinimum"] == true {
			v["exclusiveMinimum"] = v["minimum"]
			delete(v, "minimum")
		}
		for _, member := range v {
			mend(member)
		}
	case []any:
		for _, item := range v {
			mend(item)
		}
	}
}

// Examples are the official example bodies in one file of a version, by their
// names; nil when the material is not there.
func Examples(t testing.TB, version, file string) map[string]json.RawMessage {
	t.Helper()
	folder, present := Spec()
	if !present {
		t.Logf("no official examples (%s)", SpecVariable)
		return nil
	}
	raw, err := os.ReadFile(filepath.Join(folder, "examples", version, file))
	if err != nil {
		t.Fatal(err)
	}
	var examples map[string]json.RawMessage
	if err := json.Unmarshal(raw, &examples); err != nil {
		t.Fatal(err)
	}
	return examples
}

// RequestDefinition is the schema's name of the body of an operation (create,
// update, complete, cancel, cart_create, cart_replace), "" where the version
// has none.
func RequestDefinition(version, operation string) string {
	switch operation {
	case "create":
		return "CheckoutSessionCreateRequest"
	case "update":
		return "CheckoutSessionUpdateRequest"
	case "complete":
		return "CheckoutSessionCompleteRequest"
	case "cart_create":
		return "cart/CartCreateRequest"
	case "cart_replace":
		return "cart/CartUpdateRequest"
	case "cancel":
		if version != "2025-09-29" {
			return "CancelSessionRequest"
		}
	}
	return ""
}

// Request is an official example of a body.
type Request struct {
	Name, Operation string
	Body            []byte
}

// Requests are the official requests of a version that its own schema accepts,
// which is two thirds of them; none when the material is not there.
func Requests(t testing.TB, version string) []Request {
	t.Helper()
	folder, _ := Spec()
	files, err := filepath.Glob(filepath.Join(folder, "examples", version, "examples.*.json"))
	if err != nil {
		t.Fatal(err)
	}
	var requests []Request
	for _, file := range files {
		examples := Examples(t, version, filepath.Base(file))
		for _, name := range slices.Sorted(maps.Keys(examples)) {
			operation, _, _ := strings.Cut(name, "_")
			definition := RequestDefinition(version, operation)
			if definition != "" && strings.Contains(name, "request") && Check(version, definition, examples[name]) == nil {
				requests = append(requests, Request{Name: name, Operation: operation, Body: examples[name]})
			}
		}
	}
	return requests
}
