package shopify

import (
	"encoding/json"
	"fmt"
	"time"
)

// Values of arguments arrive as the client wrote them: json.Number from variables, int64
// from literals. These read them after the schema has accepted them.

func whole(v any) int64 {
	switch n := v.(type) {
	case int64:
		return n
	case json.Number:
		i, err := n.Int64()
		if err != nil {
			return 0
		}
		return i
	}
	return 0
}

func text(v any) string {
	switch s := v.(type) {
	case string:
		return s
	case json.Number:
		return s.String()
	case int64, float64:
		return fmt.Sprint(s)
	}
	return ""
}

func flag(v any) bool { b, _ := v.(bool); return b }

func fields(v any) map[string]any { m, _ := v.(map[string]any); return m }

func texts(v any) []string {
	out := []string{}
	switch l := v.(type) {
	case []any:
		for _, item := range l {
			out = append(out, text(item))
		}
	case []string:
		out = append(out, l...)
	case string:
		out = append(out, l)
	}
	return out
}

func objects(v any) []map[string]any {
	var out []map[string]any
	switch l := v.(type) {
	case []any:
		for _, item := range l {
			out = append(out, fields(item))
		}
	case []map[string]any:
		out = l
	case map[string]any:
		out = append(out, l)
	}
	return out
}

func moment(v any) *time.Time {
	t, err := time.Parse(time.RFC3339, text(v))
	if err != nil {
		return nil
	}
	return &t
}
