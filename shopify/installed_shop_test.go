package shopify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	sandbox "github.com/acp-bridge/acp-bridge/sandbox/shopify"
	"github.com/acp-bridge/acp-bridge/shopify"
	"github.com/acp-bridge/acp-bridge/shopify/schema"
)

// clock moves when somebody waits, so that nothing really does.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	done := make(chan time.Time, 1)
	done <- c.at
	return done
}

// shop is an installed shop in the stand-in, reached over HTTP.
type shop struct {
	*shopify.Client
	t        *testing.T
	clock    *clock
	base     string
	merchant acp.Merchant
	grant    acp.Installation
	variants map[string]*acp.VariantRecord // by SKU
	webhooks chan http.Request
}

func day(d time.Duration) *time.Time { at := noon.Add(d); return &at }

func demoProducts() []sandbox.Product {
	many := sandbox.Product{Title: "Button", PublishedAt: day(0), Options: []sandbox.Option{{Name: "Number"}}}
	for i := range 120 {
		number := string(rune('A'+i/26)) + string(rune('A'+i%26))
		many.Options[0].Values = append(many.Options[0].Values, number)
		many.Variants = append(many.Variants, sandbox.Variant{OptionValues: []string{number}, SKU: "B-" + number, Price: 100, Inventory: 5})
	}
	return []sandbox.Product{
		{
			Title: "Scarf", Handle: "scarf", DescriptionHTML: "<p>Warm &amp; long</p>", Vendor: "Nord", PublishedAt: day(0),
			Options: []sandbox.Option{{Name: "Colour", Values: []string{"Red", "Blue"}}}, Images: []sandbox.Image{{Alt: "A scarf"}},
			Variants: []sandbox.Variant{
				{OptionValues: []string{"Red"}, SKU: "RED", Barcode: "4006381333931", Price: 2500, CompareAtPrice: 3000, Inventory: 5, WeightGrams: 120},
				{OptionValues: []string{"Blue"}, SKU: "BLUE", Barcode: "not a gtin", Price: 2500, Inventory: 0},
			},
		},
		{Title: "E-book", PublishedAt: day(0), Variants: []sandbox.Variant{{SKU: "EBOOK", Price: 900, Untracked: true, Digital: true}}},
		{Title: "Prototype", Status: sandbox.StatusDraft, Variants: []sandbox.Variant{{SKU: "PROTO", Price: 100, Inventory: 1}}},
		many,
	}
}

// openShop installs the app into a shop of the stand-in through the real exchange.
func openShop(t *testing.T, change func(*sandbox.Config)) *shop {
	t.Helper()
	s := &shop{t: t, clock: &clock{at: noon}, webhooks: make(chan http.Request, 100)}
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.webhooks <- *r
	}))
	t.Cleanup(app.Close)
	config := sandbox.Config{
		ClientID: testApp.ClientID, ClientSecret: testSecret, Shop: testShop, AppURL: func() string { return app.URL }, SDL: schema.SDL,
		Scopes:        []string{"read_products", "read_inventory", "read_locations", "read_legal_policies", "write_draft_orders", "write_orders", "write_payment_terms", "read_fulfillments"},
		Subscriptions: []sandbox.Subscription{{Topic: "orders/paid", URI: "/webhooks/orders"}},
		Products:      demoProducts(), Now: s.clock.now,
	}
	if change != nil {
		change(&config)
	}
	server, err := sandbox.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := server.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	base := serve(t, server.Handler().ServeHTTP)
	s.base = base.target.String()
	server.SetBaseURL(s.base)
	s.install(server, base)
	return s
}

