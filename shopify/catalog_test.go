package shopify_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify"
)

const (
	variantLine = `{"__typename":"ProductVariant","id":"gid://shopify/ProductVariant/9007199254740993","title":"M / Blue","displayName":"Shirt - M / Blue","position":1,` +
		`"sku":"S-M","barcode":"4006381333931","price":"19.9","compareAtPrice":"25.00","availableForSale":true,"inventoryPolicy":"DENY","inventoryQuantity":3,` +
		`"sellableOnlineQuantity":3,"taxable":true,"requiresComponents":false,"updatedAt":"2026-11-20T08:00:00Z","selectedOptions":[{"name":"Size","value":"M"}],` +
		`"inventoryItem":{"id":"gid://shopify/InventoryItem/5","tracked":true,"requiresShipping":true,"measurement":{"weight":{"unit":"POUNDS","value":0.5}}},"__parentId":"gid://shopify/Product/1"}`
	imageLine = `{"__typename":"MediaImage","id":"gid://shopify/MediaImage/2","alt":null,"image":{"url":"https://cdn.example/b.jpg","width":10,"height":10},"__parentId":"gid://shopify/Product/1"}`
	videoLine = `{"__typename":"Video","id":"gid://shopify/Video/3","__parentId":"gid://shopify/Product/1"}`
)

func productLine(change ...string) string {
	line := `{"__typename":"Product","id":"gid://shopify/Product/1","handle":"shirt","title":"Shirt","description":"Soft","descriptionHtml":"<p>Soft</p>","vendor":"Acme",` +
		`"productType":"Shirts","tags":[],"status":"ACTIVE","publishedAt":"2026-01-01T00:00:00Z","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-11-20T08:00:00Z",` +
		`"onlineStoreUrl":"https://demo.example/products/shirt","isGiftCard":false,"requiresSellingPlan":false,"hasOnlyDefaultVariant":false,"combinedListingRole":null,` +
		`"hasVariantsThatRequiresComponents":false,"category":{"id":"gid://shopify/TaxonomyCategory/a","fullName":"Apparel > Shirts"},` +
		`"featuredMedia":{"preview":{"image":{"url":"https://cdn.example/a.jpg"}}},"options":[]}`
	return strings.NewReplacer(change...).Replace(line)
}

const exportURL = "https://storage.googleapis.com/shopify/export.jsonl?signature=secret"

func download(t *testing.T, handler http.HandlerFunc, b acp.Bulk, change func(*shopify.Config)) ([]acp.Record, error) {
	t.Helper()
	var records []acp.Record
	err := client(t, serve(t, handler), change).Records(context.Background(), merchant, b, func(r acp.Record) error {
		records = append(records, r)
		return nil
	})
	return records, err
}

func lines(list ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Shopify-Access-Token") != "" {
			w.WriteHeader(http.StatusTeapot) // the token must not reach the storage
			return
		}
		fmt.Fprint(w, strings.Join(list, "\n")+"\n")
	}
}

func TestExportIsReadWhateverTheOrderOfItsLines(t *testing.T) {
	records, err := download(t, lines(variantLine, videoLine, imageLine, productLine()), acp.Bulk{URL: exportURL, Objects: 4}, nil)
	if err != nil {
		t.Fatal(err)
	}
	stock := int64(3)
	day := noon.AddDate(0, 0, -1).Add(-4 * 3600e9)
	want := []acp.Record{
		{Variant: &acp.VariantRecord{
			ID: "gid://shopify/ProductVariant/9007199254740993", ProductID: "gid://shopify/Product/1", InventoryItem: "gid://shopify/InventoryItem/5",
			Title: "M / Blue", SKU: "S-M", GTIN: "4006381333931", Options: []acp.NamedValue{{Name: "Size", Value: "M"}}, Price: 1990, CompareAt: 2500,
			Availability: acp.InStock, Stock: &stock, Shippable: true, WeightGrams: 227, UpdatedAt: day,
		}},
		{Media: &acp.MediaRecord{ID: "gid://shopify/MediaImage/2", ProductID: "gid://shopify/Product/1", URL: "https://cdn.example/b.jpg"}},
		{Product: &acp.ProductRecord{
			ID: "gid://shopify/Product/1", Title: "Shirt", Description: "Soft", Brand: "Acme", Category: "Apparel > Shirts",
			URL: "https://demo.example/products/shirt", ImageURL: "https://cdn.example/a.jpg", UpdatedAt: day,
		}},
	}
	if diff := cmp.Diff(want, records); diff != "" {
		t.Error(diff)
	}
}

func TestBarcodesThatAreNoGTINsAreLeftOut(t *testing.T) {
	for barcode, want := range map[string]string{
		"4006381333931": "4006381333931", "4006381333932": "", "036000291452": "036000291452", "96385074": "96385074",
		"00012345600012": "00012345600012", "": "", "123": "", "0000000000000": "", "40063813339X1": "",
	} {
		records, err := download(t, lines(strings.Replace(variantLine, "4006381333931", barcode, 1)), acp.Bulk{URL: exportURL, Objects: 1}, nil)
		if err != nil || records[0].Variant.GTIN != want {
			t.Errorf("%s: %v %v", barcode, records, err)
		}
	}
}

