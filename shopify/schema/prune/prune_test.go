package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/acp-bridge/acp-bridge/shopify/schema"
)

func TestOperationsValidateAgainstThePrunedSchema(t *testing.T) {
	if _, err := loadOperations(load(t, schema.SDL)); err != nil {
		t.Fatal(err)
	}
}

func TestOperationsUseNothingDeprecated(t *testing.T) {
	doc, err := loadOperations(load(t, schema.SDL))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, selection := range set {
			switch s := selection.(type) {
			case *ast.Field:
				if s.Definition.Directives.ForName("deprecated") != nil {
					t.Errorf("%s:%d selects deprecated %s.%s", s.Position.Src.Name, s.Position.Line, s.ObjectDefinition.Name, s.Name)
				}
				for _, arg := range s.Arguments {
					if s.Definition.Arguments.ForName(arg.Name).Directives.ForName("deprecated") != nil {
						t.Errorf("%s:%d passes deprecated argument %s", s.Position.Src.Name, s.Position.Line, arg.Name)
					}
				}
				walk(s.SelectionSet)
			case *ast.InlineFragment:
				walk(s.SelectionSet)
			}
		}
	}
	for _, op := range doc.Operations {
		walk(op.SelectionSet)
	}
	for _, fragment := range doc.Fragments {
		walk(fragment.SelectionSet)
	}
}

func TestCopyIsWhatTheFullSchemaPrunesTo(t *testing.T) {
	again, err := pruneSource(fullSource(t))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again, []byte(schema.SDL)) {
		t.Fatalf("shopify/schema is stale, run go generate ./shopify/...\n%s", cmp.Diff(schema.SDL, string(again)))
	}
}

func TestEveryKeptDefinitionIsShopifysOwn(t *testing.T) {
	full, kept := load(t, fullSource(t)), load(t, schema.SDL)
	for name, def := range kept.Types {
		if def.BuiltIn {
			continue
		}
		if original := full.Types[name]; original == nil {
			t.Errorf("%s is not in Shopify's schema", name)
		} else {
			compare(t, original, def)
		}
	}
	for name, directive := range kept.Directives {
		if original := full.Directives[name]; original == nil || arguments(original.Arguments) != arguments(directive.Arguments) {
			t.Errorf("directive @%s differs from Shopify's", name)
		}
	}
}

// compare holds a kept definition against the original: output types may lack fields, inputs and enums may not.
func compare(t *testing.T, original, kept *ast.Definition) {
	t.Helper()
	if original.Kind != kept.Kind || directives(original.Directives) != directives(kept.Directives) {
		t.Errorf("%s is another kind of type than Shopify's", kept.Name)
	}
	for _, name := range slices.Concat(kept.Interfaces, kept.Types) {
		if !slices.Contains(slices.Concat(original.Interfaces, original.Types), name) {
			t.Errorf("%s does not belong with %s in Shopify's schema", kept.Name, name)
		}
	}
	for _, field := range kept.Fields {
		theirs := original.Fields.ForName(field.Name)
		if theirs == nil || signature(theirs) != signature(field) {
			t.Errorf("%s.%s differs from Shopify's", kept.Name, field.Name)
		}
	}
	if kept.Kind == ast.InputObject && len(kept.Fields) != len(original.Fields) {
		t.Errorf("input %s has %d of %d fields", kept.Name, len(kept.Fields), len(original.Fields))
	}
	var ours, theirs []string
	for _, v := range kept.EnumValues {
		ours = append(ours, v.Name+directives(v.Directives))
	}
	for _, v := range original.EnumValues {
		theirs = append(theirs, v.Name+directives(v.Directives))
	}
	if diff := cmp.Diff(theirs, ours); diff != "" {
		t.Errorf("enum %s differs from Shopify's:\n%s", kept.Name, diff)
	}
}

func signature(f *ast.FieldDefinition) string {
	return fmt.Sprintf("%s(%s): %s = %s %s", f.Name, arguments(f.Arguments), f.Type, value(f.DefaultValue), directives(f.Directives))
}

func arguments(list ast.ArgumentDefinitionList) string {
	var b strings.Builder
	for _, a := range list {
		fmt.Fprintf(&b, "%s: %s = %s %s, ", a.Name, a.Type, value(a.DefaultValue), directives(a.Directives))
	}
	return b.String()
}

func directives(list ast.DirectiveList) string {
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "@%s(", d.Name)
		for _, a := range d.Arguments {
			fmt.Fprintf(&b, "%s: %s, ", a.Name, a.Value)
		}
		b.WriteString(")")
	}
	return b.String()
}

func value(v *ast.Value) string {
	if v == nil {
		return "unset"
	}
	return v.String()
}

func load(t *testing.T, sdl string) *ast.Schema {
	t.Helper()
	loaded, err := gqlparser.LoadSchema(&ast.Source{Name: "schema", Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func fullSource(t *testing.T) string {
	t.Helper()
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(fullSchemaPath(root))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no full schema at %s; set SHOPIFY_SDL to compare with Shopify's own", fullSchemaPath(root))
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
