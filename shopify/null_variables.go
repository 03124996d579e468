package shopify

import (
	"bytes"
	"encoding/json"
)

// withoutNulls drops every null from an operation's variables. genqlient sends one for each optional field
// that is not set, and Shopify reads an explicit null as "clear this".
func withoutNulls(variables any) (any, error) {
	raw, err := json.Marshal(variables)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber() // an id or an amount must not pass through a float
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return nil, err
	}
	return strip(tree), nil
}

func strip(node any) any {
	switch n := node.(type) {
	case map[string]any:
		for key, value := range n {
			if value == nil {
				delete(n, key)
			} else {
				n[key] = strip(value)
			}
		}
	case []any:
		for i, value := range n {
			n[i] = strip(value)
		}
	}
	return node
}
