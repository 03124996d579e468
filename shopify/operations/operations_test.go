package operations_test

import (
	"io/fs"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/acp-bridge/acp-bridge/shopify/operations"
	"github.com/acp-bridge/acp-bridge/shopify/schema"
)

// The bulk body and the refetch fill the same rows of the mirror: a field that only one of them reads would
// flicker between a value and nothing.
func TestBulkBodyAndRefetchReadTheSameFields(t *testing.T) {
	text, err := fs.ReadFile(operations.Documents, "catalog.graphql")
	if err != nil {
		t.Fatal(err)
	}
	refetch, bulk := parse(t, string(text)), parse(t, operations.CatalogBulk)
	product := bulk.Operations[0].SelectionSet[0].(*ast.Field).SelectionSet
	product = below(product, "edges", "node")
	for fragment, selected := range map[string]ast.SelectionSet{
		"CatalogProduct": product,
		"CatalogVariant": below(product, "variants", "edges", "node"),
		"CatalogImage":   below(product, "media", "edges", "node"),
	} {
		want, got := map[string]bool{}, map[string]bool{}
		paths(refetch.Fragments.ForName(fragment).SelectionSet, "", want)
		paths(selected, "", got)
		if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
			t.Errorf("%s:\n%s", fragment, diff)
		}
	}
}

// Shopify refuses a bulk body with more than five connections, deeper than two, or with a page size.
func TestBulkBodyStaysWithinShopifysLimits(t *testing.T) {
	connections, depth := 0, 0
	var walk func(ast.SelectionSet, int)
	walk = func(set ast.SelectionSet, level int) {
		for _, selection := range set {
			switch s := selection.(type) {
			case *ast.Field:
				next := level
				if s.SelectionSet != nil && below(s.SelectionSet, "edges") != nil {
					connections++
					next++
					depth = max(depth, next)
				}
				if len(s.Arguments) > 0 {
					t.Errorf("%s carries arguments", s.Name)
				}
				walk(s.SelectionSet, next)
			case *ast.InlineFragment:
				walk(s.SelectionSet, level)
			}
		}
	}
	walk(parse(t, operations.CatalogBulk).Operations[0].SelectionSet, 0)
	if connections > 5 || depth > 2 {
		t.Errorf("%d connections nested %d deep, at most 5 and 2", connections, depth)
	}
}

func parse(t *testing.T, text string) *ast.QueryDocument {
	t.Helper()
	loaded, err := gqlparser.LoadSchema(&ast.Source{Name: "schema", Input: schema.SDL})
	if err != nil {
		t.Fatal(err)
	}
	doc, errs := gqlparser.LoadQueryWithRules(loaded, text, nil)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	return doc
}

func below(set ast.SelectionSet, names ...string) ast.SelectionSet {
	for _, name := range names {
		var next ast.SelectionSet
		for _, selection := range set {
			if f, ok := selection.(*ast.Field); ok && f.Name == name {
				next = f.SelectionSet
			}
		}
		set = next
	}
	return set
}

// paths collects the dotted path of every selected leaf, connections left out.
func paths(set ast.SelectionSet, prefix string, into map[string]bool) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if s.Name == "__typename" || below(s.SelectionSet, "edges") != nil {
				continue
			}
			if s.SelectionSet == nil {
				into[prefix+s.Name] = true
			}
			paths(s.SelectionSet, prefix+s.Name+".", into)
		case *ast.InlineFragment:
			paths(s.SelectionSet, prefix, into)
		}
	}
}
