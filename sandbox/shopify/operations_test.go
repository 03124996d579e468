package shopify_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

// parseOperations reads operation files into one document.
func parseOperations(t *testing.T, paths ...string) *ast.QueryDocument {
	t.Helper()
	all := &ast.QueryDocument{}
	for _, p := range paths {
		raw, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := parser.ParseQuery(&ast.Source{Name: p, Input: string(raw)})
		if err != nil {
			t.Fatal(err)
		}
		all.Operations = append(all.Operations, doc.Operations...)
		all.Fragments = append(all.Fragments, doc.Fragments...)
	}
	return all
}

// standalone is one operation with the fragments that it needs, as a client sends it.
func standalone(all *ast.QueryDocument, op *ast.OperationDefinition) string {
	doc := &ast.QueryDocument{Operations: ast.OperationList{op}}
	var add func(set ast.SelectionSet)
	add = func(set ast.SelectionSet) {
		for _, sel := range set {
			switch s := sel.(type) {
			case *ast.Field:
				add(s.SelectionSet)
			case *ast.InlineFragment:
				add(s.SelectionSet)
			case *ast.FragmentSpread:
				if fragment := all.Fragments.ForName(s.Name); doc.Fragments.ForName(s.Name) == nil {
					doc.Fragments = append(doc.Fragments, fragment)
					add(fragment.SelectionSet)
				}
			}
		}
	}
	add(op.SelectionSet)
	var out strings.Builder
	formatter.NewFormatter(&out).FormatQueryDocument(doc)
	return out.String()
}

// sold is a shop with one order that has been fulfilled and refunded, and one open draft.
func sold(f *fixture) map[string]string {
	f.t.Helper()
	variant := f.variants()["SC-R"]
	input := map[string]any{
		"lineItems": lines(variant, 1), "email": "ada@example.com", "shippingAddress": sanFrancisco(), "discountCodes": []any{"SAVE10", "NOPE"},
		"shippingLine": map[string]any{"shippingRateHandle": "shopify-Standard-5.00"}, "acceptAutomaticDiscounts": true,
	}
	done, _ := f.readyDraft(input)
	order := str(f.must(completeDraft, map[string]any{"id": done}), "draftOrderComplete", "draftOrder", "order", "id")
	number := order[strings.LastIndex(order, "/")+1:]
	for _, deed := range []string{"fulfill", "refund"} {
		_ = f.post("/_sandbox/orders/"+number+"/"+deed, nil, nil).Body.Close()
	}
	draft, _ := f.readyDraft(input)
	o := dig(f.state(), "orders", 0)
	return map[string]string{
		"Order": order, "DraftOrder": draft, "ProductVariant": variant, "LineItem": str(o, "lineItems", "nodes", 0, "id"),
		"Fulfillment": str(o, "fulfillments", 0, "id"), "Refund": str(o, "refunds", 0, "id"), "Product": str(f.state(), "products", 0, "id"),
		"InventoryItem": str(f.state(), "products", 0, "variants", "nodes", 0, "inventoryItem", "id"),
	}
}

