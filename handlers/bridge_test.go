package handlers_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/handlers"
)

const (
	shop       = "demo.myshopify.com"
	publicURL  = "https://app.example.com"
	feedToken  = "feed-token"
	goodStaff  = "staff-of-"
	goodSigned = "signed"
)

var demoProfile = acp.Profile{
	Name: "Demo Shop", Currency: "usd", Country: "US", Timezone: "America/New_York", StorefrontURL: "https://demo.example",
}

// bridge is the app's handler with everything behind it in memory.
type bridge struct {
	t       *testing.T
	handler http.Handler
	shop    *fakeShop
	books   *books
	claims  *watchedClaims
	clock   *clock
	log     *safeBuffer
	access  *acp.Access
	token   string // bearer of one hand-off connection
}

// clock goes on when a test says so.
type clock struct {
	mu     sync.Mutex
	now    time.Time
	timers []timer
	set    chan struct{} // told of each timer that somebody waits for
}

type timer struct {
	at   time.Time
	ring chan time.Time
}

func newClock() *clock {
	return &clock{now: time.Date(2026, 11, 21, 15, 4, 0, 0, time.UTC), set: make(chan struct{}, 1000)}
}

// After is time.After of this clock.
func (c *clock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	ring := make(chan time.Time, 1)
	c.timers = append(c.timers, timer{at: c.now.Add(d), ring: ring})
	c.set <- struct{}{}
	return ring
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	kept := c.timers[:0]
	for _, t := range c.timers {
		if t.at.After(c.now) {
			kept = append(kept, t)
			continue
		}
		t.ring <- c.now
	}
	c.timers = kept
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// open starts a bridge of one installed shop that sells item 101, with one
// connection; adjust changes its configuration.
func open(t *testing.T, adjust ...func(*handlers.Config)) *bridge {
	t.Helper()
	b := openEmpty(t, adjust...)
	m := b.books.settle(t, "m_1", shop, feedToken, b.clock.Now().Add(-time.Hour))
	keys := must(b.access.Connect(t.Context(), m, acp.NewConnection{Name: "Parlor", Completion: acp.HandOff}))
	b.token = keys.BearerToken.Reveal()
	return b
}

// openEmpty starts a bridge that no shop has installed.
func openEmpty(t *testing.T, adjust ...func(*handlers.Config)) *bridge {
	t.Helper()
	b := &bridge{
		t: t, shop: newFakeShop(), log: &safeBuffer{},
		clock: newClock(),
	}
	b.books = openBooks(t, b.clock.Now)
	b.claims = &watchedClaims{Claims: b.books.Store, failedToExtend: make(chan struct{}, 8)}
	config := b.config()
	for _, change := range adjust {
		change(&config)
	}
	b.handler = must(handlers.New(config))
	return b
}

// merchant is the shop as the books have it.
func (b *bridge) merchant() acp.Merchant {
	b.t.Helper()
	return must(b.books.Store.MerchantByShop(b.t.Context(), shop))
}

func (b *bridge) config() handlers.Config {
	log := slog.New(slog.NewJSONHandler(b.log, nil))
	never := func(acp.Merchant) bool { return false }
	checkout := must(acp.NewCheckout(acp.CheckoutConfig{
		Sessions: b.books, Finisher: b.books, Items: b.books, Merchants: b.books, Shop: b.shop, Drafts: b.shop, Orders: b.shop,
		Storefront: storefrontGoods, SessionTTL: time.Hour, Lease: time.Minute, Budget: 30 * time.Second, Now: b.clock.Now, NewID: rand.Text, Log: log, Vetting: b.books.Store,
	}))
	b.access = must(acp.NewAccess(acp.Access{Book: b.books, NewID: rand.Text, Now: b.clock.Now, MayDelegate: never}))
	carts := must(acp.NewCarts(acp.Carts{
		Book: b.books, Items: b.books, Shop: b.shop, Link: storefrontCart, TTL: 24 * time.Hour, Now: b.clock.Now,
	}))
	catalog := must(acp.NewCatalog(acp.Catalog{Book: b.books, Source: b.shop, Merchants: b.books, Now: b.clock.Now}))
	install := must(acp.NewInstall(acp.Install{Book: b.books, Grants: b.shop, Profiles: b.shop, Catalog: catalog, NewID: rand.Text, Now: b.clock.Now}))
	orders := must(acp.NewOrders(acp.Orders{
		Book: b.books, Shop: b.shop, Sessions: b.books, Merchants: b.books, Payments: b.books, Aftermath: b.books, Checkout: checkout, Now: b.clock.Now,
	}))
	watch := must(acp.NewPaymentWatch(acp.PaymentWatch{Sessions: b.books, Merchants: b.books, Rechecks: b.books, Now: b.clock.Now}))
	inbox := must(acp.NewInbox(acp.Inbox{
		Book: b.books, Parse: func(string, []byte) (acp.News, error) { return acp.News{}, nil },
		Install: install, Catalog: catalog, Orders: orders, Watch: watch, Shops: b.books, Now: b.clock.Now,
	}))
	return handlers.Config{
		Checkout: checkout, Carts: carts, Access: b.access, Claims: b.claims, Install: install, Inbox: inbox, Catalog: catalog, Sales: b.books, Money: b.books, Vetting: b.books.Store, Matters: b.books,
		VerifyStaff: verifyStaff, VerifyQuery: verifyQuery, VerifyWebhook: verifyWebhook,
		PaymentEvents: map[string]handlers.PaymentEvents{"bank": {Shop: shop, Header: "Bank-Signature", Verify: verifyPaymentEvent}},
		WriteFeed:     writeFeed,
		Ready:         func(context.Context) error { return nil }, PublicURL: publicURL, ClientID: "client-id",
		AppBridgeURL: "https://cdn.shopify.com/shopifycloud/app-bridge.js", PolarisURL: "https://cdn.shopify.com/shopifycloud/polaris-1.js",
		OrderURL: func(shop, id string) string {
			return "https://admin.shopify.com/store/demo/orders/" + id[strings.LastIndex(id, "/")+1:]
		},
		PaymentURL:  func(_, id string) string { return "https://bank.example/payments/" + id },
		AppURL:      func(string) string { return "https://admin.shopify.com/store/demo/apps/client-id" },
		MayDelegate: never, ClaimLease: time.Minute, ClaimTTL: 24 * time.Hour, RequestBudget: 20 * time.Second,
		PerConnection: handlers.Rate{PerSecond: 100, Burst: 100}, PerAddress: handlers.Rate{PerSecond: 100, Burst: 100},
		NewID: rand.Text, Now: b.clock.Now, After: b.clock.After, Log: log,
	}
}

// storefrontCart stands in for the permalink.
func storefrontCart(m acp.Merchant, c acp.SavedCart) string {
	if len(c.Sellable) == 0 {
		return ""
	}
	return fmt.Sprintf("%s/cart/%d", m.StorefrontURL, c.Sellable[0].Quantity)
}

// storefrontGoods stands in for the permalink of a session.
func storefrontGoods(m acp.Merchant, s acp.Session, lines []acp.CartLine) string {
	if len(lines) == 0 {
		return ""
	}
	return fmt.Sprintf("%s/cart/%d?attributes[acp_session_id]=%s&utm_medium=acp", m.StorefrontURL, lines[0].Quantity, s.ID)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func verifyStaff(token acp.Secret) (acp.Staff, error) {
	domain, ok := strings.CutPrefix(token.Reveal(), goodStaff)
	if !ok {
		return acp.Staff{}, &acp.Error{Kind: acp.KindUnauthorized, Message: "session token is not valid"}
	}
	return acp.Staff{Shop: domain}, nil
}

func verifyQuery(query url.Values) (string, error) {
	if query.Get("hmac") != goodSigned {
		return "", errors.New("forged")
	}
	return query.Get("shop"), nil
}

func verifyWebhook(_ []byte, signature string) error {
	if signature != goodSigned {
		return errors.New("forged")
	}
	return nil
}

// verifyPaymentEvent takes the body for the event's type.
func verifyPaymentEvent(body []byte, signature string) (acp.Delivery, bool, error) {
	switch {
	case signature != goodSigned:
		return acp.Delivery{}, false, &acp.Error{Kind: acp.KindUnauthorized, Message: "forged"}
	case len(body) == 0:
		return acp.Delivery{}, false, acp.Invalid("invalid", "", "an event has a body")
	}
	return acp.Delivery{ID: "evt_1", Topic: "bank/" + string(body), Body: body}, string(body) != "weather", nil
}

func writeFeed(_ context.Context, token, format string, w io.Writer) error {
	if token != feedToken {
		return acp.NotFound("feed")
	}
	_, err := io.WriteString(w, format+" of 101\n")
	return err
}

// call sends a request with headers given as name, value, name, value …
func (b *bridge) call(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	return b.callWith(b.t.Context(), method, path, body, headers...)
}

func (b *bridge) callWith(ctx context.Context, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	b.observe(r, w)
	return w
}

// request calls as the connected agent; change has the last word.
func (b *bridge) request(method, path, body string, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(b.t.Context(), method, path, strings.NewReader(body))
	for name, value := range map[string]string{
		"Authorization": "Bearer " + b.token, "API-Version": "2026-04-17", "Content-Type": "application/json", "Idempotency-Key": rand.Text(),
	} {
		r.Header.Set(name, value)
	}
	change(r)
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	return w
}

// agent calls as the connected agent, with everything right; headers change
// that (an empty value leaves one out).
func (b *bridge) agent(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	return b.agentWith(b.t.Context(), method, path, body, headers...)
}

func (b *bridge) agentWith(ctx context.Context, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	all := []string{"Authorization", "Bearer " + b.token, "API-Version", "2026-04-17", "Content-Type", "application/json"}
	if method == http.MethodPost || method == http.MethodPut {
		all = append(all, "Idempotency-Key", rand.Text())
	}
	r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(body))
	for i := 0; i < len(all); i += 2 {
		r.Header.Set(all[i], all[i+1])
	}
	for i := 0; i < len(headers); i += 2 {
		if r.Header.Del(headers[i]); headers[i+1] != "" {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	b.observe(r, w)
	return w
}
