package acp_test

import (
	"sync"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// held is a purchase that the merchant's rules leave to staff.
func (w *world) held() acp.SessionID {
	w.t.Helper()
	w.rule(acp.Acceptance{Total: acp.Limit{Most: 499, Then: acp.Review}, ReviewHours: 2})
	return w.complete(w.create(delegated))
}

// takenBack is one that the agent canceled when the provider was out of reach.
func (w *world) takenBack(id acp.SessionID) acp.SessionID {
	w.unreachable(id)
	if _, err := w.checkout.Cancel(w.t.Context(), w.caller(delegated), id, acp.CancelRequest{}); err == nil {
		w.t.Error("canceled without the provider")
	}
	return w.note(id)
}

func TestStaffOrTheirTimeDecideAPurchaseThatIsHeld(t *testing.T) {
	for name, c := range map[string]struct {
		decide func(w *world, id acp.SessionID)
		status acp.Status
		code   string
		voided int
	}{
		"approved": {func(w *world, id acp.SessionID) { w.must(w.decide(id, true)) }, acp.Completed, "", 0},
		"refused":  {func(w *world, id acp.SessionID) { w.must(w.decide(id, false)) }, acp.Ready, acp.CodePaymentDeclined, 1},
		"canceled": {func(w *world, id acp.SessionID) { w.cancel(id) }, acp.Canceled, "", 1},
		"left": {func(w *world, id acp.SessionID) {
			w.clock = w.clock.Add(2 * time.Hour)
			w.look(id)
		}, acp.Expired, acp.CodeConflict, 1}, // the session itself lives for an hour in this world
		"approved when the total had changed": {func(w *world, id acp.SessionID) {
			w.shop.total = 501
			w.must(w.decide(id, true))
		}, acp.Ready, acp.CodePriceChange, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			id := w.held()
			s := w.session(id)
			if s.Status != acp.PendingApproval || s.Order == nil || s.Order.Status != acp.OrderInReview || w.shop.order != "" || w.payments.voided != 0 {
				t.Fatalf("held: %s %+v, the shop has %q", s.Status, s.Order, w.shop.order)
			}
			if again := w.look(id); again != time.Hour { // a snoozed task keeps the sweep from adding another
				t.Errorf("it is looked at again in %s", again)
			}
			known := s.Order.ID
			c.decide(w, id)
			s = w.session(id)
			if s.Status != c.status || (c.code != "" && !w.says(id, c.code)) || w.payments.voided != c.voided {
				t.Fatalf("decided: %s, %d voided, %+v", s.Status, w.payments.voided, s.Messages)
			}
			if s.Status != acp.Completed && s.Order != nil || s.Status == acp.Completed && (s.Order.PublicID != known || s.Order.ID == known) {
				t.Errorf("the order is %+v", s.Order)
			}
			for _, approve := range []bool{true, false} {
				if err := w.decide(id, approve); acp.KindOf(err) != acp.KindState {
					t.Errorf("decided again: %v", err)
				}
			}
		})
	}
}

func (w *world) decide(id acp.SessionID, approve bool) error {
	_, err := w.checkout.Decide(w.t.Context(), w.merchant, id, approve)
	return err
}

// A reservation may live for less than five days, whatever staff once chose.
func TestAReviewEndsBeforeTheReservationMay(t *testing.T) {
	w := openWorld(t)
	w.merchant.Acceptance = acp.Acceptance{Total: acp.Limit{Most: 499, Then: acp.Review}, ReviewHours: 144}
	w.must(w.store.SetAcceptance(t.Context(), w.merchant.ID, w.merchant.Acceptance))
	s := w.session(w.complete(w.create(delegated)))
	if got := s.Attempt.ReviewBy.Sub(w.clock); got != 4*24*time.Hour {
		t.Errorf("staff have %s", got)
	}
}

