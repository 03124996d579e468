package shopify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
		Scopes:        []string{"read_products", "read_inventory", "read_legal_policies", "write_draft_orders", "write_orders", "write_payment_terms", "read_fulfillments"},
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
	tokens, err := shopify.NewAccessTokens(shopify.AccessTokensConfig{Store: store, Grants: g, Now: s.clock.now})
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

func TestInstallingReadsTheShop(t *testing.T) {
	s := openShop(t, nil)
	if s.grant.RefreshToken.Empty() || !s.grant.ExpiresAt.Equal(noon.Add(time.Hour)) {
		t.Errorf("grant %+v", s.grant)
	}
	if p := s.merchant.Profile; p.Currency != "usd" || p.Country != "US" || p.Name == "" || !strings.HasPrefix(p.StorefrontURL, "http") {
		t.Errorf("profile %+v", p)
	}
}

func TestExportAndRefetchGiveTheSameRecords(t *testing.T) {
	s := openShop(t, nil)
	exported := s.mirror()
	var products []string
	for _, r := range exported {
		if r.Product != nil {
			products = append(products, r.Product.ID)
		}
	}
	refetched, missing, err := s.Refetch(context.Background(), s.merchant, append(products, "gid://shopify/Product/1"))
	s.must(err)
	if !slices.Equal(missing, []string{"gid://shopify/Product/1"}) {
		t.Errorf("missing %v", missing)
	}
	byID := func(records []acp.Record) map[string]acp.Record {
		m := map[string]acp.Record{}
		for _, r := range records {
			switch {
			case r.Product != nil:
				m[r.Product.ID] = r
			case r.Variant != nil:
				m[r.Variant.ID] = r
			default:
				m[r.Media.ID] = r
			}
		}
		return m
	}
	if diff := cmp.Diff(byID(exported), byID(refetched)); diff != "" {
		t.Error(diff)
	}
	red := s.variants["RED"]
	if red.Price != 2500 || red.CompareAt != 3000 || red.GTIN != "4006381333931" || red.WeightGrams != 120 || *red.Stock != 5 || !red.Shippable {
		t.Errorf("red %+v", red)
	}
	if s.variants["BLUE"].Availability != acp.OutOfStock || s.variants["EBOOK"].Stock != nil || s.variants["EBOOK"].Title != "" {
		t.Errorf("blue %+v, e-book %+v", s.variants["BLUE"], s.variants["EBOOK"])
	}
}

