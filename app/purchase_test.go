package app

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// checkoutSession is what tests read of a session.
type checkoutSession struct {
	ID          string `json:"id"`
	Status      string `json:"status"`
	ContinueURL string `json:"continue_url"`
	Totals      []struct {
		Type   string `json:"type"`
		Amount int64  `json:"amount"`
	} `json:"totals"`
	Messages []sessionMessage `json:"messages"`
	Options  []struct {
		ID string `json:"id"`
	} `json:"fulfillment_options"`
	Order *struct {
		ID string `json:"id"`
	} `json:"order"`
}

type sessionMessage struct {
	Type       string `json:"type"`
	Code       string `json:"code"`
	Param      string `json:"param"`
	Resolution string `json:"resolution"`
}

func (s checkoutSession) total() int64 {
	for _, t := range s.Totals {
		if t.Type == "total" {
			return t.Amount
		}
	}
	return 0
}

// dearest is the last shipping rate; pickups and couriers come after it.
func (s checkoutSession) dearest() string {
	id := ""
	for _, o := range s.Options {
		if strings.HasPrefix(o.ID, "shopify-") {
			id = o.ID
		}
	}
	return id
}

func (s checkoutSession) says(code string) bool {
	for _, m := range s.Messages {
		if m.Code == code {
			return true
		}
	}
	return false
}

// item is something in stock that has to be shipped.
func (r *running) item(t *testing.T) string {
	t.Helper()
	for _, it := range r.Items {
		if it.Available {
			return it.ID
		}
	}
	t.Fatal("the sandbox sells nothing")
	return ""
}

func cart(item string, quantity int) map[string]any {
	return map[string]any{
		"currency": "usd", "capabilities": map[string]any{},
		"line_items": []map[string]any{{"id": item, "quantity": quantity}},
		"buyer":      map[string]any{"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com"},
		"fulfillment_details": map[string]any{
			"name": "Ada Lovelace", "email": "ada@example.com",
			"address": map[string]any{
				"name": "Ada Lovelace", "line_one": "1 Main Street", "city": "San Francisco", "state": "CA",
				"country": "US", "postal_code": "94131",
			},
		},
	}
}

// payable opens a session that can be paid.
func (r *running) payable(t *testing.T) checkoutSession {
	t.Helper()
	var s checkoutSession
	got := r.insist(t, "/checkout_sessions", r.key(), cart(r.item(t), 1))
	got.decode(t, &s)
	if got.Status != http.StatusCreated || s.Status != "ready_for_payment" {
		t.Fatalf("create: %d %s", got.Status, got.Raw)
	}
	return s
}

// token is granted by the buyer for at most an amount.
func (r *running) token(t *testing.T, most int64, card string) string {
	t.Helper()
	got := r.send(t, http.MethodPost, r.StripeURL+"/_sandbox/tokens", "", "",
		map[string]any{"max_amount": most, "currency": "usd", "expires_in": 900, "card": card})
	id, ok := got.Body["id"].(string)
	if !ok {
		t.Fatalf("token: %d %s", got.Status, got.Raw)
	}
	return id
}

func payment(token string) map[string]any {
	return map[string]any{"payment_data": map[string]any{
		"handler_id": "stripe_card",
		"instrument": map[string]any{"type": "card", "credential": map[string]any{"type": "spt", "token": token}},
	}}
}

// insist repeats a request with one key, as an agent does, until the answer is
// neither "in flight" nor "unavailable".
func (r *running) insist(t *testing.T, path, key string, body any) reply {
	t.Helper()
	return r.insistAs(t, r.BearerToken, path, key, body)
}

func (r *running) insistAs(t *testing.T, token, path, key string, body any) reply {
	t.Helper()
	var last reply
	r.eventually(t, "an answer to "+path, func() bool {
		last = r.send(t, http.MethodPost, r.ACPBaseURL+path, token, key, body)
		return last.Status != http.StatusConflict && last.Status < http.StatusInternalServerError
	})
	return last
}

// eventually waits for something that happens in the background.
func (r *running) eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	eventually(t, what, holds)
}

// patience is what only something that hangs outlasts, on a busy machine, too.
const patience = 3 * time.Minute

func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline.C:
			t.Fatalf("did not come about: %s", what)
		case <-tick.C:
		}
	}
}

// shopBooks and moneyBooks are what the stand-ins remember.
type shopBooks struct {
	Orders []struct {
		ID           string                        `json:"id"`
		Financial    string                        `json:"displayFinancialStatus"`
		Transactions []struct{ Gateway string }    `json:"transactions"`
		Attributes   []struct{ Key, Value string } `json:"customAttributes"`
		ShippingLine struct {
			Handle string `json:"shippingRateHandle"`
			Title  string `json:"title"`
		} `json:"shippingLine"`
	} `json:"orders"`
	Drafts []struct {
		Status     string `json:"status"`
		InvoiceURL string `json:"invoiceUrl"`
	} `json:"draft_orders"`
	Calls map[string]int `json:"calls"`
}

type moneyBooks struct {
	Payments []money `json:"payments"`
}

type money struct {
	ID         string            `json:"id"`
	Status     string            `json:"status"`
	Amount     int64             `json:"amount"`
	Received   int64             `json:"amount_received"`
	Capturable int64             `json:"amount_capturable"`
	Metadata   map[string]string `json:"metadata"`
}

func (r *running) shop(t *testing.T) (books shopBooks) {
	t.Helper()
	r.send(t, http.MethodGet, r.ShopifyURL+"/_sandbox/state", "", "", nil).decode(t, &books)
	return books
}

func (r *running) money(t *testing.T) (books moneyBooks) {
	t.Helper()
	r.send(t, http.MethodGet, r.StripeURL+"/_sandbox/state", "", "", nil).decode(t, &books)
	return books
}

// soldOnce checks the promise: one order, paid, one capture of the total, by
// the payment that staff read on the order.
func (r *running) soldOnce(t *testing.T, s checkoutSession) {
	t.Helper()
	r.eventually(t, "the order is paid", func() bool {
		orders := r.shop(t).Orders
		return len(orders) == 1 && orders[0].Financial == "PAID"
	})
	captured := int64(0)
	for _, p := range r.money(t).Payments {
		captured += p.Received
		if p.Received != 0 {
			if paid := r.shop(t).Orders[0].Transactions; len(paid) != 1 || paid[0].Gateway != "Stripe ("+p.ID+")" {
				t.Errorf("the order was paid by %+v, not by %s", paid, p.ID)
			}
		}
		if p.Capturable != 0 {
			t.Errorf("%d is still reserved", p.Capturable)
		}
	}
	if captured != s.total() {
		t.Errorf("captured %d of a total of %d", captured, s.total())
	}
}

// soldNothing checks the other promise: no order, nothing held.
func (r *running) soldNothing(t *testing.T) {
	t.Helper()
	if orders := r.shop(t).Orders; len(orders) != 0 {
		t.Errorf("%d orders", len(orders))
	}
	for _, p := range r.money(t).Payments {
		if p.Received != 0 || p.Capturable != 0 {
			t.Errorf("a payment of %d is %s", p.Amount, p.Status)
		}
	}
}
