package wire

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
)

// What is parsed means what encoding/json reads in the same bytes.
func FuzzParse(f *testing.F) {
	for _, body := range []string{
		`{"a":[1,-2.5e+3,true,false,null,"x"],"b":{},"c":[]}`,
		" \t\r\n{ \"a\" : [ 1 , { \"b\" : \"c\" } ] } ",
		`"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud800 ,:]}"`,
		`{"a\"]":"{","":"\\"}`,
		`0`, `[[],[[]]]`, `{"a":1,"a":2}`, `[1]]`, `{"a":tru}`, "\"\xff\"",
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		root, failure := parse(body)
		if failure != nil {
			return
		}
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.UseNumber()
		var want any
		if err := decoder.Decode(&want); err != nil {
			t.Fatalf("it is not valid: %v", err)
		}
		if got := meaning(t, root); !reflect.DeepEqual(want, got) {
			t.Fatalf("parsed %#v, not %#v", got, want)
		}
	})
}

func meaning(t *testing.T, n *node) any {
	switch n.kind {
	case textKind:
		return n.text
	case numberKind:
		return json.Number(n.text)
	case boolKind:
		return n.text == "true"
	case listKind:
		list := []any{}
		for _, item := range n.items {
			list = append(list, meaning(t, item))
		}
		return list
	case objectKind:
		if !json.Valid(n.raw) || n.raw[0] != '{' {
			t.Fatalf("an object stands there as %q", n.raw)
		}
		object := map[string]any{}
		for _, m := range n.members {
			object[m.name] = meaning(t, m.value)
		}
		return object
	default:
		return nil
	}
}