func TestQuoteIsWhatTheOrderCosts(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	ctx := context.Background()
	cart := s.cart(s.line("EBOOK", 1), s.line("RED", 2))
	cart.DiscountCodes = []string{"SAVE10", "nonsense"}
	q, err := s.Quote(ctx, s.merchant, cart)
	s.must(err)
	if len(q.Rates) < 2 || len(q.Lines) != 2 || q.Lines[0].VariantID != cart.Lines[0].VariantID || q.Lines[0].Stock != nil ||
		*q.Lines[1].Stock != 5 || q.Lines[1].Unit != 2500 || q.Lines[1].Original != 5000 {
		t.Fatalf("quote %+v", q)
	}
	cart.Rate = q.Rates[1].Handle
	q, err = s.Quote(ctx, s.merchant, cart)
	s.must(err)
	if q.Rate != cart.Rate || q.Shipping == 0 || q.Tax == 0 || q.DiscountTotal != 590 {
		t.Errorf("quote %+v", q)
	}
	rejected := slices.IndexFunc(q.Discounts, func(d acp.Discount) bool { return d.Rejected != "" })
	if rejected < 0 || q.Discounts[rejected].Code != "nonsense" {
		t.Errorf("discounts %+v", q.Discounts)
	}
	d, err := s.CreateDraft(ctx, s.merchant, acp.DraftOrder{Cart: cart, Session: "cs_1", Reference: "acp-1-1", PaidElsewhere: true, HoldStock: noon.Add(time.Hour)})
	s.must(err)
	if d.Ready {
		t.Error("a new draft is calculated later")
	}
	d, err = s.AwaitDraft(ctx, s.merchant, d.ID)
	s.must(err)
	if d.Total != (acp.Money{Amount: q.Total, Currency: "usd"}) {
		t.Errorf("draft costs %s, quoted %d", d.Total, q.Total)
	}
	d, err = s.CompleteDraft(ctx, s.merchant, d.ID)
	s.must(err)
	o, err := s.Order(ctx, s.merchant, d.OrderID)
	s.must(err)
	if o.Session != "cs_1" || o.Paid || o.Status != acp.OrderCreated || o.Totals.Total != q.Total || o.Totals.Sum() != q.Total || o.Totals.Fee != 0 ||
		o.Totals.Fulfillment != q.Shipping || o.Totals.Tax != q.Tax || len(o.Lines) != 2 || o.Lines[1].Ordered != 2 || o.Email != "buyer@example.com" {
		t.Errorf("order %+v", o)
	}
	again, err := s.CompleteDraft(ctx, s.merchant, d.ID)
	if err != nil || again.OrderID != d.OrderID {
		t.Errorf("completing again: %+v %v", again, err)
	}
	wantKind(t, s.DeleteDraft(ctx, s.merchant, d.ID), acp.KindRefused)
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

func TestPaymentTakenElsewhereIsRecordedOnce(t *testing.T) {
	for _, fault := range []string{"", "drop_after", "throttle"} {
		s := openShop(t, nil)
		s.mirror()
		o, p := s.order()
		if fault != "" {
			s.fault("orderCreateManualPayment", fault)
		}
		s.must(s.RecordPayment(context.Background(), s.merchant, p))
		s.must(s.RecordPayment(context.Background(), s.merchant, p))
		o, err := s.Order(context.Background(), s.merchant, o.ID)
		if err != nil || !o.Paid || o.Status != acp.OrderConfirmed {
			t.Errorf("%s: %+v %v", fault, o, err)
		}
		r := <-s.webhooks
		body, _ := io.ReadAll(r.Body)
		if err := testApp.VerifyWebhook(body, r.Header.Get("X-Shopify-Hmac-Sha256")); err != nil {
			t.Error(err)
		}
		if news, err := shopify.ParseWebhook(r.Header.Get("X-Shopify-Topic"), body); err != nil || news.Order != o.ID {
			t.Errorf("%+v %v", news, err)
		}
	}
}

func TestPaymentOfAnotherAmountIsNotRecorded(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	_, p := s.order()
	p.Amount.Amount--
	wantKind(t, s.RecordPayment(context.Background(), s.merchant, p), acp.KindInternal)
}

func TestLostAnswerToCreatingIsFoundByReference(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	cart := s.cart(s.line("RED", 1))
	s.fault("draftOrderCreate", "drop_after")
	_, err := s.CreateDraft(context.Background(), s.merchant, acp.DraftOrder{Cart: cart, Session: "cs_1", Reference: "acp-1-1"})
	wantKind(t, err, acp.KindUnknown)
	<-s.clock.After(time.Minute) // the search index lags
	d, err := s.FindDraft(context.Background(), s.merchant, "acp-1-1")
	s.must(err)
	s.must(s.DeleteDraft(context.Background(), s.merchant, d.ID))
	_, err = s.Draft(context.Background(), s.merchant, d.ID)
	wantKind(t, err, acp.KindNotFound)
	s.must(s.DeleteDraft(context.Background(), s.merchant, d.ID))
}

func TestLostAnswerToCompletingLeavesOneOrder(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	d := s.draft("RED", "acp-1-1")
	s.fault("draftOrderComplete", "drop_after")
	_, err := s.CompleteDraft(context.Background(), s.merchant, d.ID)
	wantKind(t, err, acp.KindUnknown)
	first, err := s.CompleteDraft(context.Background(), s.merchant, d.ID)
	s.must(err)
	found, err := s.Draft(context.Background(), s.merchant, d.ID)
	if err != nil || found.OrderID != first.OrderID {
		t.Errorf("%+v %v", found, err)
	}
}

func TestWhatTheShopRefusesIsRefused(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	ctx := context.Background()
	_, err := s.Quote(ctx, s.merchant, s.cart(acp.CartLine{VariantID: "gid://shopify/ProductVariant/1", Quantity: 1}))
	wantKind(t, err, acp.KindRefused)
	q, err := s.Quote(ctx, s.merchant, s.cart(s.line("BLUE", 1)))
	if err != nil || q.Lines[0].Available {
		t.Errorf("%+v %v", q, err)
	}
	abroad := s.cart(s.line("RED", 1))
	abroad.Address = &acp.Address{Name: "A B", LineOne: "1", City: "Pyongyang", Country: "KP"}
	if q, err = s.Quote(ctx, s.merchant, abroad); err != nil || len(q.Rates) != 0 {
		t.Errorf("%+v %v", q, err)
	}
	_, err = s.Order(ctx, s.merchant, "gid://shopify/Order/1")
	wantKind(t, err, acp.KindNotFound)
}

func TestEveryFaultOfPricingEndsInAnError(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	cart := s.cart(s.line("RED", 1))
	for mode, want := range map[string]acp.Kind{"drop_before": "", "drop_after": "", "http_500": "", "throttle": "", "garbage": "", "user_error": acp.KindRefused} {
		s.fault("draftOrderCalculate", mode)
		_, err := s.Quote(context.Background(), s.merchant, cart)
		if got := acp.KindOf(err); got != want {
			t.Errorf("%s: %q %v", mode, got, err)
		}
	}
}

func TestTokenOfAnHourIsRenewedOnTheWay(t *testing.T) {
	s := openShop(t, nil)
	<-s.clock.After(2 * time.Hour)
	if _, err := s.Profile(context.Background(), s.merchant); err != nil {
		t.Error(err)
	}
}

func TestCanceledOrderTellsSo(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	o, _ := s.order()
	s.must(s.CancelOrder(context.Background(), s.merchant, o.ID, "the payment was lost"))
	<-s.clock.After(time.Minute)
	o, err := s.Order(context.Background(), s.merchant, o.ID)
	if err != nil || o.Status != acp.OrderCanceled || len(o.Adjustments) == 0 {
		t.Errorf("%+v %v", o, err)
	}
	s.must(s.CancelOrder(context.Background(), s.merchant, o.ID, ""))
}

// do is what staff would do with an order in the admin.
func (s *shop) do(order, deed string) {
	s.t.Helper()
	resp, err := http.Post(s.base+"/_sandbox/orders/"+order[strings.LastIndex(order, "/")+1:]+"/"+deed, "application/json", nil)
	s.must(err)
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %d", deed, resp.StatusCode)
	}
}

