package stripe_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/stripe"
	standin "github.com/acp-bridge/acp-bridge/sandbox/stripe"
)

const secretKey = "sk_test_bench"

var (
	merchant = acp.Merchant{ID: "m_1", Shop: "demo.myshopify.com"}
	stranger = acp.Merchant{ID: "m_2", Shop: "other.myshopify.com"}
)

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// syncBuffer is a log that several goroutines write to.
type syncBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *syncBuffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.String()
}

// bench is the adapter in front of Stripe's stand-in, over HTTP.
type bench struct {
	t        *testing.T
	url      string
	clock    *clock
	log      *syncBuffer
	served   chan string // path of every call that the stand-in has finished
	payments *stripe.Payments
	answer   func(http.ResponseWriter, *http.Request, http.Handler) // stands between, when set
}

func open(t *testing.T, change ...func(*stripe.Config)) *bench {
	t.Helper()
	b := &bench{
		t: t, clock: &clock{at: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}, log: &syncBuffer{},
		served: make(chan string, 1000),
	}
	server, err := standin.New(standin.Config{SecretKey: secretKey, Now: b.clock.now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { b.served <- r.URL.Path }()
		if b.answer != nil {
			b.answer(w, r, server.Handler())
			return
		}
		server.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	b.url = front.URL
	b.payments = b.adapter(change...)
	return b
}

func (b *bench) adapter(change ...func(*stripe.Config)) *stripe.Payments {
	b.t.Helper()
	c := stripe.Config{
		SecretKey: secretKey, Account: "profile_test_1", Shop: merchant.Shop, BaseURL: b.url, Sandbox: true,
		// One connection per call: net/http sends a POST again when a reused one dies.
		Transport: &http.Transport{DisableKeepAlives: true},
		Now:       b.clock.now, Log: slog.New(slog.NewTextHandler(b.log, nil)),
	}
	for _, f := range change {
		f(&c)
	}
	p, err := stripe.New(c)
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

func (b *bench) post(path, body string, into any) {
	b.t.Helper()
	res, err := http.Post(b.url+path, "application/json", strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		b.t.Fatalf("%s %s: status %d", path, body, res.StatusCode)
	}
	if into != nil {
		if err := json.NewDecoder(res.Body).Decode(into); err != nil {
			b.t.Fatal(err)
		}
	}
}

func (b *bench) mint(body string) acp.Secret {
	b.t.Helper()
	var made struct {
		ID string `json:"id"`
	}
	b.post("/_sandbox/tokens", body, &made)
	return acp.Secret(made.ID)
}

func (b *bench) fault(operation, mode string, times int) {
	b.t.Helper()
	body, err := json.Marshal(map[string]any{"operation": operation, "mode": mode, "times": times})
	if err != nil {
		b.t.Fatal(err)
	}
	b.post("/_sandbox/faults", string(body), nil)
}

type paid struct {
	ID       string            `json:"id"`
	Status   string            `json:"status"`
	Amount   int64             `json:"amount"`
	Received int64             `json:"amount_received"`
	Metadata map[string]string `json:"metadata"`
}

// made is every payment that exists at Stripe.
func (b *bench) made() []paid {
	b.t.Helper()
	res, err := http.Get(b.url + "/_sandbox/state")
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	var state struct {
		Payments []paid `json:"payments"`
	}
	if err := json.NewDecoder(res.Body).Decode(&state); err != nil {
		b.t.Fatal(err)
	}
	return state.Payments
}

// one is the only payment, in the status wanted.
func (b *bench) one(status string) paid {
	b.t.Helper()
	all := b.made()
	if len(all) != 1 || all[0].Status != status {
		b.t.Fatalf("payments at Stripe: %+v, want one that is %s", all, status)
	}
	return all[0]
}

func (b *bench) none() {
	b.t.Helper()
	if all := b.made(); len(all) != 0 {
		b.t.Fatalf("payments at Stripe: %+v, want none", all)
	}
}

// ask is an authorization of 49.00 dollars.
func ask(token acp.Secret) acp.Authorization {
	a := acp.Attempt{Number: 1}
	return acp.Authorization{
		Session: "cs_1", Attempt: 1, Reference: a.Reference("cs_1"), Key: a.Key("cs_1", "authorize"), Token: token,
		Amount: acp.Money{Amount: 4900, Currency: "usd"}, Email: "jane@example.com",
		Shipping: &acp.FulfillmentDetails{Name: "Jane Doe", Phone: "+15550100", Address: &acp.Address{
			LineOne: "1 Main St", City: "Springfield", State: "IL", Country: "US", PostalCode: "62701",
		}},
	}
}

func (b *bench) authorize(a acp.Authorization) acp.Payment {
	b.t.Helper()
	p, err := b.payments.Authorize(b.t.Context(), merchant, a)
	if err != nil {
		b.t.Fatalf("authorize: %v", err)
	}
	return p
}

func (b *bench) authorized() acp.Payment {
	b.t.Helper()
	p := b.authorize(ask(b.mint(`{"max_amount":5000}`)))
	if p.State != acp.PaymentAuthorized || p.Amount != (acp.Money{Amount: 4900, Currency: "usd"}) {
		b.t.Fatalf("authorize: %+v", p)
	}
	return p
}

func wantKind(t *testing.T, err error, kind acp.Kind) {
	t.Helper()
	if acp.KindOf(err) != kind {
		t.Fatalf("got %q (%v), want %q", acp.KindOf(err), err, kind)
	}
}
