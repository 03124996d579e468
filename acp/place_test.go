package acp_test

import (
	"context"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// The draft of a purchase holds the stock from the authorization on, for as
// long as completing may take, and for as long as staff may take to decide; it
// comes out unpaid, and carries what Shopify writes to the buyer with. That of a
// hand-off holds nothing, and is paid in Shopify.
func TestADraftIsMadeForTheWayInWhichItIsPaid(t *testing.T) {
	bill := &acp.Address{Name: "Ada Lovelace", LineOne: "1 Bill Street", City: "London", Country: "GB"}
	pay := func(w *world) acp.SessionID {
		id := w.create(delegated)
		_, err := w.checkout.Complete(w.t.Context(), w.caller(delegated), id, acp.CompleteRequest{Handler: "card", Token: "spt_1", Billing: bill})
		w.must(err)
		return id
	}
	for name, c := range map[string]struct {
		sell  func(w *world) acp.SessionID
		holds time.Duration // the stock; zero: not at all
	}{
		"paid by token": {pay, 2 * time.Minute},
		"held for review": {func(w *world) acp.SessionID {
			w.rule(acp.Acceptance{Total: acp.Limit{Most: 499, Then: acp.Review}, ReviewHours: 2})
			return pay(w)
		}, 2*time.Hour + 2*time.Minute},
		"handed over": {func(w *world) acp.SessionID { return w.followed(w.create(handedOver)) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			id, made := c.sell(w), &w.shop.made
			if made.Session != id || made.Reference == "" || made.Email != "ada@example.com" || made.PaidElsewhere != (c.holds > 0) {
				t.Errorf("%+v", *made)
			}
			if held := made.HoldStock; c.holds == 0 && !held.IsZero() || c.holds > 0 && held.Sub(w.clock) != c.holds {
				t.Errorf("the stock is held until %s", held)
			}
			if c.holds > 0 && (made.Billing == nil || *made.Billing != *bill) {
				t.Errorf("the bill goes to %+v", made.Billing)
			}
		})
	}
}

// slowPayments answers an authorization only when a test lets it.
type slowPayments struct {
	*onePagePayments
	asked chan struct{}
	let   chan struct{}
}

func (p slowPayments) Authorize(ctx context.Context, m acp.Merchant, a acp.Authorization) (acp.Payment, error) {
	close(p.asked)
	select {
	case <-p.let:
		return p.onePagePayments.Authorize(ctx, m, a)
	case <-ctx.Done():
		return acp.Payment{}, &acp.Error{Kind: acp.KindUnknown, Message: "given up", Err: ctx.Err()}
	}
}

// An agent that hangs up in the middle reads that the purchase is under way,
// and the purchase goes on.
func TestAPurchaseGoesOnWithoutItsRequest(t *testing.T) {
	w := openWorld(t)
	slow := slowPayments{w.payments, make(chan struct{}), make(chan struct{})}
	w.by(slow)
	id := w.create(delegated)
	ctx, hangUp := context.WithCancel(t.Context())
	go func() { <-slow.asked; hangUp() }()
	s, err := w.checkout.Complete(ctx, w.caller(delegated), id, acp.CompleteRequest{Handler: "card", Token: "spt_1"})
	if err != nil || s.Status != acp.InProgress || w.status(id) != acp.InProgress {
		t.Fatalf("the agent reads %s, then %s: %v", s.Status, w.status(id), err)
	}
	close(slow.let)
	w.must(w.checkout.Wait(t.Context()))
	if s := w.session(id); s.Status != acp.Completed || s.Order == nil {
		t.Errorf("it came to %s", s.Status)
	}
}