// variablesFor guesses values that an operation accepts from the root field it selects.
func variablesFor(op *ast.OperationDefinition, ids map[string]string) map[string]any {
	root := op.SelectionSet[0].(*ast.Field).Name
	line := map[string]any{"variantId": ids["ProductVariant"], "quantity": 1}
	kinds := map[string]string{
		"draftOrder": "DraftOrder", "draftOrderUpdate": "DraftOrder", "draftOrderComplete": "DraftOrder", "product": "Product",
		"inventoryItem": "InventoryItem", "fulfillment": "Fulfillment", "refund": "Refund", "node": "DraftOrder",
	}
	kind := kinds[root]
	if kind == "" {
		kind = "Order"
	}
	input := any(map[string]any{"lineItems": []any{line}, "shippingAddress": sanFrancisco()})
	switch root {
	case "draftOrderDelete":
		input = map[string]any{"id": ids["DraftOrder"]}
	case "refundCreate":
		input = map[string]any{"orderId": ids["Order"]}
	case "orderMarkAsPaid", "orderUpdate":
		input = map[string]any{"id": ids["Order"]}
	}
	values := map[string]any{
		"id": ids[kind], "ids": []any{ids["Product"], ids["ProductVariant"]}, "input": input, "first": 5, "variants": 5, "lines": 10, "parcels": 3,
		"refunds": 3, "pickups": 3, "key": "k", "reason": "CUSTOMER", "restock": true, "notify": false, "tags": []any{"a"}, "q": "tag:a", "query": "tag:a",
	}
	if root == "bulkOperationRunQuery" {
		values["q"], values["query"] = `{ products { edges { node { id variants { edges { node { id } } } } } } }`, values["q"]
		values["query"] = values["q"]
	}
	vars := map[string]any{}
	for _, v := range op.VariableDefinitions {
		if value, known := values[v.Variable]; known {
			vars[v.Variable] = value
		}
	}
	return vars
}

func TestEveryOperationOfTheAppIsAnswered(t *testing.T) {
	paths, err := filepath.Glob("../../shopify/operations/*.graphql")
	if err != nil || len(paths) == 0 {
		t.Fatalf("operations: %v %v", paths, err)
	}
	answersAll(t, nil, parseOperations(t, paths...), map[string]bool{"bulkOperationCancel": true}) // has a test of its own
}

// The operations in Shopify's reference touch much more of the schema than the app does.
func TestReferenceOperationsAreAnswered(t *testing.T) {
	const folder = "../../../shared/shopify/"
	sdl, err := os.ReadFile(folder + "admin_2026-10.graphql")
	if err != nil {
		t.Skip("Shopify's schema is not beside the repository")
	}
	paths := []string{"draft_orders", "catalog", "orders", "misc"}
	for i, p := range paths {
		paths[i] = folder + p + ".graphql"
	}
	notExecuted := map[string]bool{ // what this app has no use for
		"bulkOperationCancel": true, // has a test of its own
		"orderCreate":         true, "metafieldsSet": true, "metafieldDefinitionCreate": true, "orderAttributionDefinitionUpsert": true, "publications": true,
		"markets": true, "appSubscriptionCreate": true, "appUsageRecordCreate": true, "webhookSubscriptionCreate": true, "webhookSubscriptions": true,
		"channelCreate": true, "channels": true, "appRevokeAccessScopes": true, "product": true, // its publications need variables of their own
	}
	answersAll(t, func(c *shopify.Config) { c.SDL = string(sdl) }, parseOperations(t, paths...), notExecuted)
}

func answersAll(t *testing.T, change func(*shopify.Config), all *ast.QueryDocument, skip map[string]bool) {
	t.Helper()
	for _, op := range all.Operations {
		root, ok := op.SelectionSet[0].(*ast.Field)
		if !ok || skip[root.Name] {
			continue
		}
		t.Run(op.Name, func(t *testing.T) {
			f := start(t, change)
			if root.Name == "products" && len(root.Arguments) < 2 {
				f.runBulk(standalone(all, op))
				return
			}
			a := f.graph(standalone(all, op), variablesFor(op, sold(f)))
			if a.code() == "MAX_COST_EXCEEDED" {
				t.Logf("too dear for one call: %s", a.Errors[0].Message)
				return
			}
			if a.status != 200 || len(a.Errors) > 0 {
				t.Errorf("status %d, errors %+v", a.status, a.Errors)
			}
			if message := userError(a, root.Alias); message != "" && !strings.Contains(message, "marked as paid") && !strings.Contains(message, "already") {
				t.Errorf("userErrors: %s", message)
			}
			cost := dig(a.Extensions, "cost")
			t.Logf("requested %s, actual %s", str(cost, "requestedQueryCost"), str(cost, "actualQueryCost"))
		})
	}
}
