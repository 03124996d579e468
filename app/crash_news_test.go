package app

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
)

// mailbox is the way that news of Shopify and Stripe take to the app. News that
// come while no process runs wait there for the next; in a batch without news
// all are lost.
type mailbox struct {
	next http.RoundTripper
	app  string // base URL

	mu   sync.Mutex
	open bool
	up   chan struct{} // closed while a process runs
}

func newMailbox(app string) *mailbox {
	return &mailbox{next: newBareTransport(), app: app, up: make(chan struct{})}
}

// subscribe has news delivered from now on, or lost.
func (m *mailbox) subscribe(open bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.open = open
}

// runs says whether there is a process that takes news.
func (m *mailbox) runs(up bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	select {
	case <-m.up:
		if !up {
			m.up = make(chan struct{})
		}
	default:
		if up {
			close(m.up)
		}
	}
}

func (m *mailbox) await(ctx context.Context) (open bool, err error) {
	m.mu.Lock()
	up, open := m.up, m.open
	m.mu.Unlock()
	if !open {
		return false, nil
	}
	select {
	case <-up:
		return true, nil
	case <-ctx.Done():
		return true, ctx.Err()
	}
}

// RoundTrip implements http.RoundTripper, for Shopify.
func (m *mailbox) RoundTrip(r *http.Request) (*http.Response, error) {
	open, err := m.await(r.Context())
	if err != nil {
		return nil, err
	}
	if !open {
		return httptest.NewRecorder().Result(), nil
	}
	return m.next.RoundTrip(r)
}

// ServeHTTP implements http.Handler, for Stripe.
func (m *mailbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	onward, err := http.NewRequestWithContext(r.Context(), r.Method, m.app+"/payments/stripe/events", bytes.NewReader(body))
	if err != nil {
		return
	}
	onward.Header = r.Header.Clone()
	answer, err := m.RoundTrip(onward)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	answer.Body.Close()
	w.WriteHeader(answer.StatusCode)
}

// due is how much news is on its way.
func (w *crashWorld) due() int {
	w.t.Helper()
	var books struct {
		Events   struct{ Due int } `json:"events"`
		Webhooks struct{ Due int } `json:"webhooks"`
	}
	for _, at := range []string{w.around.shopifyURL(), w.around.stripeURL()} {
		w.must(w.request(w.t.Context(), http.MethodGet, at+"/_sandbox/state?since=9999999999", "", nil)).decode(w.t, &books)
	}
	return books.Events.Due + books.Webhooks.Due
}

// concern is what Shopify may have news of here; the catalog is no matter of money.
func concern(topic string) bool {
	return strings.HasPrefix(topic, "orders/") || strings.HasPrefix(topic, "refunds/")
}
