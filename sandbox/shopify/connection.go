package shopify

import (
	"encoding/base64"
	"fmt"
	"slices"
)

const maxPage = 250

// list is the content of a connection. Its records are read only when they are on the page.
type list struct {
	ids []string // stable, they make the cursors
	at  func(i int) object
}

func listOf(objects []object) list {
	ids := make([]string, len(objects))
	for i, o := range objects {
		ids[i], _ = o["id"].(string)
		if ids[i] == "" {
			ids[i] = fmt.Sprint(i)
		}
	}
	return list{ids: ids, at: func(i int) object { return objects[i] }}
}

// page cuts one page out of a connection, with Shopify's rules for its arguments.
func (x *execution) page(raw any, args map[string]any) (object, error) {
	if raw == nil {
		raw = listOf(nil)
	}
	all, ok := raw.(list)
	if !ok {
		return nil, fmt.Errorf("connection holds %T", raw)
	}
	order := make([]int, len(all.ids))
	for i := range order {
		order[i] = i
	}
	if reverse, _ := args["reverse"].(bool); reverse {
		slices.Reverse(order)
	}
	order, before, err := all.after(order, args)
	if err != nil {
		return nil, err
	}
	first, last := args["first"] != nil, args["last"] != nil
	size := whole(args["first"])
	if last {
		size = whole(args["last"])
	}
	switch {
	case first == last:
		return nil, coded("BAD_REQUEST", "you must provide one of first or last")
	case size < 0 || size > maxPage:
		return nil, coded("BAD_REQUEST", fmt.Sprintf("the page size %d is not between 0 and %d", size, maxPage))
	case int64(len(order)) <= size:
		return all.cut(order, before, false), nil
	case last:
		return all.cut(order[int64(len(order))-size:], true, false), nil
	}
	return all.cut(order[:size], before, true), nil
}

// after drops everything up to the cursor; dropped tells whether there was anything.
func (l list) after(order []int, args map[string]any) (left []int, dropped bool, err error) {
	if args["before"] != nil {
		return nil, false, coded("INTERNAL_SERVER_ERROR", "the stand-in does not page backwards")
	}
	cursor, _ := args["after"].(string)
	if cursor == "" {
		return order, false, nil
	}
	id, err := base64.StdEncoding.DecodeString(cursor)
	i := slices.IndexFunc(order, func(i int) bool { return l.ids[i] == string(id) })
	if err != nil || i < 0 {
		return nil, false, coded("BAD_REQUEST", "invalid cursor for current pagination sort")
	}
	return order[i+1:], true, nil
}

func (l list) cut(order []int, before, after bool) object {
	nodes, edges := []object{}, []object{}
	info := object{"hasNextPage": after, "hasPreviousPage": before, "startCursor": nil, "endCursor": nil}
	for n, i := range order {
		cursor := base64.StdEncoding.EncodeToString([]byte(l.ids[i]))
		node := l.at(i)
		nodes = append(nodes, node)
		edges = append(edges, object{"cursor": cursor, "node": node})
		if n == 0 {
			info["startCursor"] = cursor
		}
		info["endCursor"] = cursor
	}
	return object{"nodes": nodes, "edges": edges, "pageInfo": info}
}
