package shopify_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify"
)

const (
	testShop   = "demo.myshopify.com"
	testSecret = "shpss_test"
)

var (
	testApp = shopify.App{ClientID: "client-1", Secrets: []acp.Secret{testSecret}}
	noon    = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
)

func atNoon() time.Time { return noon }

// loopback leads every host to one server, as the sandbox does.
type loopback struct{ target *url.URL }

func (l loopback) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Host = req.URL.Host
	req.URL.Scheme, req.URL.Host = l.target.Scheme, l.target.Host
	return http.DefaultTransport.RoundTrip(req)
}

// serve answers every host with handler.
func serve(t *testing.T, handler http.HandlerFunc) loopback {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	target, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return loopback{target}
}

// nobody is an address at which nothing listens any more.
func nobody(t *testing.T) loopback {
	t.Helper()
	server := httptest.NewServer(http.NotFoundHandler())
	target, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	server.Close()
	return loopback{target}
}

// hangUp ends the connection without an answer.
func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		conn.Close()
	}
}

// waits records what was waited for, and waits for none of it.
type waits struct {
	mu   sync.Mutex
	list []time.Duration
}

func (w *waits) After(d time.Duration) <-chan time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.list = append(w.list, d)
	done := make(chan time.Time, 1)
	done <- noon
	return done
}

func (w *waits) all() []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]time.Duration(nil), w.list...)
}

// fixedToken is a token source without a store; renewed is what Renew gives.
type fixedToken struct{ renewed acp.Secret }

func (fixedToken) Token(context.Context, shopify.ShopDomain) (acp.Secret, error) {
	return "shpat_old", nil
}

func (f fixedToken) Renew(context.Context, shopify.ShopDomain, acp.Secret) (acp.Secret, error) {
	if f.renewed == "" {
		return "", &acp.Error{Kind: acp.KindReauthorize, Message: "the shop must open the app again"}
	}
	return f.renewed, nil
}

func client(t *testing.T, base http.RoundTripper, change func(*shopify.Config)) *shopify.Client {
	t.Helper()
	config := shopify.Config{
		ClientID: testApp.ClientID, Tokens: fixedToken{}, Base: base,
		ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second,
		DownloadHosts: shopify.DefaultDownloadHosts(), DownloadLimit: 64 << 20,
		Now: time.Now, After: (&waits{}).After, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	if change != nil {
		change(&config)
	}
	c, err := shopify.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func wantKind(t *testing.T, err error, want acp.Kind) {
	t.Helper()
	if got := acp.KindOf(err); got != want {
		t.Fatalf("kind %q, want %q: %v", got, want, err)
	}
}
