package shopify_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

func TestEveryAnswerNamesItsVersionAndRequest(t *testing.T) {
	f := start(t, nil)
	for _, path := range []string{"/admin/api/2026-10/graphql.json", "/admin/api/2019-01/graphql.json"} {
		for _, token := range []string{f.token, "nobody"} {
			res := f.post(path, map[string]any{"query": whoAmI}, http.Header{"X-Shopify-Access-Token": {token}})
			_ = res.Body.Close()
			if res.Header.Get("X-Shopify-API-Version") != "2026-10" || res.Header.Get("X-Request-Id") == "" {
				t.Errorf("%s: headers %v", path, res.Header)
			}
			if want := map[bool]int{true: 200, false: 401}[token == f.token]; res.StatusCode != want {
				t.Errorf("%s: %d, want %d", path, res.StatusCode, want)
			}
		}
	}
}

func TestWhatTheSchemaForbidsIsRefused(t *testing.T) {
	f := start(t, nil)
	const input = `mutation($input: DraftOrderInput!) { draftOrderCalculate(input: $input) { userErrors { message } } }`
	mug := f.variants()["MUG"]
	line := func(quantity any) map[string]any {
		return map[string]any{"input": map[string]any{"lineItems": []any{map[string]any{"variantId": mug, "quantity": quantity}}}}
	}
	many := make([]any, 251)
	for i := range many {
		many[i] = map[string]any{"variantId": mug, "quantity": 1}
	}
	for name, c := range map[string]struct {
		query string
		vars  map[string]any
	}{
		"unknown field":        {`{ shop { nonsense } }`, nil},
		"unknown argument":     {`{ products(first: 1, colour: "red") { nodes { id } } }`, nil},
		"missing argument":     {`{ product { id } }`, nil},
		"no page size":         {`{ products { nodes { id } } }`, nil},
		"page too large":       {`{ products(first: 251) { nodes { id } } }`, nil},
		"syntax":               {`{ shop {`, nil},
		"missing variable":     {input, nil},
		"unknown input field":  {input, map[string]any{"input": map[string]any{"colour": "red"}}},
		"string for a number":  {input, line("1")},
		"fractional quantity":  {input, line(1.5)},
		"number for a string":  {input, map[string]any{"input": map[string]any{"email": 7}}},
		"unknown country":      {input, map[string]any{"input": map[string]any{"shippingAddress": map[string]any{"countryCode": "us"}}}},
		"more than 250 inputs": {input, map[string]any{"input": map[string]any{"lineItems": many}}},
		"no moment":            {input, map[string]any{"input": map[string]any{"reserveInventoryUntil": "soon"}}},
	} {
		if a := f.graph(c.query, c.vars); a.status != http.StatusOK || len(a.Errors) == 0 {
			t.Errorf("%s: status %d, errors %v, data %v", name, a.status, a.Errors, a.Data)
		}
	}
}

func TestFragmentsAliasesAndDirectivesAreExecuted(t *testing.T) {
	f := start(t, nil)
	id := f.variants()["MUG"]
	data := f.must(`query($ids: [ID!]!, $no: Boolean!) { a: nodes(ids: $ids) { kind: __typename ... on ProductVariant { ...V skipped: sku @include(if: $no) } } }
fragment V on ProductVariant { price product { ... on Product { title } title } }`, map[string]any{"ids": []any{id, "gid://shopify/ProductVariant/1"}, "no": false})
	v := dig(data, "a", 0)
	if str(v, "kind") != "ProductVariant" || str(v, "price") != "12.99" || str(v, "product", "title") != "Mug" || dig(data, "a", 1) != nil {
		t.Errorf("nodes: %v", data)
	}
	if _, there := v.(map[string]any)["skipped"]; there {
		t.Error("a field was given that was not to be included")
	}
}

func TestPagesFollowEachOther(t *testing.T) {
	f := start(t, manyProducts(5))
	seen, after := 0, any(nil)
	for range 3 {
		data := f.must(`query($after: String) { products(first: 2, after: $after, query: "status:active", sortKey: UPDATED_AT) { nodes { id } pageInfo { hasNextPage endCursor } } }`, map[string]any{"after": after})
		seen += len(dig(data, "products", "nodes").([]any))
		after = dig(data, "products", "pageInfo", "endCursor")
		if str(data, "products", "pageInfo", "hasNextPage") == "false" {
			break
		}
	}
	if seen != 5 {
		t.Errorf("%d products over all pages", seen)
	}
}

func TestDraftsAndTheirSearchTermsAreFiltered(t *testing.T) {
	f := start(t, nil)
	for query, want := range map[string]int{
		`status:active`: 3, `status:draft`: 1, `-status:draft`: 3, `tag:autumn-sale`: 1, `updated_at:>'2026-11-21T11:00:00Z'`: 4, `updated_at:>2026-11-22`: 0,
	} {
		data := f.must(`query($q: String) { products(first: 10, query: $q) { nodes { id } } }`, map[string]any{"q": query})
		if got := len(dig(data, "products", "nodes").([]any)); got != want {
			t.Errorf("%s finds %d, want %d", query, got, want)
		}
	}
}

