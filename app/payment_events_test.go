package app

import (
	"net/http"
	"testing"
)

// events tells the stand-in for Stripe to keep its events back, or to send
// them, the newest first.
func (r *running) holdEvents(t *testing.T, hold bool) {
	t.Helper()
	got := r.send(t, http.MethodPost, r.StripeURL+"/_sandbox/events", "", "", map[string]any{"hold": hold, "newest_first": !hold})
	if got.Status != http.StatusOK {
		t.Fatalf("hold events: %d %s", got.Status, got.Raw)
	}
}

// allHeard waits until the app has taken every event of the stand-in.
func (r *running) allHeard(t *testing.T) {
	t.Helper()
	r.eventually(t, "every event is taken", func() bool {
		var books struct {
			Events struct{ Made, Due int } `json:"events"`
		}
		r.send(t, http.MethodGet, r.StripeURL+"/_sandbox/state", "", "", nil).decode(t, &books)
		return books.Events.Made > 0 && books.Events.Due == 0
	})
}

func TestEventsThatComeLateTwiceAndInReverseDoNoHarm(t *testing.T) {
	inFull(t)
	t.Parallel()
	onEachEngine(t, func(t *testing.T, start starter) {
		r := start(t, nil)
		r.holdEvents(t, true)
		s := r.payable(t)
		refused := r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), payment(r.token(t, s.total(), "pm_card_chargeDeclined")))
		if refused.decode(t, &s); s.Status != "ready_for_payment" {
			t.Fatalf("decline: %s", refused.Raw)
		}
		r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), payment(r.token(t, s.total(), "pm_card_visa"))).decode(t, &s)
		r.soldOnce(t, s)
		r.holdEvents(t, false)
		r.allHeard(t)
		r.soldOnce(t, s)
		if n := len(r.money(t).Payments); n != 2 {
			t.Errorf("%d payments, want the declined one and the other", n)
		}
	})
}

func TestAForgedEventIsRefused(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	got := r.send(t, http.MethodPost, r.AppURL+"/payments/stripe/events", "", "", `{"id":"evt_1","object":"event","type":"payment_intent.succeeded"}`)
	if got.Status != http.StatusUnauthorized {
		t.Errorf("%d %s", got.Status, got.Raw)
	}
}
