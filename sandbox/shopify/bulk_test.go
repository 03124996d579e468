package shopify_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

const (
	bulkStart = `mutation($query: String!) { bulkOperationRunQuery(query: $query) { bulkOperation { id status } userErrors { field message code } } }`
	bulkRead  = `query($id: ID!) { bulkOperation(id: $id) { id status url objectCount rootObjectCount fileSize } }`
)

// runBulk runs a query to its end and downloads what it left, on loopback.
func (f *fixture) runBulk(query string) []map[string]any {
	f.t.Helper()
	id := str(f.must(bulkStart, map[string]any{"query": query}), "bulkOperationRunQuery", "bulkOperation", "id")
	var op any
	for _, want := range []string{"RUNNING", "COMPLETED"} {
		op = dig(f.must(bulkRead, map[string]any{"id": id}), "bulkOperation")
		if got := str(op, "status"); got != want {
			f.t.Fatalf("status %s, want %s", got, want)
		}
	}
	if str(op, "url") == "" {
		return nil
	}
	lines := f.download(str(op, "url"))
	if got := fmt.Sprint(len(lines)); got != str(op, "objectCount") {
		f.t.Errorf("%s lines, objectCount %s", got, str(op, "objectCount"))
	}
	return lines
}

func (f *fixture) loopback(link string) string {
	f.t.Helper()
	u, err := url.Parse(link)
	if err != nil || u.Host != "storage.googleapis.com" || u.Scheme != "https" {
		f.t.Fatalf("download URL %s: %v", link, err)
	}
	return u.RequestURI()
}

func (f *fixture) download(link string) []map[string]any {
	f.t.Helper()
	res := f.get(f.loopback(link))
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		f.t.Fatalf("download: %d", res.StatusCode)
	}
	var out []map[string]any
	scanner := bufio.NewScanner(res.Body)
	for scanner.Scan() {
		var line map[string]any
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			f.t.Fatalf("line %q: %v", scanner.Text(), err)
		}
		out = append(out, line)
	}
	return out
}

func manyProducts(n int) func(*shopify.Config) {
	return func(c *shopify.Config) {
		c.Products = nil
		for i := range n {
			c.Products = append(c.Products, shopify.Product{
				Title: fmt.Sprintf("Product %d", i), PublishedAt: at(opened), Images: []shopify.Image{{Alt: "a"}},
				Options:  []shopify.Option{{Name: "Size", Values: []string{"S", "M"}}},
				Variants: []shopify.Variant{{OptionValues: []string{"S"}, Price: 100, Inventory: 1}, {OptionValues: []string{"M"}, Price: 200}},
			})
		}
	}
}

func TestBulkLinesOfChildrenAreFarFromTheirParents(t *testing.T) {
	f := start(t, manyProducts(60))
	lines := f.runBulk(`{ products { edges { node { __typename id title variants { edges { node { __typename id price } } } } } } }`)
	if len(lines) != 180 {
		t.Fatalf("%d lines, want 60 products and 120 variants", len(lines))
	}
	seen, before, apart := map[string]int{}, 0, 0
	for i, l := range lines {
		seen[str(l, "id")] = i
	}
	for i, l := range lines {
		parent := str(l, "__parentId")
		if parent == "" {
			continue
		}
		at, known := seen[parent]
		if !known {
			t.Fatalf("%s has no parent line", str(l, "id"))
		}
		if at > i {
			before++
		}
		if at != i-1 {
			apart++
		}
	}
	if before == 0 || apart < 60 {
		t.Errorf("%d children stand before their parents, %d apart from them: too tidy", before, apart)
	}
}

func TestAnEmptyBulkResultHasNoURL(t *testing.T) {
	f := start(t, func(c *shopify.Config) { c.Products = nil })
	if lines := f.runBulk(`{ products { edges { node { id } } } }`); lines != nil {
		t.Errorf("%d lines from an empty shop", len(lines))
	}
}

func TestBulkQueriesThatShopifyRefusesAreRefused(t *testing.T) {
	f := start(t, nil)
	for name, query := range map[string]string{
		"no connection":    `{ shop { id } }`,
		"unknown field":    `{ products { edges { node { id nonsense } } } }`,
		"no id on a node":  `{ products { edges { node { title variants { edges { node { id } } } } } } }`,
		"not a query":      `mutation { draftOrderDelete(input: {id: "gid://shopify/DraftOrder/1"}) { deletedId } }`,
		"two root fields":  `{ a: products { edges { node { id } } } b: products { edges { node { id } } } }`,
		"not even GraphQL": `{ products`,
	} {
		a := f.graph(bulkStart, map[string]any{"query": query})
		if got := str(a.Data, "bulkOperationRunQuery", "userErrors", 0, "code"); got != "INVALID" {
			t.Errorf("%s: code %q, %v", name, got, a.Data)
		}
	}
}

func TestASixthBulkOperationIsRefused(t *testing.T) {
	f := start(t, nil)
	vars := map[string]any{"query": `{ products { edges { node { id } } } }`}
	for range 5 {
		f.must(bulkStart, vars)
	}
	if got := str(f.graph(bulkStart, vars).Data, "bulkOperationRunQuery", "userErrors", 0, "code"); got != "LIMIT_REACHED" {
		t.Errorf("code %q", got)
	}
}

func TestADownloadNeedsItsSignatureAndCanBeCutShort(t *testing.T) {
	f := start(t, manyProducts(20))
	id := str(f.must(bulkStart, map[string]any{"query": `{ products { edges { node { id title } } } }`}), "bulkOperationRunQuery", "bulkOperation", "id")
	f.must(bulkRead, map[string]any{"id": id})
	link := str(f.must(bulkRead, map[string]any{"id": id}), "bulkOperation", "url")
	path := f.loopback(link)
	if status, _ := f.page(strings.Replace(path, "Signature=", "Signature=0", 1)); status != http.StatusForbidden {
		t.Errorf("forged signature: %d", status)
	}
	f.fault("bulk_download", "drop_after")
	res := f.get(path)
	defer func() { _ = res.Body.Close() }()
	if _, err := io.ReadAll(res.Body); err == nil {
		t.Error("the download was not cut short")
	}
	if n := len(f.download(link)); n != 20 {
		t.Errorf("%d lines after the fault", n)
	}
}

func TestACancelledBulkOperationLeavesNoFile(t *testing.T) {
	f := start(t, nil)
	id := str(f.must(bulkStart, map[string]any{"query": `{ products { edges { node { id } } } }`}), "bulkOperationRunQuery", "bulkOperation", "id")
	const cancel = `mutation($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { message } } }`
	if got := str(f.must(cancel, map[string]any{"id": id}), "bulkOperationCancel", "bulkOperation", "status"); got != "CANCELING" {
		t.Errorf("status %s", got)
	}
	op := dig(f.must(bulkRead, map[string]any{"id": id}), "bulkOperation")
	if str(op, "status") != "CANCELED" || str(op, "url") != "" {
		t.Errorf("afterwards: %v", op)
	}
}
