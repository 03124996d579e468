package shopify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
	"github.com/acp-bridge/acp-bridge/shopify/schema"
)

const (
	testShop   = "demo-shop.myshopify.com"
	testClient = "client-id"
	testSecret = "client-secret"
)

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// fixture is a stand-in that listens, an app that takes its webhooks, and a token.
type fixture struct {
	t      *testing.T
	clock  *clock
	server *shopify.Server
	http   *httptest.Server
	app    *webhookApp
	token  string
	config shopify.Config
}

// webhookApp answers webhooks with what status says and hands them to the test.
type webhookApp struct {
	*httptest.Server
	got    chan received
	status func(n int) int
	mu     sync.Mutex
	n      int
}

type received struct {
	header http.Header
	path   string
	body   []byte
}

func newWebhookApp(t *testing.T) *webhookApp {
	app := &webhookApp{got: make(chan received, 1000), status: func(int) int { return http.StatusOK }}
	app.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		app.mu.Lock()
		app.n++
		n := app.n
		app.mu.Unlock()
		app.got <- received{r.Header, r.URL.Path, body}
		w.WriteHeader(app.status(n))
	}))
	t.Cleanup(app.Close)
	return app
}

func at(t time.Time) *time.Time { return &t }

var opened = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func catalog() []shopify.Product {
	return []shopify.Product{
		{
			Title: "Wool scarf", Handle: "wool-scarf", DescriptionHTML: "<p>Warm &amp; long</p>", Vendor: "Nord", PublishedAt: at(opened), Tags: []string{"autumn-sale"},
			Options: []shopify.Option{{Name: "Colour", Values: []string{"Red", "Blue"}}}, Images: []shopify.Image{{Alt: "A scarf"}},
			Metafields: []shopify.Metafield{{Namespace: "custom", Key: "material", Type: "single_line_text_field", Value: "wool"}},
			Variants: []shopify.Variant{
				{OptionValues: []string{"Red"}, SKU: "SC-R", Price: 2500, CompareAtPrice: 3000, Inventory: 5},
				{OptionValues: []string{"Blue"}, SKU: "SC-B", Price: 2500, Inventory: 0},
			},
		},
		{Title: "Mug", PublishedAt: at(opened), Variants: []shopify.Variant{{SKU: "MUG", Price: 1299, Inventory: 100, WeightGrams: 400}}},
		{Title: "E-book", PublishedAt: at(opened), Variants: []shopify.Variant{{SKU: "EB", Price: 900, Untracked: true, Digital: true, TaxFree: true}}},
		{Title: "Prototype", Status: shopify.StatusDraft, Variants: []shopify.Variant{{Price: 100, Inventory: 1}}},
	}
}

func allScopes() []string {
	return []string{"read_products", "read_inventory", "read_locations", "write_draft_orders", "write_orders", "write_payment_terms", "read_fulfillments"}
}

func topics(names ...string) []shopify.Subscription {
	var out []shopify.Subscription
	for _, n := range names {
		out = append(out, shopify.Subscription{Topic: n, URI: "/webhooks/" + strings.ReplaceAll(n, "/", "-")})
	}
	return out
}

func start(t *testing.T, change func(*shopify.Config)) *fixture {
	t.Helper()
	f := &fixture{t: t, clock: &clock{at: opened}, app: newWebhookApp(t)}
	f.config = shopify.Config{
		ClientID: testClient, ClientSecret: testSecret, Shop: testShop, AppURL: func() string { return f.app.URL },
		Scopes: allScopes(), SDL: schema.SDL, Products: catalog(), Now: f.clock.now,
	}
	if change != nil {
		change(&f.config)
	}
	f.open()
	f.token = f.install().AccessToken
	return f
}

func (f *fixture) open() {
	f.t.Helper()
	server, err := shopify.New(f.config)
	if err != nil {
		f.t.Fatal(err)
	}
	f.server = server
	f.http = httptest.NewServer(server.Handler())
	server.SetBaseURL(f.http.URL)
	f.t.Cleanup(func() { f.shut() })
}

func (f *fixture) shut() {
	if f.server == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	f.http.Close()
	if err := f.server.Close(ctx); err != nil {
		f.t.Errorf("close: %v", err)
	}
	f.server = nil
}

type tokens struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	ExpiresIn    int64  `json:"expires_in"`
	RefreshLife  int64  `json:"refresh_token_expires_in"`
	Scope        string `json:"scope"`
	Error        string `json:"error"`
}

func (f *fixture) idToken() string {
	f.t.Helper()
	launch, err := f.server.LaunchURL()
	if err != nil {
		f.t.Fatal(err)
	}
	u, err := url.Parse(launch)
	if err != nil {
		f.t.Fatal(err)
	}
	return u.Query().Get("id_token")
}

func exchange(idToken string) map[string]string {
	return map[string]string{
		"client_id": testClient, "client_secret": testSecret, "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
		"subject_token": idToken, "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
		"requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token", "expiring": "1",
	}
}