func (s *shop) install(server *sandbox.Server, base loopback) {
	s.t.Helper()
	launch, err := server.LaunchURL()
	s.must(err)
	address, err := url.Parse(launch)
	s.must(err)
	from, err := testApp.VerifyQuery(address.Query(), s.clock.now())
	s.must(err)
	sessions, err := shopify.NewSessionTokens(testApp, s.clock.now)
	s.must(err)
	staff, err := sessions.Verify(address.Query().Get("id_token"))
	s.must(err)
	if staff.Shop != from {
		s.t.Fatalf("token of %s, query of %s", staff.Shop, from)
	}
	g, err := shopify.NewGrants(shopify.GrantsConfig{App: testApp, Base: base, Now: s.clock.now, Timeout: 5 * time.Second})
	s.must(err)
	s.grant, err = g.Exchange(context.Background(), string(staff.Shop), acp.Secret(address.Query().Get("id_token")))
	s.must(err)
	store := &shelf{inst: s.grant}
	tokens, err := shopify.NewAccessTokens(shopify.AccessTokensConfig{Store: store, Grants: g, Now: s.clock.now, After: s.clock.After})
	s.must(err)
	s.Client = client(s.t, base, func(c *shopify.Config) { c.Tokens, c.After, c.Now = tokens, s.clock.After, s.clock.now })
	s.merchant = acp.Merchant{ID: "m_1", Shop: testShop}
	s.merchant.Profile, err = s.Profile(context.Background(), s.merchant)
	s.must(err)
}

func (s *shop) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// mirror reads the catalog by a bulk operation.
func (s *shop) mirror() []acp.Record {
	s.t.Helper()
	ctx := context.Background()
	b, err := s.StartBulk(ctx, s.merchant)
	s.must(err)
	for range 100 {
		if b, err = s.Bulk(ctx, s.merchant, b.Operation); b.Done || err != nil {
			break
		}
		<-s.clock.After(time.Second)
	}
	s.must(err)
	if b.Failed != "" || !b.Done {
		s.t.Fatalf("bulk %+v", b)
	}
	var records []acp.Record
	s.must(s.Records(ctx, s.merchant, b, func(r acp.Record) error { records = append(records, r); return nil }))
	s.variants = map[string]*acp.VariantRecord{}
	for _, r := range records {
		if r.Variant != nil {
			s.variants[r.Variant.SKU] = r.Variant
		}
	}
	return records
}

func (s *shop) cart(lines ...acp.CartLine) acp.Cart {
	return acp.Cart{
		Lines: lines, Currency: s.merchant.Currency, Email: "buyer@example.com",
		Address: &acp.Address{Name: "Ada King Lovelace", LineOne: "1 Main St", City: "San Francisco", State: "CA", Country: "US", PostalCode: "94105"},
	}
}

func (s *shop) line(sku string, quantity int64) acp.CartLine {
	return acp.CartLine{VariantID: s.variants[sku].ID, Quantity: quantity}
}

func (s *shop) fault(operation, mode string) {
	s.t.Helper()
	order, err := json.Marshal(map[string]any{"operation": operation, "mode": mode, "times": 1})
	s.must(err)
	resp, err := http.Post(s.base+"/_sandbox/faults", "application/json", bytes.NewReader(order))
	s.must(err)
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		s.t.Fatalf("order %s of %s: %d", mode, operation, resp.StatusCode)
	}
}

func (s *shop) draft(sku, reference string) acp.Draft {
	s.t.Helper()
	cart := s.cart(s.line(sku, 1))
	q, err := s.Quote(context.Background(), s.merchant, cart)
	s.must(err)
	cart.Rate = q.Rates[0].Handle
	d, err := s.CreateDraft(context.Background(), s.merchant, acp.DraftOrder{Cart: cart, Session: "cs_1", Reference: reference, PaidElsewhere: true})
	s.must(err)
	return d
}

func (s *shop) order() (acp.Order, acp.Payment) {
	s.t.Helper()
	d, err := s.CompleteDraft(context.Background(), s.merchant, s.draft("RED", "acp-1-1").ID)
	s.must(err)
	o, err := s.Order(context.Background(), s.merchant, d.OrderID)
	s.must(err)
	return o, acp.Payment{OrderID: o.ID, Provider: "Stripe", ProviderID: "pi_1", Amount: acp.Money{Amount: o.Totals.Total, Currency: "usd"}}
}

// do is what staff would do with an order in the admin.
func (s *shop) do(order, deed string, how ...string) {
	s.t.Helper()
	body := strings.NewReader(strings.Join(how, ""))
	resp, err := http.Post(s.base+"/_sandbox/orders/"+order[strings.LastIndex(order, "/")+1:]+"/"+deed, "application/json", body)
	s.must(err)
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %d", deed, resp.StatusCode)
	}
}
