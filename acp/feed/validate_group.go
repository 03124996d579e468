package feed

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

// group is what the variants of one product must agree on.
type group struct {
	names  string // of the options, sorted
	combos map[string]bool
}

func (v *validator) identifiers() {
	id := v.current.text["item_id"]
	if id != "" && v.items[id] {
		v.warn("item_id", "stands in the file twice")
	}
	v.items[id] = true
	if gtin := v.current.text["gtin"]; gtin != "" && !acp.ValidGTIN(gtin) {
		v.warn("gtin", "is not a GTIN with a right check digit")
	}
}

func (v *validator) grouping() {
	id, dict := v.current.text["group_id"], v.current.dict
	if len(dict) > 0 && (id == "" || v.current.text["listing_has_variations"] != "true") {
		v.warn(dictColumn, "is ignored without group_id and listing_has_variations")
	}
	for name, value := range dict {
		if strings.TrimSpace(name) == "" || strings.TrimSpace(value) == "" {
			v.warn(dictColumn, "has an empty name or value")
		}
	}
	if id == "" {
		return
	}
	names, combo := signature(dict)
	g, known := v.groups[id]
	if !known {
		g = &group{names: names, combos: map[string]bool{}}
		v.groups[id] = g
	}
	if g.names != names {
		v.warn(dictColumn, "has other options than the rest of its group")
	}
	if g.combos[combo] {
		v.warn(dictColumn, "is the same as of another variant of its group")
	}
	g.combos[combo] = true
}

// signature is the options' names, and names with values, in a fixed order.
func signature(dict map[string]string) (names, combo string) {
	sorted := make([]string, 0, len(dict))
	for name := range dict {
		sorted = append(sorted, name)
	}
	slices.Sort(sorted)
	var n, c strings.Builder
	for _, name := range sorted {
		n.WriteString(strconv.Quote(name))
		c.WriteString(strconv.Quote(name) + strconv.Quote(dict[name]))
	}
	return n.String(), c.String()
}

// crossCheck finds what only the whole file shows.
func (v *validator) crossCheck() {
	for _, id := range slices.Sorted(maps.Keys(v.groups)) {
		if v.items[id] {
			v.note(Problem{Item: id, Column: "group_id", Message: "is also the item_id of a row"})
		}
	}
}
