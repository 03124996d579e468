package main

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// hugeInterface is implemented by hundreds of types. Only those that the operations name or reach are
// kept; every other interface or union keeps all its possible types, because Shopify may answer with any.
const hugeInterface = "Node"

// pruner collects what must stay: for each output type the fields, for every other type just its name.
type pruner struct {
	full       *ast.Schema
	fields     map[string]map[string]bool
	whole      map[string]bool
	directives map[string]bool
}

// prune returns the smallest schema against which doc, and any variable it may carry, still validates.
func prune(full *ast.Schema, doc *ast.QueryDocument) *ast.Schema {
	p := &pruner{full: full, fields: map[string]map[string]bool{}, whole: map[string]bool{}, directives: map[string]bool{}}
	for _, op := range doc.Operations {
		for _, v := range op.VariableDefinitions {
			p.keepInput(v.Type)
		}
		p.keepSelections(op.SelectionSet)
	}
	for _, fragment := range doc.Fragments {
		p.keepOutput(fragment.TypeCondition)
		p.keepSelections(fragment.SelectionSet)
	}
	for p.keepImplementedFields() || p.keepOneField() {
	}
	return p.schema()
}

func (p *pruner) keepSelections(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			p.keepDirectives(s.Directives)
			p.keepField(s.ObjectDefinition, s.Name)
			p.keepSelections(s.SelectionSet)
		case *ast.InlineFragment:
			p.keepOutput(s.TypeCondition)
			p.keepSelections(s.SelectionSet)
		}
	}
}

func (p *pruner) keepDirectives(used ast.DirectiveList) {
	for _, d := range used {
		p.directives[d.Name] = true
		for _, arg := range p.full.Directives[d.Name].Arguments {
			p.keepInput(arg.Type)
		}
	}
}

// keepField keeps one field with all its arguments and the type it answers with.
func (p *pruner) keepField(parent *ast.Definition, name string) bool {
	field := parent.Fields.ForName(name)
	if field == nil || name == "__typename" {
		return false
	}
	p.keepOutput(parent.Name)
	if p.fields[parent.Name][name] {
		return false
	}
	p.fields[parent.Name][name] = true
	for _, arg := range field.Arguments {
		p.keepInput(arg.Type)
	}
	p.keepOutput(field.Type.Name())
	return true
}

// keepOutput keeps a type that an answer may hold.
func (p *pruner) keepOutput(name string) {
	def := p.full.Types[name]
	if def == nil || def.IsLeafType() {
		p.whole[name] = true
		return
	}
	if p.fields[name] != nil {
		return
	}
	p.fields[name] = map[string]bool{}
	if def.IsAbstractType() && name != hugeInterface {
		for _, possible := range p.full.PossibleTypes[name] {
			p.keepOutput(possible.Name)
		}
	}
}

// keepInput keeps an argument's or variable's type with everything that it may contain.
func (p *pruner) keepInput(t *ast.Type) {
	name := t.Name()
	if p.whole[name] {
		return
	}
	p.whole[name] = true
	def := p.full.Types[name]
	if def == nil || def.Kind != ast.InputObject {
		return
	}
	for _, field := range def.Fields {
		p.keepInput(field.Type)
	}
}

// keepImplementedFields gives every kept object the fields of the kept interfaces that it implements. It
// reports whether it added any, because a field may bring in another type.
func (p *pruner) keepImplementedFields() bool {
	changed := false
	for name := range p.fields {
		def := p.full.Types[name]
		for _, iface := range def.Interfaces {
			for field := range p.fields[iface] {
				changed = p.keepField(def, field) || changed
			}
		}
	}
	return changed
}

// keepOneField gives a type of which nothing is selected but its name one field: a type without is not valid.
func (p *pruner) keepOneField() bool {
	changed := false
	for name, fields := range p.fields {
		if def := p.full.Types[name]; len(fields) == 0 && def.Kind != ast.Union {
			changed = p.keepField(def, firstField(def)) || changed
		}
	}
	return changed
}

// firstField is the field that stands for a type of which nothing is selected but its name.
func firstField(def *ast.Definition) string {
	if def.Fields.ForName("id") != nil {
		return "id"
	}
	return def.Fields[0].Name
}

func (p *pruner) schema() *ast.Schema {
	out := &ast.Schema{Types: map[string]*ast.Definition{}, Directives: map[string]*ast.DirectiveDefinition{}}
	for name := range p.directives {
		out.Directives[name] = p.full.Directives[name]
	}
	for name := range p.whole {
		if def := p.full.Types[name]; def != nil && !def.BuiltIn {
			out.Types[name] = def
		}
	}
	for name := range p.fields {
		out.Types[name] = p.cut(p.full.Types[name])
	}
	out.Query = out.Types[p.full.Query.Name]
	out.Mutation = out.Types[p.full.Mutation.Name]
	return out
}

// cut copies a definition without the fields, interfaces and union members that are not kept.
func (p *pruner) cut(def *ast.Definition) *ast.Definition {
	small := *def
	unkept := func(name string) bool { return p.fields[name] == nil }
	small.Interfaces = slices.DeleteFunc(slices.Clone(def.Interfaces), unkept)
	small.Types = slices.DeleteFunc(slices.Clone(def.Types), unkept)
	small.Fields = slices.DeleteFunc(slices.Clone(def.Fields), func(f *ast.FieldDefinition) bool {
		return !p.fields[def.Name][f.Name]
	})
	return &small
}
