package shopify

import (
	"bytes"
	"encoding/json"
)

// withoutNulls encodes an operation's variables and drops every null of an object. genqlient sends one for
// each optional field that is not set, and Shopify reads an explicit null as "clear this".
func withoutNulls(variables any) (json.RawMessage, error) {
	raw, err := json.Marshal(variables)
	if err != nil {
		return nil, err
	}
	n := nullDropper{in: raw, out: make([]byte, 0, len(raw))}
	n.value()
	return n.out, nil
}

// nullDropper copies what encoding/json wrote, which is valid and has no white space. Numbers are copied as
// they are: an id or an amount does not pass through a float.
type nullDropper struct {
	in  []byte // what is still to be read
	out []byte
}

func (n *nullDropper) value() {
	switch n.in[0] {
	case '{':
		n.object()
	case '[':
		n.array()
	case '"':
		n.text()
	default:
		if end := bytes.IndexAny(n.in, ",]}"); end >= 0 {
			n.copy(end)
		} else {
			n.copy(len(n.in))
		}
	}
}

func (n *nullDropper) object() {
	n.copy(1)
	for first := true; n.in[0] != '}'; {
		before := len(n.out)
		if n.in[0] == ',' {
			n.in = n.in[1:]
		}
		if !first {
			n.out = append(n.out, ',')
		}
		n.text()
		n.copy(1) // the colon
		if rest, null := bytes.CutPrefix(n.in, []byte("null")); null {
			n.in, n.out = rest, n.out[:before]
			continue
		}
		n.value()
		first = false
	}
	n.copy(1)
}

func (n *nullDropper) array() {
	n.copy(1)
	for n.in[0] != ']' {
		if n.in[0] == ',' {
			n.copy(1)
		}
		n.value()
	}
	n.copy(1)
}

func (n *nullDropper) text() {
	end := 1
	for n.in[end] != '"' {
		if n.in[end] == '\\' {
			end++
		}
		end++
	}
	n.copy(end + 1)
}

func (n *nullDropper) copy(count int) {
	n.out, n.in = append(n.out, n.in[:count]...), n.in[count:]
}
