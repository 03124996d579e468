package shopify_test

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

func (f *fixture) pay(invoice string, form url.Values) *http.Response {
	f.t.Helper()
	req, err := http.NewRequestWithContext(f.t.Context(), http.MethodPost, invoice+"/pay", strings.NewReader(form.Encode()))
	if err != nil {
		f.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	_ = res.Body.Close()
	return res
}

func TestABuyerPaysAtTheInvoicePageOnce(t *testing.T) {
	f := start(t, func(c *shopify.Config) { c.Subscriptions, c.After = topics("orders/paid"), atOnce })
	input := map[string]any{"lineItems": lines(f.variants()["MUG"], 2), "customAttributes": []any{map[string]any{"key": "acp_session_id", "value": "cs_9"}}}
	data := f.must(createDraft, map[string]any{"input": input})
	invoice := str(data, "draftOrderCreate", "draftOrder", "invoiceUrl")
	if status, _ := f.page(invoice); status != http.StatusServiceUnavailable {
		t.Errorf("before it is ready: %d", status)
	}
	f.clock.pass(5 * time.Second)
	status, page := f.page(invoice)
	if status != http.StatusOK || !strings.Contains(page, "Mug") || !strings.Contains(page, `name="email"`) || !strings.Contains(page, `name="address1"`) {
		t.Fatalf("invoice: %d %s", status, page)
	}
	form := url.Values{"email": {"grace@example.com"}, "address1": {"1 Main St"}, "city": {"Reno"}, "province": {"NV"}, "zip": {"89501"}, "country": {"us"}}
	for name, bad := range map[string]string{"email": "nobody", "address1": "", "country": "KE"} {
		wrong := url.Values{}
		for k, v := range form {
			wrong[k] = v
		}
		wrong.Set(name, bad)
		if res := f.pay(invoice, wrong); res.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s %q: %d", name, bad, res.StatusCode)
		}
	}
	paid := f.pay(invoice, form)
	if paid.StatusCode != http.StatusSeeOther {
		t.Fatalf("paying: %d", paid.StatusCode)
	}
	if status, page := f.page(paid.Header.Get("Location")); status != http.StatusOK || !strings.Contains(page, "#1001") {
		t.Errorf("status page: %d", status)
	}
	if again := f.pay(invoice, form); again.StatusCode != http.StatusConflict {
		t.Errorf("paying again: %d", again.StatusCode)
	}
	o := dig(f.state(), "orders", 0)
	if str(o, "displayFinancialStatus") != "PAID" || str(o, "transactions", 0, "gateway") != "shopify_payments" || str(o, "email") != "grace@example.com" ||
		str(o, "customAttributes", 0, "value") != "cs_9" || str(o, "shippingLine", "title") != "Standard" || len(f.state()["orders"].([]any)) != 1 {
		t.Errorf("order: %v", o)
	}
	if topic := f.next().header.Get("X-Shopify-Topic"); topic != "orders/paid" {
		t.Errorf("webhook %s", topic)
	}
}

func TestTheInvoiceChargesWhatItShowed(t *testing.T) {
	f := start(t, nil)
	mug := f.variants()["MUG"]
	_, invoice := f.readyDraft(map[string]any{
		"lineItems": lines(mug, 1), "shippingAddress": sanFrancisco(), "shippingLine": map[string]any{"shippingRateHandle": "shopify-Standard-5.00"},
	})
	before := str(f.state(), "draft_orders", 0, "totalPriceSet", "shopMoney", "amount")
	f.change(mug, `{"price": "99.00"}`)
	if res := f.pay(invoice, url.Values{"email": {"ada@example.com"}}); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("paying: %d", res.StatusCode)
	}
	o := dig(f.state(), "orders", 0)
	if got := str(o, "totalPriceSet", "shopMoney", "amount"); got != before || str(o, "email") != "ada@example.com" {
		t.Errorf("charged %s to %q, the invoice said %s", got, str(o, "email"), before)
	}
}