func refresh(token string) map[string]string {
	return map[string]string{"client_id": testClient, "client_secret": testSecret, "grant_type": "refresh_token", "refresh_token": token}
}

func (f *fixture) install() tokens {
	f.t.Helper()
	status, got := f.oauth(exchange(f.idToken()))
	if status != http.StatusOK {
		f.t.Fatalf("token exchange: %d %+v", status, got)
	}
	return got
}

func (f *fixture) oauth(body map[string]string) (int, tokens) {
	f.t.Helper()
	res := f.post("/admin/oauth/access_token", body, nil)
	var got tokens
	f.decode(res, &got)
	return res.StatusCode, got
}

// rawBody is sent as it is, also when it is not JSON.
type rawBody []byte

// post sends JSON as the app's transport does: to loopback, with the shop as Host.
func (f *fixture) post(path string, body any, header http.Header) *http.Response {
	f.t.Helper()
	res, err := f.tryPost(path, body, header)
	if err != nil {
		f.t.Fatal(err)
	}
	return res
}

func (f *fixture) tryPost(path string, body any, header http.Header) (*http.Response, error) {
	raw, isRaw := body.(rawBody)
	if !isRaw {
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		raw = encoded
	}
	req, err := http.NewRequestWithContext(f.t.Context(), http.MethodPost, f.http.URL+path, bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	req.Host = testShop
	req.Header.Set("Content-Type", "application/json")
	for name, values := range header {
		req.Header[name] = values
	}
	return http.DefaultClient.Do(req)
}

func (f *fixture) decode(res *http.Response, v any) {
	f.t.Helper()
	defer func() { _ = res.Body.Close() }()
	dec := json.NewDecoder(res.Body)
	dec.UseNumber()
	if err := dec.Decode(v); err != nil {
		f.t.Fatalf("decode answer: %v", err)
	}
}

// answer is a GraphQL answer.
type answer struct {
	status int
	header http.Header
	Data   map[string]any `json:"data"`
	Errors []struct {
		Message    string         `json:"message"`
		Extensions map[string]any `json:"extensions"`
	} `json:"errors"`
	Extensions map[string]any `json:"extensions"`
}

func (a answer) code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return fmt.Sprint(a.Errors[0].Extensions["code"])
}

// graph runs an operation that must be answered with JSON.
func (f *fixture) graph(query string, vars map[string]any) answer {
	f.t.Helper()
	res := f.post("/admin/api/2026-10/graphql.json", map[string]any{"query": query, "variables": vars}, http.Header{"X-Shopify-Access-Token": {f.token}})
	var a answer
	f.decode(res, &a)
	a.status, a.header = res.StatusCode, res.Header
	return a
}

// must runs an operation that must succeed without userErrors.
func (f *fixture) must(query string, vars map[string]any) map[string]any {
	f.t.Helper()
	a := f.graph(query, vars)
	if len(a.Errors) > 0 {
		f.t.Fatalf("errors: %+v", a.Errors)
	}
	for name, payload := range a.Data {
		if m, ok := payload.(map[string]any); ok {
			if errs, ok := m["userErrors"].([]any); ok && len(errs) > 0 {
				f.t.Fatalf("%s: userErrors %v", name, errs)
			}
		}
	}
	return a.Data
}

// dig walks a decoded answer: dig(v, "order", "lineItems", "nodes", 0, "title").
func dig(v any, path ...any) any {
	for _, step := range path {
		switch key := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[key]
		case int:
			l, _ := v.([]any)
			if key >= len(l) {
				return nil
			}
			v = l[key]
		}
	}
	return v
}

func str(v any, path ...any) string {
	if v = dig(v, path...); v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// variants lists variant gids by SKU.
func (f *fixture) variants() map[string]string {
	f.t.Helper()
	data := f.must(`{ products(first: 50) { nodes { variants(first: 10) { nodes { id sku } } } } }`, nil)
	out := map[string]string{}
	for _, p := range dig(data, "products", "nodes").([]any) {
		for _, v := range dig(p, "variants", "nodes").([]any) {
			out[str(v, "sku")] = str(v, "id")
		}
	}
	return out
}

func (f *fixture) state() map[string]any {
	f.t.Helper()
	var got map[string]any
	f.decode(f.get("/_sandbox/state"), &got)
	return got
}

func (f *fixture) get(path string) *http.Response {
	f.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = f.http.URL + path
	}
	req, err := http.NewRequestWithContext(f.t.Context(), http.MethodGet, path, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	res, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	return res
}

func (f *fixture) page(path string) (int, string) {
	f.t.Helper()
	res := f.get(path)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func (f *fixture) fault(operation, mode string) {
	f.t.Helper()
	res := f.post("/_sandbox/faults", map[string]any{"operation": operation, "mode": mode, "times": 1, "delay_ms": 1}, nil)
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		f.t.Fatalf("order fault: %d", res.StatusCode)
	}
}
