package wire_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/acp/wire/wiretest"
	"github.com/acp-bridge/acp-bridge/handlers/openapi"
	"github.com/acp-bridge/acp-bridge/handlers/openapi/openapitest"
)

// described is the OpenAPI document that this app serves of the newest
// version.
var described = sync.OnceValues(func() (*openapitest.Contract, error) {
	body, err := openapi.Document(openapi.Config{PublicURL: "https://app.example.com", Versions: wire.SupportedNewestFirst()})
	if err != nil {
		return nil, err
	}
	return openapitest.Read(body)
})

func document(t testing.TB) *openapitest.Contract {
	t.Helper()
	c, err := described()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Each golden file of the newest version fits the schema that our own OpenAPI
// document has for it.
func TestGoldenFilesFitTheDescribedSchemas(t *testing.T) {
	requests := map[string]string{"create": "CreateRequest", "update": "UpdateRequest", "complete": "CompleteRequest", "cancel": "CancelRequest"}
	files, err := filepath.Glob(filepath.Join("testdata", string(wire.Newest()), "*.json"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		subject, _, _ := strings.Cut(filepath.Base(file), ".")
		parts := strings.Split(filepath.Base(file), ".")
		schema := map[string]string{"response": "CheckoutSession", "error": "Error", "event": "OrderEvent", "request": requests[subject]}[parts[len(parts)-2]]
		switch {
		case subject == "discovery":
			schema = "Discovery"
		case strings.HasPrefix(subject, "cart") && schema != "" && schema != "Error":
			schema = "Cart" + strings.TrimPrefix(schema, "CheckoutSession")
		}
		if schema == "" {
			continue // what the domain makes of a request
		}
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := document(t).Check(schema, body); err != nil {
			t.Errorf("%s is no %s of handlers/openapi/document: %v", file, schema, err)
		}
	}
}

func TestAnySessionFitsTheDescribedSchema(t *testing.T) {
	c := document(t)
	rapid.Check(t, func(r *rapid.T) {
		body, err := wire.EncodeSession(v, wire.View{
			Session: anySession(r), Merchant: demoMerchant(), Handlers: []acp.PaymentHandler{cardHandler()},
			ContinueURL: rapid.SampledFrom([]string{"", "https://app.example.com/c/t"}).Draw(r, "continue"),
		})
		if err != nil {
			r.Fatal(err)
		}
		if err := c.Check("CheckoutSession", body); err != nil {
			r.Fatalf("not as described: %v\n%s", err, body)
		}
	})
}

// Our schema describes what this app sends, so it may be narrower than the
// published one and never wider: a session that is changed in one place and
// still fits ours fits the published one, too.
func TestTheDescribedSessionIsNoWiderThanThePublishedOne(t *testing.T) {
	if testing.Short() {
		t.Skip("changes every place of a session: not in short mode")
	}
	if _, present := wiretest.Spec(); !present {
		t.Skip("no official schemas")
	}
	c := document(t)
	names := []string{"create.full", "complete.full", "get.expired"}
	if testing.Short() {
		names = names[:1]
	}
	for _, name := range names {
		session := readJSON(t, filepath.Join("testdata", string(v), name+".response.json"))
		seen := map[string]bool{}
		for _, at := range placesIn(session, nil) {
			if kind := at.kind(); len(at.path) == 0 || seen[kind] {
				continue // like a place that has been tried: another line, another total
			} else {
				seen[kind] = true
			}
			for _, change := range changes(at.value) {
				body := encoded(t, with(session, at.path, change))
				if c.Check("CheckoutSession", body) != nil {
					continue
				}
				if err := wiretest.Check(string(v), "CheckoutSession", body); err != nil {
					t.Errorf("%s: %v of %v fits our schema only: %v", name, change, at, err)
				}
			}
		}
	}
}

func readJSON(t *testing.T, file string) any {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var root any
	if err := d.Decode(&root); err != nil {
		t.Fatal(err)
	}
	return root
}

// spot is a value within a JSON document, and the way to it: names and indexes.
type spot struct {
	path  []any
	value any
}

func (s spot) String() string { return fmt.Sprint("$", s.path) }

// kind is the way to the place without the indexes.
func (s spot) kind() string {
	var names []string
	for _, step := range s.path {
		if name, ok := step.(string); ok {
			names = append(names, name)
		} else {
			names = append(names, "*")
		}
	}
	return strings.Join(names, ".")
}

func placesIn(value any, path []any) []spot {
	all := []spot{{append([]any(nil), path...), value}}
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) { // a failing seed must replay
			all = append(all, placesIn(v[name], append(path, name))...)
		}
	case []any:
		for i, inner := range v {
			all = append(all, placesIn(inner, append(path, i))...)
		}
	}
	return all
}

// gone stands for a member that is left out.
type gone struct{}

// changes are other values for a place.
func changes(value any) []any {
	all := []any{gone{}, nil, "", "x", 0, -1, 1.5, true, []any{}, map[string]any{}, []any{"x"}}
	switch v := value.(type) {
	case string:
		for _, limit := range []int{254, 255, 256, 500, 2048, 5000, 8192} {
			all = append(all, strings.Repeat("x", limit), strings.Repeat("x", limit+1))
		}
		all = append(all, " ", v+"x", strings.ToUpper(v))
	case []any:
		many := make([]any, 26)
		for i := range many {
			if many[i] = "x"; len(v) > 0 {
				many[i] = v[0]
			}
		}
		all = append(all, many, append(append([]any(nil), v...), v...))
	case map[string]any:
		more := map[string]any{"surprise": "x"}
		for name, inner := range v {
			more[name] = inner
		}
		all = append(all, more)
	}
	return all
}

// with is a copy of a document with another value in one place.
func with(value any, path []any, change any) any {
	if len(path) == 0 {
		return change
	}
	switch v := value.(type) {
	case map[string]any:
		other := make(map[string]any, len(v))
		for name, inner := range v {
			if name == path[0] {
				inner = with(inner, path[1:], change)
			}
			if inner != (gone{}) {
				other[name] = inner
			}
		}
		return other
	case []any:
		var other []any
		for i, inner := range v {
			if i == path[0] {
				inner = with(inner, path[1:], change)
			}
			if inner != (gone{}) {
				other = append(other, inner)
			}
		}
		return append([]any{}, other...)
	default:
		return value
	}
}