// Where the provider says when the reservation lapses, staff have to decide half
// a day before, and of a shorter one they get half.
func TestAReviewEndsWhileTheMoneyCanStillBeTaken(t *testing.T) {
	for name, c := range map[string]struct{ lives, staffHave time.Duration }{
		"it is not known":          {0, 48 * time.Hour},
		"it lives long enough":     {60 * time.Hour, 48 * time.Hour},
		"it lapses in the time":    {50 * time.Hour, 38 * time.Hour},
		"it lives for a short one": {20 * time.Hour, 10 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			w.rule(acp.Acceptance{Total: acp.Limit{Most: 499, Then: acp.Review}, ReviewHours: 48})
			if c.lives > 0 {
				w.payments.lapses = w.clock.Add(c.lives)
			}
			id := w.complete(w.create(delegated))
			pending, err := w.store.Reviews(t.Context(), w.merchant.ID, 9)
			w.must(err)
			if len(pending) != 1 || pending[0].By.Sub(w.clock) != c.staffHave {
				t.Fatalf("staff see %+v", pending)
			}
			w.clock = pending[0].By
			if err := w.decide(id, true); acp.KindOf(err) != acp.KindState {
				t.Errorf("approved when it was too late: %v", err)
			}
			w.look(id)
			if s := w.session(id); s.Attempt.Live() || w.payments.voided != 1 {
				t.Errorf("%s at %s, %d voided", s.Status, s.Attempt.Step, w.payments.voided)
			}
		})
	}
}

// Whoever comes first decides; nobody decides after the time is over.
func TestOneDecisionWins(t *testing.T) {
	w := openWorld(t)
	id := w.held()
	errs := make([]error, 6)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { errs[i] = w.decide(id, i%2 == 0) })
	}
	all.Wait()
	won := 0
	for i, err := range errs {
		switch {
		case err == nil:
			won++
			if done := w.status(id); (done == acp.Completed) != (i%2 == 0) {
				t.Errorf("decision %d won, and it is %s", i, done)
			}
		case acp.KindOf(err) != acp.KindState:
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d decisions won", won)
	}
	late := w.held()
	w.clock = w.clock.Add(2 * time.Hour)
	if err := w.decide(late, true); acp.KindOf(err) != acp.KindState {
		t.Errorf("after the time: %v", err)
	}
}

// A task or a webhook looks at the purchase while staff decide: their decision
// is no conflict, and is carried out as soon as the look is over.
func TestADecisionMeetsALook(t *testing.T) {
	for approve, want := range map[bool]acp.Status{true: acp.Completed, false: acp.Ready} {
		w := openWorld(t)
		id := w.held()
		w.payments.meanwhile = func() {
			w.must(w.decide(id, approve))
			if s := w.session(id); s.Status != acp.InProgress {
				t.Errorf("while it is looked at: %s", s.Status)
			}
		}
		w.look(id)
		if s := w.session(id); s.Status != want || s.Attempt.Live() {
			t.Errorf("approved %t: %s at %s", approve, s.Status, s.Attempt.Step)
		}
	}
}

// Money that is taken at once cannot wait for staff, so it is not taken.
func TestAProviderThatTakesAtOnceIsNotAskedForAHeldPurchase(t *testing.T) {
	w := openWorld(t)
	w.payments.abilities.SeparateCapture = false
	id := w.held()
	if s := w.session(id); s.Status != acp.Ready || !w.says(id, acp.CodePaymentDeclined) || w.payments.asked.Key != "" {
		t.Errorf("%s %+v", s.Status, s.Messages)
	}
}

// While staff look, the agent can read and cancel; paying again tells the same.
func TestAHeldPurchaseCannotBeChanged(t *testing.T) {
	w := openWorld(t)
	id := w.held()
	if _, err := w.checkout.Update(t.Context(), w.caller(delegated), id, acp.UpdateRequest{}); acp.KindOf(err) != acp.KindState {
		t.Errorf("update: %v", err)
	}
	s, err := w.checkout.Complete(t.Context(), w.caller(delegated), id, acp.CompleteRequest{Handler: "card", Token: "spt_2"})
	if err != nil || s.Status != acp.PendingApproval || s.Attempt.Number != 1 {
		t.Errorf("complete: %s %v", s.Status, err)
	}
	pending, err := w.store.Reviews(t.Context(), w.merchant.ID, 9)
	if err != nil || len(pending) != 1 || pending[0].Session != id || pending[0].Items != 1 || len(pending[0].Reasons) != 1 {
		t.Errorf("staff see %+v, %v", pending, err)
	}
}

// Nobody can ever ask a shop that has left to place an order: the buyer's money
// does not wait for that. One that only lost its access is waited for.
func TestAShopThatLeftInTheMiddleKeepsNoMoney(t *testing.T) {
	w := openWorld(t)
	w.shop.closed = true
	id := w.create(delegated)
	if _, err := w.checkout.Complete(t.Context(), w.caller(delegated), id, acp.CompleteRequest{Handler: "card", Token: "spt_1"}); acp.KindOf(err) != acp.KindReauthorize {
		t.Fatal(err)
	}
	if s := w.session(id); s.Status != acp.InProgress || w.payments.voided != 0 {
		t.Fatalf("%s, %d voided", s.Status, w.payments.voided)
	}
	w.must(w.store.Forget(t.Context(), w.merchant.ID))
	w.look(id)
	if s := w.session(id); s.Status != acp.Ready || s.Attempt.Live() || w.payments.voided != 1 {
		t.Errorf("%s at %s, %d voided", s.Status, s.Attempt.Step, w.payments.voided)
	}
}

