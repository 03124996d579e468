package stripe_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	stripego "github.com/stripe/stripe-go/v86"

	"github.com/acp-bridge/acp-bridge/sandbox/stripe"
)

const (
	secretKey = "sk_test_sandbox"
	previewed = "2026-04-22.preview"
)

// clock is a time that only a test moves.
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

// bench is a stand-in over HTTP with Stripe's own client pointed at it.
type bench struct {
	t       *testing.T
	url     string
	clock   *clock
	server  *stripe.Server
	backend stripego.Backend
	client  *stripego.Client
	served  chan struct{} // one signal per request that the stand-in has finished with
}

func open(t *testing.T, change ...func(*stripe.Config)) *bench {
	t.Helper()
	b := &bench{t: t, clock: &clock{at: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}, served: make(chan struct{}, 1000)}
	cfg := stripe.Config{SecretKey: secretKey, Now: b.clock.now, Log: slog.New(slog.DiscardHandler)}
	for _, f := range change {
		f(&cfg)
	}
	var err error
	if b.server, err = stripe.New(cfg); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { b.served <- struct{}{} }()
		b.server.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	t.Cleanup(func() {
		if err := b.server.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	b.url = srv.URL
	b.connect(secretKey)
	return b
}

// connect makes a client without retries and without kept connections: net/http sends a
// POST with an Idempotency-Key again by itself when a reused connection breaks.
func (b *bench) connect(key string) {
	backends := stripego.NewBackendsWithConfig(&stripego.BackendConfig{
		URL: stripego.String(b.url), MaxNetworkRetries: stripego.Int64(0),
		LeveledLogger: &stripego.LeveledLogger{Level: stripego.LevelNull},
		HTTPClient:    &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
	})
	b.backend = backends.API
	b.client = stripego.NewClient(key, stripego.WithBackends(backends))
}

func (b *bench) mint(body string) string {
	b.t.Helper()
	var made struct {
		ID string `json:"id"`
	}
	if status := b.post("/_sandbox/tokens", body, &made); status != http.StatusOK {
		b.t.Fatalf("mint token: status %d", status)
	}
	return made.ID
}

func (b *bench) fault(body string) {
	b.t.Helper()
	if status := b.post("/_sandbox/faults", body, nil); status != http.StatusOK {
		b.t.Fatalf("order fault %s: status %d", body, status)
	}
}

func (b *bench) post(path, body string, into any) int {
	b.t.Helper()
	res, err := http.Post(b.url+path, "application/json", bytes.NewReader([]byte(body)))
	if err != nil {
		b.t.Fatal(err)
	}
	return b.read(res, into)
}

func (b *bench) read(res *http.Response, into any) int {
	b.t.Helper()
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(raw, into); err != nil {
			b.t.Fatalf("decode %s: %v", raw, err)
		}
	}
	return res.StatusCode
}

type state struct {
	Tokens []struct {
		ID     string `json:"id"`
		Reason string `json:"deactivated_reason"`
	} `json:"tokens"`
	Payments []struct {
		ID         string            `json:"id"`
		Amount     int64             `json:"amount"`
		Currency   string            `json:"currency"`
		Status     string            `json:"status"`
		Capturable int64             `json:"amount_capturable"`
		Received   int64             `json:"amount_received"`
		Refunded   int64             `json:"amount_refunded"`
		Metadata   map[string]string `json:"metadata"`
	} `json:"payments"`
}

func (b *bench) state() state {
	b.t.Helper()
	res, err := http.Get(b.url + "/_sandbox/state")
	if err != nil {
		b.t.Fatal(err)
	}
	var st state
	b.read(res, &st)
	return st
}

// charge is the call that a seller makes to pay with a token.
func charge(token string, amount int64, key string) *stripego.PaymentIntentCreateParams {
	p := &stripego.PaymentIntentCreateParams{
		Amount: stripego.Int64(amount), Currency: stripego.String("usd"),
		Confirm: stripego.Bool(true), CaptureMethod: stripego.String("manual"),
	}
	p.AddMetadata("acp_checkout_session", "cs_1")
	p.AddExtra("payment_method_data[shared_payment_granted_token]", token)
	p.Headers = http.Header{"Stripe-Version": {previewed}}
	if key != "" {
		p.SetIdempotencyKey(key)
	}
	return p
}

func (b *bench) authorize(token string, amount int64, key string) *stripego.PaymentIntent {
	b.t.Helper()
	pi, err := b.client.V1PaymentIntents.Create(b.t.Context(), charge(token, amount, key))
	if err != nil {
		b.t.Fatalf("authorize: %v", err)
	}
	return pi
}

func (b *bench) capture(id, key string) (*stripego.PaymentIntent, error) {
	p := &stripego.PaymentIntentCaptureParams{}
	if key != "" {
		p.SetIdempotencyKey(key)
	}
	return b.client.V1PaymentIntents.Capture(b.t.Context(), id, p)
}

// refusal is the Stripe error in err, of which nothing may be missing.
func refusal(t *testing.T, err error) *stripego.Error {
	t.Helper()
	var refused *stripego.Error
	if !errors.As(err, &refused) {
		t.Fatalf("got %v, want an error from Stripe", err)
	}
	if refused.RequestID == "" || refused.Msg == "" {
		t.Fatalf("error without request id or message: %v", refused)
	}
	return refused
}

// grantedToken reads a token the way a seller must: the client has no type for it.
type grantedToken struct {
	stripego.APIResource
	ID                string `json:"id"`
	DeactivatedReason string `json:"deactivated_reason"`
	UsageLimits       struct {
		Currency  string `json:"currency"`
		MaxAmount int64  `json:"max_amount"`
		ExpiresAt int64  `json:"expires_at"`
	} `json:"usage_limits"`
	UsageDetails struct {
		AmountCaptured struct {
			Value int64 `json:"value"`
		} `json:"amount_captured"`
	} `json:"usage_details"`
	RiskDetails json.RawMessage `json:"risk_details"`
}

func (b *bench) inspect(id, version string, expand ...string) (*grantedToken, error) {
	params := &stripego.Params{Context: b.t.Context(), Headers: http.Header{"Stripe-Version": {version}}}
	for _, e := range expand {
		params.AddExtra("expand[]", e)
	}
	var g grantedToken
	err := b.backend.Call(http.MethodGet, "/v1/shared_payment/granted_tokens/"+id, secretKey, params, &g)
	return &g, err
}