func TestParcelsAndRefundsOfAnOrderAreTold(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	ctx := context.Background()
	o, p := s.order()
	s.must(s.RecordPayment(ctx, s.merchant, p))
	s.do(o.ID, "fulfill")
	o, err := s.Order(ctx, s.merchant, o.ID)
	s.must(err)
	line := []acp.LineQuantity{{Line: o.Lines[0].ID, Quantity: 1}}
	if o.Status != acp.OrderFulfilled || o.Lines[0].Fulfilled != 1 || len(o.Fulfillments) != 1 {
		t.Fatalf("%+v", o)
	}
	if f := o.Fulfillments[0]; f.Kind != acp.Shipping || f.Status != "shipped" || f.Carrier != "UPS" || f.TrackingURL == "" ||
		!slices.Equal(f.Lines, line) || len(f.Events) != 1 {
		t.Errorf("parcel %+v", f)
	}
	charged := o.Totals.Total
	s.do(o.ID, "refund")
	o, err = s.Order(ctx, s.merchant, o.ID)
	s.must(err)
	if !o.Paid || o.Refunded != charged || o.Totals.Total != charged || len(o.Adjustments) != 1 {
		t.Fatalf("%+v", o)
	}
	if a := o.Adjustments[0]; a.Type != "refund" || a.Status != "completed" || a.Amount != charged || !slices.Equal(a.Lines, line) {
		t.Errorf("refund %+v", a)
	}
}

func TestQuoteHoldsInShopsWithOtherTaxesAndCurrencies(t *testing.T) {
	for name, settings := range map[string]sandbox.Settings{
		"tax included": {Currency: "EUR", Country: "DE", TaxesIncluded: true},
		"no decimals":  {Currency: "JPY", Country: "JP", TaxesIncluded: true},
		"tax added":    {Currency: "USD", Country: "US"},
	} {
		t.Run(name, func(t *testing.T) {
			s := openShop(t, func(c *sandbox.Config) { c.Settings = settings })
			s.mirror()
			if red := s.variants["RED"]; red.Price != 2500 {
				t.Fatalf("price %d", red.Price)
			}
			cart := s.cart(s.line("RED", 2), s.line("EBOOK", 1))
			cart.Address = &acp.Address{Name: "A B", LineOne: "1", City: "X", Country: settings.Country, PostalCode: "12345", State: map[string]string{"US": "CA"}[settings.Country]}
			q, err := s.Quote(context.Background(), s.merchant, cart)
			s.must(err)
			cart.Rate = q.Rates[0].Handle
			q, err = s.Quote(context.Background(), s.merchant, cart)
			s.must(err)
			sum := q.Shipping - q.DiscountTotal
			for _, l := range q.Lines {
				sum += l.Original
			}
			if !q.TaxesIncluded {
				sum += q.Tax
			}
			if sum != q.Total || q.Currency.Upper() != settings.Currency || q.Tax == 0 || q.TaxesIncluded != settings.TaxesIncluded {
				t.Errorf("parts sum to %d: %+v", sum, q)
			}
			d, err := s.CreateDraft(context.Background(), s.merchant, acp.DraftOrder{Cart: cart, Session: "cs_1", Reference: "acp-1-1"})
			s.must(err)
			d, err = s.CompleteDraft(context.Background(), s.merchant, d.ID)
			s.must(err)
			o, err := s.Order(context.Background(), s.merchant, d.OrderID)
			if err != nil || o.Totals.Total != q.Total || o.Totals.Sum() != q.Total || o.Totals.Fee != 0 || !o.Paid {
				t.Errorf("%+v %v", o, err)
			}
		})
	}
}

func TestLargeOrdersLoseNoLine(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	var lines []acp.CartLine
	for sku := range s.variants {
		if strings.HasPrefix(sku, "B-") {
			lines = append(lines, s.line(sku, 1))
		}
	}
	cart := s.cart(lines...)
	d, err := s.CreateDraft(context.Background(), s.merchant, acp.DraftOrder{Cart: cart, Session: "cs_1", Reference: "acp-1-1"})
	s.must(err)
	d, err = s.CompleteDraft(context.Background(), s.merchant, d.ID)
	s.must(err)
	s.do(d.OrderID, "fulfill")
	s.do(d.OrderID, "refund")
	o, err := s.Order(context.Background(), s.merchant, d.OrderID)
	s.must(err)
	if len(o.Lines) != 120 || len(o.Fulfillments[0].Lines) != 120 || len(o.Adjustments[0].Lines) != 120 {
		t.Errorf("%d lines, %d fulfilled, %d refunded", len(o.Lines), len(o.Fulfillments[0].Lines), len(o.Adjustments[0].Lines))
	}
}
