package shopify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// object is a value of an object type, by field name. Values are scalars, times, lists,
// other objects, list (a connection), lazy (computed from arguments) or ref (another
// record, read only when selected). Objects of abstract types carry __typename.
type object map[string]any

// lazy computes a field when it is selected.
type lazy func(args map[string]any) (any, error)

// ref is another record: its id and how to read it.
type ref struct {
	id   string
	load func() object
}

// execution runs one operation over objects.
type execution struct {
	s    *Server
	vars map[string]any
	errs []*gqlerror.Error
	cost int64
	bulk *bulkLines // set while a bulk operation runs
}

// run executes the root fields one after another. A root field that fails is null beside
// an error, as at Shopify.
func (x *execution) run(op operation) map[string]any {
	data := map[string]any{}
	for _, g := range x.collect(op.root, op.def.SelectionSet) {
		value, err := x.rootField(op, g)
		if err != nil {
			e := asGraphError(err)
			e.Path = ast.Path{ast.PathName(g.key)}
			x.errs = append(x.errs, e)
		}
		data[g.key] = value
	}
	return data
}

func (x *execution) rootField(op operation, g group) (any, error) {
	name := g.fields[0].Name
	if name == "__typename" {
		return op.root.Name, nil
	}
	root, known := x.s.roots[name]
	if !known {
		return nil, coded("INTERNAL_SERVER_ERROR", "the stand-in does not execute "+name)
	}
	if err := x.s.allow(name, root.scope); err != nil {
		return nil, err
	}
	x.s.books.Calls[name]++
	if op.def.Name != "" {
		x.s.books.Calls[op.def.Name+"."+name]++ // one root, such as nodes, may serve several purposes
	}
	if op.def.Operation == ast.Mutation {
		x.cost += mutationCost
	}
	value, err := root.run(x.s, rootCall{args: g.fields[0].ArgumentMap(op.vars), field: g.fields[0], vars: op.vars})
	if err != nil {
		return nil, err
	}
	return x.complete(g, value)
}

// group is every selection of one response key.
type group struct {
	key    string
	fields []*ast.Field
}

func (g group) selections() ast.SelectionSet {
	var set ast.SelectionSet
	for _, f := range g.fields {
		set = append(set, f.SelectionSet...)
	}
	return set
}

// collect gathers the fields of a concrete type by response key, in order.
func (x *execution) collect(def *ast.Definition, set ast.SelectionSet) []group {
	var groups []group
	for _, selection := range set {
		switch sel := selection.(type) {
		case *ast.Field:
			if x.skipped(sel.Directives) {
				continue
			}
			groups = merge(groups, group{key: sel.Alias, fields: []*ast.Field{sel}})
		case *ast.InlineFragment:
			if !x.skipped(sel.Directives) && x.matches(def, sel.TypeCondition) {
				groups = merge(groups, x.collect(def, sel.SelectionSet)...)
			}
		case *ast.FragmentSpread:
			if !x.skipped(sel.Directives) && x.matches(def, sel.Definition.TypeCondition) {
				groups = merge(groups, x.collect(def, sel.Definition.SelectionSet)...)
			}
		}
	}
	return groups
}

func merge(groups []group, more ...group) []group {
	for _, g := range more {
		i := slices.IndexFunc(groups, func(h group) bool { return h.key == g.key })
		if i < 0 {
			groups = append(groups, g)
			continue
		}
		groups[i].fields = append(groups[i].fields, g.fields...)
	}
	return groups
}

func (x *execution) skipped(directives ast.DirectiveList) bool {
	for _, d := range directives {
		condition, _ := d.ArgumentMap(x.vars)["if"].(bool)
		if (d.Name == "skip" && condition) || (d.Name == "include" && !condition) {
			return true
		}
	}
	return false
}

func (x *execution) matches(def *ast.Definition, condition string) bool {
	if condition == "" || condition == def.Name {
		return true
	}
	on := x.s.schema.Types[condition]
	return on != nil && slices.Contains(x.s.schema.GetPossibleTypes(on), def)
}

// object executes a selection over one object of type def.
func (x *execution) object(def *ast.Definition, set ast.SelectionSet, src object) (map[string]any, error) {
	if def.IsAbstractType() {
		name, _ := src["__typename"].(string)
		if def = x.s.schema.Types[name]; def == nil {
			return nil, fmt.Errorf("record of unknown type %q", name)
		}
	}
	x.cost++
	out := map[string]any{}
	for _, g := range x.collect(def, set) {
		field := g.fields[0]
		if field.Name == "__typename" {
			out[g.key] = def.Name
			continue
		}
		if x.bulk != nil && isConnection(field) {
			if err := x.bulkChildren(g, src); err != nil {
				return nil, err
			}
			continue
		}
		raw, known := src[field.Name]
		if !known {
			x.s.cfg.Log.Debug("the stand-in does not know a field", "type", def.Name, "field", field.Name)
		}
		value, err := x.complete(g, raw)
		if err != nil {
			return nil, err
		}
		out[g.key] = value
	}
	return out, nil
}

func isConnection(f *ast.Field) bool {
	return strings.HasSuffix(f.Definition.Type.Name(), "Connection")
}

// complete turns a raw value into what the selection of its field asks for.
func (x *execution) complete(g group, raw any) (any, error) {
	field := g.fields[0]
	args := field.ArgumentMap(x.vars)
	if compute, ok := raw.(lazy); ok {
		var err error
		if raw, err = compute(args); err != nil {
			return nil, err
		}
	}
	if isConnection(field) {
		page, err := x.page(raw, args)
		if err != nil {
			return nil, err
		}
		raw = page
	}
	value, err := x.value(field.Definition.Type, g, raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", field.Name, err)
	}
	if list, ok := value.([]any); ok && field.Definition.Arguments.ForName("first") != nil && args["first"] != nil {
		value = list[:min(whole(args["first"]), int64(len(list)))]
	}
	return value, nil
}

func (x *execution) value(t *ast.Type, g group, raw any) (any, error) {
	if r, ok := raw.(ref); ok {
		raw = nil
		if r.load != nil {
			raw = r.load()
		}
	}
	if o, ok := raw.(object); raw == nil || ok && o == nil {
		switch {
		case !t.NonNull:
			return nil, nil //nolint:nilnil // null is the value
		case t.Elem != nil:
			return []any{}, nil // the shop has none of these
		}
		return nil, coded("INTERNAL_SERVER_ERROR", fmt.Sprintf("the stand-in has no value for %s of type %s", g.key, t))
	}
	if t.Elem != nil {
		return x.list(t.Elem, g, raw)
	}
	def := x.s.schema.Types[t.NamedType]
	if o, ok := raw.(object); ok {
		return x.object(def, g.selections(), o)
	}
	return scalar(raw), nil
}

func (x *execution) list(elem *ast.Type, g group, raw any) (any, error) {
	out := []any{}
	for _, item := range items(raw) {
		value, err := x.value(elem, g, item)
		if err != nil {
			return nil, err
		}
		out = append(out, value)
	}
	return out, nil
}

func items(raw any) []any {
	var out []any
	switch list := raw.(type) {
	case []any:
		out = list
	case []object:
		for _, o := range list {
			out = append(out, o)
		}
	case []string:
		for _, v := range list {
			out = append(out, v)
		}
	}
	return out
}

func scalar(raw any) any {
	switch v := raw.(type) {
	case time.Time:
		if v.IsZero() {
			return nil
		}
		return v.UTC().Format(time.RFC3339)
	case *time.Time:
		if v == nil {
			return nil
		}
		return v.UTC().Format(time.RFC3339)
	}
	return raw
}