func TestProductsThatAgentsMayNotSellAreHidden(t *testing.T) {
	for name, change := range map[string][]string{
		"draft":           {`"ACTIVE"`, `"DRAFT"`},
		"archived":        {`"ACTIVE"`, `"ARCHIVED"`},
		"unlisted":        {`"ACTIVE"`, `"UNLISTED"`},
		"unpublished":     {`"publishedAt":"2026-01-01T00:00:00Z"`, `"publishedAt":null`},
		"without address": {`"https://demo.example/products/shirt"`, `null`},
		"gift card":       {`"isGiftCard":false`, `"isGiftCard":true`},
		"subscription":    {`"requiresSellingPlan":false`, `"requiresSellingPlan":true`},
		"combined parent": {`"combinedListingRole":null`, `"combinedListingRole":"PARENT"`},
	} {
		records, err := download(t, lines(productLine(change...)), acp.Bulk{URL: exportURL, Objects: 1}, nil)
		if err != nil || records[0].Product.Hidden == "" {
			t.Errorf("%s: %v %v", name, records, err)
		}
	}
}

func TestBrokenExportsAreNotTaken(t *testing.T) {
	for name, try := range map[string]struct {
		handler http.HandlerFunc
		url     string
		objects int64
		want    acp.Kind
	}{
		"cut short":            {lines(productLine()), exportURL, 2, acp.KindUnavailable},
		"cut inside a line":    {lines(productLine()[:40]), exportURL, 1, acp.KindUnavailable},
		"garbage in between":   {lines("<html>", productLine()), exportURL, 2, acp.KindInternal},
		"connection lost":      {half, exportURL, 1, acp.KindUnavailable},
		"dropped":              {drop, exportURL, 1, acp.KindUnavailable},
		"storage down":         {body(503, "<html>"), exportURL, 1, acp.KindUnavailable},
		"expired":              {body(403, "<Error/>"), exportURL, 1, acp.KindRefused},
		"redirected":           {body(302, ""), exportURL, 1, acp.KindRefused},
		"too large":            {lines(strings.Repeat(productLine()+"\n", 20)), exportURL, 20, acp.KindInternal},
		"no address":           {lines(productLine()), "", 1, acp.KindUnavailable},
		"another host":         {lines(productLine()), "https://evil.example/export.jsonl", 1, acp.KindRefused},
		"host in the userinfo": {lines(productLine()), "https://storage.googleapis.com@evil.example/x", 1, acp.KindRefused},
		"own network":          {lines(productLine()), "https://169.254.169.254/x", 1, acp.KindRefused},
		"not encrypted":        {lines(productLine()), "http://storage.googleapis.com/x", 1, acp.KindRefused},
		"price is no number":   {lines(strings.Replace(variantLine, `"19.9"`, `"1e3"`, 1)), exportURL, 1, acp.KindInternal},
		"half a cent":          {lines(strings.Replace(variantLine, `"19.9"`, `"19.995"`, 1)), exportURL, 1, acp.KindInternal},
	} {
		_, err := download(t, try.handler, acp.Bulk{URL: try.url, Objects: try.objects}, func(c *shopify.Config) { c.DownloadLimit = 4096 })
		if got := acp.KindOf(err); got != try.want {
			t.Errorf("%s: %q %v", name, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "signature=secret") {
			t.Errorf("%s: the error tells the signed address: %v", name, err)
		}
	}
	if _, err := download(t, lines(), acp.Bulk{}, nil); err != nil {
		t.Errorf("an empty catalog has no file: %v", err)
	}
}

func TestCallbackEndsTheExport(t *testing.T) {
	full := errors.New("disk full")
	err := client(t, serve(t, lines(productLine(), productLine())), nil).Records(context.Background(), merchant,
		acp.Bulk{URL: exportURL, Objects: 2}, func(acp.Record) error { return full })
	if !errors.Is(err, full) {
		t.Error(err)
	}
}

func TestExportThatCannotStartYetIsThrottled(t *testing.T) {
	c, _, _ := run(t, body(200, `{"data":{"bulkOperationRunQuery":{"bulkOperation":null,"userErrors":[{"field":null,"message":"A bulk query operation is already in progress","code":"OPERATION_IN_PROGRESS"}]}}}`))
	_, err := c.StartBulk(context.Background(), merchant)
	wantKind(t, err, acp.KindThrottled)
}

func TestPartialExportsAreNotUsed(t *testing.T) {
	bulk := func(status, code string) http.HandlerFunc {
		return body(200, fmt.Sprintf(`{"data":{"bulkOperation":{"id":"gid://shopify/BulkOperation/1","status":%q,"errorCode":%s,"createdAt":%q,"completedAt":null,
			"objectCount":"9007199254740993","rootObjectCount":"1","fileSize":null,"url":null,"partialDataUrl":"https://storage.googleapis.com/p"}}}`, status, code, created))
	}
	c, _, _ := run(t, bulk("FAILED", `"TIMEOUT"`))
	if b, err := c.Bulk(context.Background(), merchant, "x"); err != nil || !b.Done || b.Failed != "FAILED TIMEOUT" || b.URL != "" || b.Objects != 9007199254740993 {
		t.Errorf("%+v %v", b, err)
	}
	c, _, _ = run(t, bulk("RUNNING", "null"))
	if b, err := c.Bulk(context.Background(), merchant, "x"); err != nil || b.Done || b.Failed != "" {
		t.Errorf("%+v %v", b, err)
	}
}

func TestRefetchTellsWhatIsGoneAndReadsEveryVariant(t *testing.T) {
	media := `"media":{"nodes":[` + imageLine + `,` + videoLine + `]}`
	node := productLine(`"options":[]}`, `"options":[],`+media+`,"variants":{"nodes":[`+variantLine+`],"pageInfo":{"hasNextPage":true,"endCursor":"c1"}}}`)
	second := strings.Replace(variantLine, "9007199254740993", "9007199254740995", 1)
	c, s, _ := run(
		t, body(200, `{"data":{"nodes":[null,`+node+`]}}`),
		body(200, `{"data":{"product":{"id":"gid://shopify/Product/1","updatedAt":"2026-11-20T08:00:00Z","variants":{"nodes":[`+second+`],"pageInfo":{"hasNextPage":false,"endCursor":null}}}}}`),
	)
	records, missing, err := c.Refetch(context.Background(), merchant, []string{"gid://shopify/Product/404", "gid://shopify/Product/1"})
	if err != nil {
		t.Fatal(err)
	}
	if len(missing) != 1 || missing[0] != "gid://shopify/Product/404" || len(records) != 4 || records[3].Variant.ID != "gid://shopify/ProductVariant/9007199254740995" {
		t.Errorf("missing %v, %d records", missing, len(records))
	}
	if got := operations(s); got != "ProductsRefetch ProductVariants" {
		t.Error(got)
	}
}

func TestWebhooksNameWhatMustBeReadAgain(t *testing.T) {
	for topic, try := range map[string]struct {
		body string
		want acp.News
	}{
		"products/update":           {`{"id":9007199254740993,"admin_graphql_api_id":"gid://shopify/Product/9007199254740993"}`, acp.News{Products: []string{"gid://shopify/Product/9007199254740993"}}},
		"products/delete":           {`{"id":9007199254740993}`, acp.News{Products: []string{"gid://shopify/Product/9007199254740993"}}},
		"inventory_levels/update":   {`{"inventory_item_id":9007199254740995,"location_id":1,"available":3}`, acp.News{InventoryItem: "gid://shopify/InventoryItem/9007199254740995"}},
		"orders/paid":               {`{"id":1,"admin_graphql_api_id":"gid://shopify/Order/1"}`, acp.News{Order: "gid://shopify/Order/1"}},
		"refunds/create":            {`{"id":5,"order_id":9007199254740997,"admin_graphql_api_id":"gid://shopify/Refund/5"}`, acp.News{Order: "gid://shopify/Order/9007199254740997"}},
		"fulfillment_events/create": {`{"id":5,"order_id":7}`, acp.News{Order: "gid://shopify/Order/7"}},
		"app/uninstalled":           {`{"id":1}`, acp.News{Uninstalled: true}},
		"shop/update":               {`{"id":1}`, acp.News{ShopChanged: true}},
		"bulk_operations/finish":    {`{"admin_graphql_api_id":"gid://shopify/BulkOperation/1"}`, acp.News{BulkFinished: true}},
		"customers/redact":          {`{"customer":{"id":1,"email":"a@b.example"},"orders_to_redact":[9007199254740993]}`, acp.News{Redact: &acp.Redaction{Email: "a@b.example", Orders: []string{"gid://shopify/Order/9007199254740993"}}}},
		"shop/redact":               {`{"shop_id":1,"shop_domain":"demo.myshopify.com"}`, acp.News{Redact: &acp.Redaction{WholeShop: true}}},
		"carts/update":              {`{"id":"abc"}`, acp.News{}},
	} {
		got, err := shopify.ParseWebhook(topic, []byte(try.body))
		if diff := cmp.Diff(try.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", topic, err, diff)
		}
	}
	for topic, text := range map[string]string{"orders/paid": `{}`, "products/update": `[]`, "inventory_levels/update": `{`, "refunds/create": `{"id":1}`} {
		if _, err := shopify.ParseWebhook(topic, []byte(text)); acp.KindOf(err) != acp.KindInvalid {
			t.Errorf("%s %s: %v", topic, text, err)
		}
	}
}