func TestAScopeThatWasNotGrantedDeniesTheField(t *testing.T) {
	f := start(t, func(c *shopify.Config) { c.Scopes = []string{"read_products", "read_draft_orders"} })
	a := f.graph(createDraft, map[string]any{"input": map[string]any{"lineItems": lines(f.variants()["MUG"], 1)}})
	if a.code() != "ACCESS_DENIED" || a.status != http.StatusOK || a.Data["draftOrderCreate"] != nil {
		t.Errorf("create: %d %q %v", a.status, a.code(), a.Data)
	}
	if a := f.graph(bulkStart, map[string]any{"query": `{ orders { nodes { id } } }`}); !strings.Contains(userError(a, "bulkOperationRunQuery"), "Access denied") {
		t.Errorf("bulk: %v", a.Data)
	}
	terms := map[string]any{"paymentTermsTemplateId": "gid://shopify/PaymentTermsTemplate/1"}
	f = start(t, func(c *shopify.Config) { c.Scopes = []string{"read_products", "write_draft_orders"} })
	a = f.graph(createDraft, map[string]any{"input": map[string]any{"lineItems": lines(f.variants()["MUG"], 1), "paymentTerms": terms}})
	if a.code() != "ACCESS_DENIED" {
		t.Errorf("payment terms: %q %v", a.code(), a.Data)
	}
}

func TestCostIsTakenFromABucketThatRestores(t *testing.T) {
	f := start(t, nil)
	const dear = `{ products(first: 250) { nodes { id variants(first: 1) { nodes { id } } } } }` // 2 + 250 * (1 + 2 + 1) = 1002
	if a := f.graph(dear, nil); a.code() != "MAX_COST_EXCEEDED" || a.status != http.StatusOK {
		t.Fatalf("dear query: %d %q", a.status, a.code())
	}
	const half = `mutation($input: DraftOrderInput!) { draftOrderCalculate(input: $input) { userErrors { message } } }`
	vars := map[string]any{"input": map[string]any{"lineItems": lines(f.variants()["MUG"], 1)}}
	var a answer
	for range 300 {
		if a = f.graph(half, vars); a.code() != "" {
			break
		}
	}
	if a.code() != "THROTTLED" || a.status != http.StatusOK || str(a.Extensions, "cost", "throttleStatus", "restoreRate") != "100" {
		t.Fatalf("%d %q %v", a.status, a.code(), a.Extensions)
	}
	f.clock.pass(time.Second)
	if a := f.graph(half, vars); a.code() != "" {
		t.Errorf("a second later: %q", a.code())
	}
}

func TestOtherShopsDoNotExist(t *testing.T) {
	f := start(t, nil)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.http.URL+"/admin/api/2026-10/graphql.json", bytes.NewReader(nil))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "other.myshopify.com"
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusNotFound {
		t.Errorf("status %d", res.StatusCode)
	}
}

func TestOrderedFailuresHappenOnceAndInTheirOwnWords(t *testing.T) {
	f := start(t, nil)
	vars := map[string]any{"input": map[string]any{"lineItems": lines(f.variants()["MUG"], 1)}}
	header := http.Header{"X-Shopify-Access-Token": {f.token}}
	send := func() (*http.Response, string, error) {
		res, err := f.tryPost("/admin/api/2026-10/graphql.json", map[string]any{"query": createDraft, "variables": vars}, header)
		if err != nil {
			return nil, "", err
		}
		defer func() { _ = res.Body.Close() }()
		body, err := io.ReadAll(res.Body)
		return res, string(body), err
	}
	for _, c := range []struct {
		mode   string
		status int // 0: no answer at all
		says   string
		drafts int
	}{
		{"drop_before", 0, "", 0},
		{"drop_after", 0, "", 1},
		{"http_500", 500, "<html>", 1},
		{"throttle", 200, "THROTTLED", 1},
		{"garbage", 200, "oops", 1},
		{"user_error", 200, `"userErrors":[{`, 1},
		{"delay", 200, `"ready":false`, 2},
	} {
		f.fault("draftOrderCreate", c.mode)
		res, body, err := send()
		switch {
		case c.status == 0 && err == nil:
			t.Errorf("%s: answered %s", c.mode, body)
		case c.status != 0 && (err != nil || res.StatusCode != c.status || !strings.Contains(body, c.says)):
			t.Errorf("%s: %v %s", c.mode, err, body)
		}
		if n := len(f.state()["draft_orders"].([]any)); n != c.drafts {
			t.Errorf("%s: %d drafts, want %d", c.mode, n, c.drafts)
		}
	}
}

func TestConcurrentCompletionsMakeOneOrder(t *testing.T) {
	f := start(t, nil)
	id, _ := f.readyDraft(map[string]any{"lineItems": lines(f.variants()["SC-R"], 5)})
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			res, err := f.tryPost("/admin/api/2026-10/graphql.json", map[string]any{"query": completeDraft, "variables": map[string]any{"id": id}}, http.Header{"X-Shopify-Access-Token": {f.token}})
			if err == nil {
				_ = res.Body.Close()
			}
		})
	}
	wg.Wait()
	state := f.state()
	if n := len(state["orders"].([]any)); n != 1 || str(state, "products", 0, "variants", "nodes", 0, "inventoryQuantity") != "0" {
		t.Errorf("%d orders, stock %v", n, str(state, "products", 0, "variants", "nodes", 0, "inventoryQuantity"))
	}
}

func TestAPlusShopHasTenfoldTheBucket(t *testing.T) {
	f := start(t, func(c *shopify.Config) { c.Settings.Plus = true })
	a := f.graph(`{ shop { id } }`, nil)
	if got := str(a.Extensions, "cost", "throttleStatus", "restoreRate"); got != "1000" {
		t.Errorf("restores %s points a second", got)
	}
	if got := str(a.Extensions, "cost", "throttleStatus", "maximumAvailable"); got != "20000" {
		t.Errorf("holds %s points", got)
	}
}
