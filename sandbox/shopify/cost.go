package shopify

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

const mutationCost = 10

// costOf is the requested cost of an operation: scalars and enums cost nothing, an object
// one point, a connection two and then its page size times what one node costs, a mutation
// ten on top. Shopify's real formula for connections is not published; multiplying page
// sizes is the harsher reading.
func (s *Server) costOf(op operation) int64 {
	total := int64(0)
	for _, f := range fieldsOf(op.def.SelectionSet) {
		total += s.fieldCost(f, op.vars)
		if op.def.Operation == ast.Mutation {
			total += mutationCost
		}
	}
	return max(total, 1)
}

func (s *Server) fieldCost(f *ast.Field, vars map[string]any) int64 {
	if f.Definition == nil || len(f.SelectionSet) == 0 {
		return 0
	}
	args := f.ArgumentMap(vars)
	page := max(whole(args["first"]), whole(args["last"]), int64(len(texts(args["ids"]))), 1)
	if strings.HasSuffix(f.Definition.Type.Name(), "Connection") {
		return 2 + page*s.nodeCost(f.SelectionSet, vars)
	}
	inner := int64(1)
	for _, child := range fieldsOf(f.SelectionSet) {
		inner += s.fieldCost(child, vars)
	}
	if f.Definition.Type.Elem != nil {
		return page * inner
	}
	return inner
}

// nodeCost looks through edges and nodes of a connection: the wrappers cost nothing.
func (s *Server) nodeCost(set ast.SelectionSet, vars map[string]any) int64 {
	var total int64
	for _, f := range fieldsOf(set) {
		switch f.Name {
		case "edges":
			total += s.nodeCost(f.SelectionSet, vars)
		case "node", "nodes":
			total++
			for _, child := range fieldsOf(f.SelectionSet) {
				total += s.fieldCost(child, vars)
			}
		}
	}
	return total
}

// fieldsOf is every field of a selection, fragments opened.
func fieldsOf(set ast.SelectionSet) []*ast.Field {
	var fields []*ast.Field
	for _, selection := range set {
		switch sel := selection.(type) {
		case *ast.Field:
			fields = append(fields, sel)
		case *ast.InlineFragment:
			fields = append(fields, fieldsOf(sel.SelectionSet)...)
		case *ast.FragmentSpread:
			fields = append(fields, fieldsOf(sel.Definition.SelectionSet)...)
		}
	}
	return fields
}