// What happens to a held purchase behind the app's back, in Shopify's admin or
// at the provider, must not end as an order without money, nor as money without
// an order.
func TestAHeldPurchaseIsDecidedElsewhere(t *testing.T) {
	gone := func(w *world, state acp.PaymentState) { w.payments.state = state }
	for name, c := range map[string]struct {
		meanwhile func(w *world, id acp.SessionID)
		decide    func(w *world, id acp.SessionID)
		status    acp.Status
		order     bool // in the shop, besides those that staff made
		voided    int
	}{
		"the reservation has lapsed": {
			func(w *world, _ acp.SessionID) { gone(w, acp.PaymentVoided) },
			func(w *world, id acp.SessionID) { w.must(w.decide(id, true)) }, acp.Ready, false, 1,
		},
		"the provider tells that it has": {
			func(w *world, _ acp.SessionID) { gone(w, acp.PaymentVoided) },
			func(w *world, id acp.SessionID) { w.look(id) }, acp.Ready, false, 1,
		},
		"staff took the money at the provider": {
			func(w *world, _ acp.SessionID) { gone(w, acp.PaymentCaptured) },
			func(w *world, id acp.SessionID) { w.must(w.decide(id, true)) }, acp.Completed, true, 0,
		},
		"staff made the draft an order": {
			func(w *world, _ acp.SessionID) { w.shop.order = "gid://shopify/Order/1" },
			func(w *world, id acp.SessionID) { w.look(id) }, acp.Completed, true, 0,
		},
		"staff made the draft an order, seen at the end of the time": {
			func(w *world, _ acp.SessionID) { w.shop.order = "gid://shopify/Order/1" },
			func(w *world, id acp.SessionID) {
				w.clock = w.clock.Add(3 * time.Hour)
				w.look(id)
			}, acp.Completed, true, 0,
		},
		"staff made the draft an order, and the agent cancels": {
			func(w *world, _ acp.SessionID) { w.shop.order = "gid://shopify/Order/1" },
			func(w *world, id acp.SessionID) {
				_, err := w.checkout.Cancel(w.t.Context(), w.caller(delegated), id, acp.CancelRequest{})
				if acp.KindOf(err) != acp.KindState {
					w.t.Errorf("canceled: %v", err)
				}
				w.look(id)
			}, acp.Completed, true, 0,
		},
		"staff made the draft an order, and refuse it here": {
			func(w *world, _ acp.SessionID) { w.shop.order = "gid://shopify/Order/1" },
			func(w *world, id acp.SessionID) { w.must(w.decide(id, false)) }, acp.Canceled, true, 1,
		},
		"staff made the draft an order over another total": {
			func(w *world, _ acp.SessionID) { w.shop.order, w.shop.total = "gid://shopify/Order/1", 501 },
			func(w *world, id acp.SessionID) { w.look(id) }, acp.Canceled, true, 1,
		},
		"the shop has left": {
			func(w *world, _ acp.SessionID) { w.must(w.store.Forget(w.t.Context(), w.merchant.ID)) },
			func(w *world, id acp.SessionID) { w.look(id) }, acp.Ready, false, 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			id := w.held()
			c.meanwhile(w, id)
			c.decide(w, id)
			s := w.session(id)
			if s.Status != c.status || s.Attempt.Live() || (w.shop.order != "") != c.order || w.payments.voided != c.voided {
				t.Fatalf("%s at %s, the shop has %q, %d voided", s.Status, s.Attempt.Step, w.shop.order, w.payments.voided)
			}
			moved, err := w.store.Movements(t.Context(), w.merchant.ID, id)
			w.must(err)
			if s.Status == acp.Canceled && !w.says(id, acp.CodeConflict) {
				t.Errorf("the agent reads %+v", s.Messages)
			}
			if last := moved[len(moved)-1]; c.voided > 0 && last.Kind != acp.MoveVoid {
				t.Errorf("the ledger ends with %+v", last)
			}
		})
	}
}
