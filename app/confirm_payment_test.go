package app

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/acp/wire/wiretest"
)

// clock is the real one, until a test moves it on.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time           { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) advance(by time.Duration) { c.ahead.Add(int64(by)) }

// open makes a session in the words of a date.
func (r *running) open(t *testing.T, version wire.Version) (s checkoutSession) {
	t.Helper()
	got := r.insistIn(t, version, "/checkout_sessions", fmt.Sprintf(speechOf(version).create, r.item(t)))
	if got.decode(t, &s); s.Status != "ready_for_payment" {
		t.Fatalf("create: %d %s", got.Status, got.Raw)
	}
	return s
}

// read is what an agent of a date gets of a session.
func (r *running) read(t *testing.T, version wire.Version, id string) (s checkoutSession) {
	t.Helper()
	got, err := exchangeIn(t.Context(), version, http.MethodGet, r.ACPBaseURL+"/checkout_sessions/"+id, r.BearerToken, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.decode(t, &s); s.Order == nil {
		wiretest.Validate(t, string(version.Released()), "CheckoutSession", []byte(got.Raw))
	}
	return s
}

// holder plays the card holder in front of the bank's page.
func (r *running) holder(t *testing.T, outcome string) {
	t.Helper()
	var payments []money
	r.eventually(t, "the bank has been asked", func() bool {
		payments = r.money(t).Payments
		return len(payments) > 0
	})
	last := payments[len(payments)-1]
	got := r.send(t, http.MethodPost, r.StripeURL+"/_sandbox/payments/"+last.ID+"/authenticate", "", "", map[string]any{"outcome": outcome})
	if got.Status != http.StatusOK {
		t.Fatalf("authenticate: %d %s", got.Status, got.Raw)
	}
}

// A card's bank that wants the holder's confirmation keeps the session in
// progress until they gave it, failed to, or took too long; nobody has to ask.
func TestAPaymentWaitsForItsCardHolder(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for tasks that look every two seconds")
	}
	waits := map[wire.Version]string{wire.V20250929: "in_progress", wire.Newest(): "complete_in_progress"}
	for version, waiting := range waits {
		for outcome, end := range map[string]struct{ status, code string }{
			"authenticated": {"completed", ""},
			"failed":        {"ready_for_payment", "payment_declined"},
			"":              {"ready_for_payment", "requires_3ds"},
		} {
			t.Run(string(version)+"/"+outcome, func(t *testing.T) {
				t.Parallel()
				var c clock
				r := startSandbox(t, func(f *sandboxFlags) { f.now = c.now })
				s, words := r.open(t, version), speechOf(version)
				path := "/checkout_sessions/" + s.ID + "/complete"
				body := fmt.Sprintf(words.pay, r.token(t, s.total(), "pm_card_threeDSecure2Required"))
				for _, again := range []string{"at first", "under a new key"} {
					got := r.insistIn(t, version, path, body)
					if got.decode(t, &s); got.Status/100 != 2 || s.Status != waiting {
						t.Fatalf("%s: %d %s", again, got.Status, got.Raw)
					}
				}
				if s = r.read(t, version, s.ID); s.Status != waiting || s.Order != nil {
					t.Fatalf("while it waits: %+v", s)
				}
				if outcome == "" {
					c.advance(11 * time.Minute)
				} else {
					r.holder(t, outcome)
				}
				r.eventually(t, "the session is "+end.status, func() bool {
					s = r.read(t, version, s.ID)
					return s.Status == end.status
				})
				if end.code == "" {
					r.soldOnce(t, s)
					return
				}
				if !s.says(end.code) {
					t.Errorf("it says %+v", s.Messages)
				}
				r.soldNothing(t)
				got := r.insistIn(t, version, path, fmt.Sprintf(words.pay, r.token(t, s.total(), "pm_card_visa")))
				if got.decode(t, &s); s.Status != "completed" {
					t.Errorf("pay again: %d %s", got.Status, got.Raw)
				}
			})
		}
	}
}
