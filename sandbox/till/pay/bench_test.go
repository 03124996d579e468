package pay_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/sandbox/till"
	"github.com/acp-bridge/acp-bridge/sandbox/till/pay"
)

var (
	merchant = acp.Merchant{ID: "m_1", Shop: "demo.myshopify.com"}
	stranger = acp.Merchant{ID: "m_2", Shop: "other.myshopify.com"}
	noon     = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
)

const key = "till_key_1"

// bench is the adapter in front of the till, over HTTP.
type bench struct {
	t        *testing.T
	url      string
	payments *pay.Payments
	mu       sync.Mutex
	at       time.Time
}

func (b *bench) now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.at
}

func (b *bench) wait(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at = b.at.Add(d)
}

func open(t *testing.T) *bench {
	t.Helper()
	return openIn(t, "")
}

// openIn keeps the till's books in a folder.
func openIn(t *testing.T, dir string) *bench {
	t.Helper()
	b := &bench{t: t, at: noon}
	server, err := till.New(till.Config{Key: key, Dir: dir, Now: b.now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(server.Handler())
	t.Cleanup(front.Close)
	t.Cleanup(func() { _ = server.Close(t.Context()) }) // before the front, which waits for delays
	b.url = front.URL
	b.payments = b.adapter(nil)
	return b
}

func (b *bench) adapter(change func(*pay.Config)) *pay.Payments {
	b.t.Helper()
	c := pay.Config{BaseURL: b.url, Key: key, Account: "acct_till", Shop: merchant.Shop, Timeout: 5 * time.Second, Now: b.now}
	if change != nil {
		change(&c)
	}
	p, err := pay.New(c)
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
	body, err := json.Marshal(map[string]any{"operation": operation, "mode": mode, "times": times, "delay_ms": 60_000})
	if err != nil {
		b.t.Fatal(err)
	}
	b.post("/_sandbox/faults", string(body), nil)
}

type sold struct {
	ID       string `json:"id"`
	Taken    int64  `json:"taken"`
	Refunded int64  `json:"refunded"`
	Refunds  int    `json:"refunds"`
	Reason   string `json:"reason"`
}

// sales is every sale that the till has made.
func (b *bench) sales() []sold {
	b.t.Helper()
	res, err := http.Get(b.url + "/_sandbox/state")
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	var state struct {
		Sales []sold `json:"sales"`
	}
	if err := json.NewDecoder(res.Body).Decode(&state); err != nil {
		b.t.Fatal(err)
	}
	return state.Sales
}

// one is the only sale.
func (b *bench) one() sold {
	b.t.Helper()
	all := b.sales()
	if len(all) != 1 {
		b.t.Fatalf("sales: %+v, want one", all)
	}
	return all[0]
}

// ask is an authorization of 49.00 dollars.
func ask(token acp.Secret) acp.Authorization {
	a := acp.Attempt{Number: 1}
	return acp.Authorization{
		Session: "cs_1", Attempt: 1, Reference: a.Reference("cs_1"), Key: a.Key("cs_1", "authorize"), Token: token,
		Amount: dollars(4900), Email: "jane@example.com",
	}
}

func dollars(cents int64) acp.Money { return acp.Money{Amount: cents, Currency: "usd"} }

func back(reference string, cents int64) acp.RefundRequest {
	return acp.RefundRequest{Reference: reference, Key: "key-" + reference, Amount: dollars(cents), Reason: "no order came of it"}
}

func (b *bench) paid() acp.Payment {
	b.t.Helper()
	p, err := b.payments.Authorize(b.t.Context(), merchant, ask(b.mint(`{"max_amount":5000}`)))
	if err != nil || p.State != acp.PaymentCaptured || p.Amount != dollars(4900) {
		b.t.Fatalf("authorize: %+v %v", p, err)
	}
	return p
}

func wantKind(t *testing.T, err error, kind acp.Kind) {
	t.Helper()
	if acp.KindOf(err) != kind {
		t.Fatalf("got %q (%v), want %q", acp.KindOf(err), err, kind)
	}
}