func TestTheAdminEmbedsTheAppWithASignedQueryAndAFreshToken(t *testing.T) {
	f := start(t, nil)
	status, page := f.page(f.server.AdminURL())
	found := regexp.MustCompile(`<iframe[^>]* src="([^"]+)"`).FindStringSubmatch(page)
	if status != http.StatusOK || found == nil {
		t.Fatalf("admin: %d", status)
	}
	frame, err := url.Parse(html.UnescapeString(found[1]))
	if err != nil || !strings.HasPrefix(frame.String(), f.app.URL+"/?") {
		t.Fatalf("frame %s: %v", found[1], err)
	}
	q := frame.Query()
	for _, name := range []string{"embedded", "hmac", "host", "id_token", "locale", "session", "shop", "timestamp"} {
		if q.Get(name) == "" {
			t.Errorf("%s is missing", name)
		}
	}
	if host, err := base64.RawStdEncoding.DecodeString(q.Get("host")); err != nil || string(host) != "admin.shopify.com/store/demo-shop" {
		t.Errorf("host %q %v", host, err)
	}
	claims := jwt.MapClaims{}
	_, err = jwt.ParseWithClaims(q.Get("id_token"), claims, func(*jwt.Token) (any, error) { return []byte(testSecret), nil }, jwt.WithTimeFunc(f.clock.now))
	if err != nil || claims["dest"] != "https://"+testShop || claims["iss"] != "https://"+testShop+"/admin" {
		t.Errorf("claims %v %v", claims, err)
	}
	var fresh map[string]string
	f.decode(f.get(f.server.AdminURL()+"/session-token"), &fresh)
	if status, _ := f.oauth(exchange(fresh["id_token"])); status != http.StatusOK {
		t.Errorf("the token given on demand is refused: %d", status)
	}
}

func TestEveryPageIsServed(t *testing.T) {
	f := start(t, nil)
	ids := sold(f)
	number := func(kind string) string { return ids[kind][strings.LastIndex(ids[kind], "/")+1:] }
	for path, want := range map[string]int{
		"/app-bridge.js": 200, "/store/demo-shop/": 303, "/store/demo-shop/orders": 200, "/store/demo-shop/orders/" + number("Order"): 200,
		"/store/demo-shop/draft_orders/" + number("DraftOrder"): 200, "/store/demo-shop/orders/1": 404, "/store/other/apps/acp-bridge": 404,
		"/products/wool-scarf": 200, "/products/prototype": 404, "/policies/refund-policy": 200, "/images/x.png": 404,
	} {
		if status, page := f.page(path); status != want {
			t.Errorf("%s: %d, want %d\n%s", path, status, want, page)
		}
	}
	res := f.get(str(f.state(), "products", 0, "featuredMedia", "image", "url"))
	defer func() { _ = res.Body.Close() }()
	if _, err := png.Decode(res.Body); err != nil {
		t.Errorf("picture: %v", err)
	}
}

func TestTheBooksSurviveAKill(t *testing.T) {
	dir := t.TempDir()
	never := func(time.Duration) <-chan time.Time { return nil }
	f := start(t, func(c *shopify.Config) { c.Dir, c.After = dir, never })
	id, _ := f.readyDraft(map[string]any{"lineItems": lines(f.variants()["MUG"], 2)})
	f.must(completeDraft, map[string]any{"id": id})
	open, _ := f.readyDraft(map[string]any{"lineItems": lines(f.variants()["MUG"], 1)})
	bulk := str(f.must(bulkStart, map[string]any{"query": `{ products { edges { node { id } } } }`}), "bulkOperationRunQuery", "bulkOperation", "id")
	want := f.state()
	// No Close before: kill -9 gives no chance to write anything.
	old, killed := f.http, f.server
	f.open()
	t.Cleanup(func() { old.Close(); _ = killed.Close(t.Context()) }) // after all checks
	got := f.state()
	for _, what := range []string{"products", "draft_orders", "orders"} {
		a, _ := json.Marshal(want[what])
		b, _ := json.Marshal(got[what])
		if strings.ReplaceAll(string(a), old.URL, "") != strings.ReplaceAll(string(b), f.http.URL, "") {
			t.Errorf("%s differ:\n%s\n%s", what, a, b)
		}
	}
	f.must(completeDraft, map[string]any{"id": open})
	f.must(bulkRead, map[string]any{"id": bulk})
	if got := str(f.must(bulkRead, map[string]any{"id": bulk}), "bulkOperation", "status"); got != "COMPLETED" {
		t.Errorf("bulk operation: %s", got)
	}
	if name := str(f.state(), "orders", 1, "name"); name != "#1002" {
		t.Errorf("second order is %s", name)
	}
}

func TestATaxInclusiveYenShopHasWholeAmounts(t *testing.T) {
	f := start(t, func(c *shopify.Config) {
		c.Settings = shopify.Settings{Currency: "JPY", Country: "JP", TaxesIncluded: true}
	})
	input := map[string]any{"lineItems": lines(f.variants()["MUG"], 1), "shippingAddress": map[string]any{"address1": "1-1", "city": "Tokyo", "countryCode": "JP"}}
	c := dig(f.must(calculate, map[string]any{"input": input}), "draftOrderCalculate", "calculatedDraftOrder")
	if str(c, "totalPriceSet", "presentmentMoney", "amount") != "1299.0" || str(c, "totalTaxSet", "presentmentMoney", "amount") != "118.0" {
		t.Errorf("total %v, tax %v", dig(c, "totalPriceSet"), dig(c, "totalTaxSet"))
	}
}
