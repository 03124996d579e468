package shopify

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestUnsetVariablesAreNotSent(t *testing.T) {
	for given, want := range map[string]string{
		`{"a":null}`:                         `{}`,
		`{"a":null,"b":1}`:                   `{"b":1}`,
		`{"a":1,"b":null}`:                   `{"a":1}`,
		`{"a":1,"b":null,"c":{"d":null}}`:    `{"a":1,"c":{}}`,
		`{"a":[null,{"b":null,"c":"}"}]}`:    `{"a":[null,{"c":"}"}]}`,
		`{"null":"null","a":"\\\",null"}`:    `{"null":"null","a":"\\\",null"}`,
		`{"id":12345678901234567890,"b":[]}`: `{"id":12345678901234567890,"b":[]}`,
		`null`:                               `null`,
	} {
		got, err := withoutNulls(json.RawMessage(given))
		if err != nil || string(got) != want {
			t.Errorf("%s: %s instead of %s (%v)", given, got, want, err)
		}
	}
}

// Whatever can be sent comes out as the slow way of dropping nulls, by way of a
// tree, would have it.
func FuzzWithoutNulls(f *testing.F) {
	f.Add([]byte(`{"input":{"a":null,"lineItems":[{"variantId":"gid://x","quantity":2,"b":null}],"c":{"d":null}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		var tree any
		if d.Decode(&tree) != nil {
			return
		}
		got, err := withoutNulls(tree)
		if err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(pruned(tree))
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%s instead of %s (%v)", got, want, err)
		}
	})
}

func pruned(node any) any {
	switch n := node.(type) {
	case map[string]any:
		for key, value := range n {
			if value == nil {
				delete(n, key)
			} else {
				n[key] = pruned(value)
			}
		}
	case []any:
		for i, value := range n {
			n[i] = pruned(value)
		}
	}
	return node
}
