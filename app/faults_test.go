package app

import (
	"net/http"
	"strings"
	"testing"
)

// TestAFaultyRemoteNeitherLosesNorDoublesASale fails each remote call of a
// purchase in each way, and lets the agent insist with the same key.
func TestAFaultyRemoteNeitherLosesNorDoublesASale(t *testing.T) {
	onEachEngine(t, func(t *testing.T, start starter) {
		remotes := map[string]func(*running) string{
			"shopify": func(r *running) string { return r.ShopifyURL },
			"stripe":  func(r *running) string { return r.StripeURL },
			"agent":   func(r *running) string { return r.AgentURL },
		}
		for _, f := range []struct {
			remote, operation string
			modes             []string
		}{
			{"shopify", "draftOrderCalculate", []string{"drop_before", "http_500", "throttle", "garbage"}},
			{"shopify", "draftOrderCreate", []string{"drop_before", "drop_after", "http_500", "throttle", "garbage"}},
			{"shopify", "draftOrder", []string{"drop_before", "garbage"}},
			{"shopify", "draftOrderComplete", []string{"drop_before", "drop_after", "http_500", "throttle", "garbage"}},
			{"shopify", "order", []string{"drop_before", "http_500"}},
			{"shopify", "orderCreateManualPayment", []string{"drop_before", "drop_after", "throttle"}},
			{"stripe", "granted_tokens.retrieve", []string{"drop_before", "http_500"}},
			{"stripe", "payment_intents.create", []string{"drop_before", "drop_after", "throttle"}},
			{"stripe", "payment_intents.capture", []string{"drop_before", "drop_after", "http_500", "throttle", "user_error"}},
			{"agent", "order_events", []string{"drop_before", "drop_after", "http_500", "throttle"}},
		} {
			for _, mode := range f.modes {
				t.Run(f.remote+"/"+f.operation+"/"+mode, func(t *testing.T) {
					if testing.Short() && mode != "drop_after" {
						t.Skip("only lost answers in short mode; the full run has every fault")
					}
					leaveToSchedules(t, mode)
					t.Parallel()
					r := start(t, nil)
					s := r.payable(t)
					token := r.token(t, s.total(), "pm_card_visa")
					r.fault(t, remotes[f.remote](r), f.operation, mode, 1)
					got := r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), payment(token))
					got.decode(t, &s)
					if got.Status != http.StatusOK || s.Status != "completed" {
						t.Fatalf("complete: %d %s", got.Status, got.Raw)
					}
					r.soldOnce(t, s)
					r.eventually(t, "the agent hears of the order", func() bool { return r.heard(t, "order_create") > 0 })
				})
			}
		}
	})
}

// leaveToSchedules: under the race detector, which makes each sale slow, what
// fails without a doubt is played on one engine; the crash schedules mix every
// fault on both.
func leaveToSchedules(t *testing.T, mode string) {
	t.Helper()
	if raceDetector && mode != "drop_after" && strings.Contains(t.Name(), "/postgres/") {
		t.Skip("on SQLite under the race detector; the crash schedules have it on PostgreSQL")
	}
}

// heard counts the events of a type that the agent platform accepted.
func (r *running) heard(t *testing.T, kind string) int {
	t.Helper()
	var books struct {
		Events []struct {
			Body  string `json:"body"`
			Valid bool   `json:"signature_valid"`
		} `json:"events"`
	}
	r.send(t, http.MethodGet, r.AgentURL+"/_sandbox/state", "", "", nil).decode(t, &books)
	count := 0
	for _, e := range books.Events {
		var event struct {
			Type string `json:"type"`
		}
		reply{Raw: e.Body}.decode(t, &event)
		if event.Type == kind && e.Valid {
			count++
		}
	}
	return count
}

func TestARefusedPurchaseHoldsNothingAndCanBePaidAgain(t *testing.T) {
	onEachEngine(t, func(t *testing.T, start starter) {
		for _, c := range []struct {
			name, card, code string
			prepare          func(t *testing.T, r *running)
		}{
			{"declined card", "pm_card_chargeDeclined", "payment_declined", nil},
			{"order refused by the shop", "pm_card_visa", "out_of_stock", func(t *testing.T, r *running) {
				r.fault(t, r.ShopifyURL, "draftOrderComplete", "user_error", 1)
			}},
			{"draft refused by the shop", "pm_card_visa", "out_of_stock", func(t *testing.T, r *running) {
				r.fault(t, r.ShopifyURL, "draftOrderCreate", "user_error", 1)
			}},
		} {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				r := start(t, nil)
				s := r.payable(t)
				if c.prepare != nil {
					c.prepare(t, r)
				}
				got := r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), payment(r.token(t, s.total(), c.card)))
				got.decode(t, &s)
				if got.Status != http.StatusOK || s.Status != "ready_for_payment" || !s.says(c.code) {
					t.Fatalf("complete: %d %s", got.Status, got.Raw)
				}
				r.soldNothing(t)
				got = r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), payment(r.token(t, s.total(), "pm_card_visa")))
				got.decode(t, &s)
				if s.Status != "completed" {
					t.Fatalf("pay again: %d %s", got.Status, got.Raw)
				}
				r.soldOnce(t, s)
			})
		}
	})
}

func TestAPriceThatChangedIsToldNotCharged(t *testing.T) {
	onEachEngine(t, func(t *testing.T, start starter) {
		r := start(t, nil)
		s := r.payable(t)
		before := s.total()
		item := r.item(t)
		r.send(t, http.MethodPost, r.ShopifyURL+"/_sandbox/products/"+item, "", "", map[string]any{"price": "999.00"})
		got := r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), payment(r.token(t, 10*before+200000, "pm_card_visa")))
		got.decode(t, &s)
		if got.Status != http.StatusOK || s.Status != "ready_for_payment" || !s.says("price_change") || s.total() == before {
			t.Fatalf("complete: %d %s", got.Status, got.Raw)
		}
		r.soldNothing(t)
		got = r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), payment(r.token(t, s.total(), "pm_card_visa")))
		if got.decode(t, &s); s.Status != "completed" {
			t.Fatalf("complete at the new price: %d %s", got.Status, got.Raw)
		}
		r.soldOnce(t, s)
	})
}

func TestStockThatRanOutIsToldNotCharged(t *testing.T) {
	onEachEngine(t, func(t *testing.T, start starter) {
		r := start(t, nil)
		s := r.payable(t)
		r.send(t, http.MethodPost, r.ShopifyURL+"/_sandbox/products/"+r.item(t), "", "", map[string]any{"inventory": 0})
		got := r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), payment(r.token(t, s.total(), "pm_card_visa")))
		got.decode(t, &s)
		if got.Status != http.StatusOK || s.Status != "not_ready_for_payment" || (!s.says("out_of_stock") && !s.says("quantity_exceeded")) {
			t.Fatalf("complete: %d %s", got.Status, got.Raw)
		}
		r.soldNothing(t)
	})
}
