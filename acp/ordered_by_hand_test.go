package acp_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

func (w *world) matters() []acp.MoneyMatter {
	w.t.Helper()
	list, err := w.store.Matters(w.t.Context(), w.merchant.ID)
	w.must(err)
	return list
}

// A draft that has become an order over another total than was reserved charges
// nobody and does not stay undecided: the money goes back, the session ends,
// and staff read that the order is unpaid.
func TestAnOrderOverAnotherTotalIsNotChargedAndIsShown(t *testing.T) {
	for name, crossed := range map[string]bool{"completing tells so": false, "completing is refused, and it is an order": true} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			w.shop.byHand, w.shop.crossed = 700, crossed
			id := w.complete(w.create(delegated))
			if s := w.session(id); s.Status != acp.Canceled || s.Attempt.Live() || s.Order != nil || !w.says(id, acp.CodeConflict) {
				t.Fatalf("%s at %s: %+v", s.Status, s.Attempt.Step, s.Messages)
			}
			if got, want := w.moved(id), []string{"authorize 5.00", "void 5.00"}; !slices.Equal(got, want) {
				t.Errorf("ledger %q, want %q", got, want)
			}
			w.showsUnpaid(7_00)
		})
	}
}

// showsUnpaid takes off the list what staff read of the one order, which must
// be over so much.
func (w *world) showsUnpaid(total int64) {
	w.t.Helper()
	list := w.matters()
	if len(list) != 1 || list[0].Kind != acp.MatterUnpaidOrder || list[0].OrderName != "#1001" || list[0].Amount.Amount != total ||
		!strings.Contains(list[0].Problem, "5.00 USD") {
		w.t.Fatalf("staff see %+v", list)
	}
	w.must(w.store.HandleMatter(w.t.Context(), w.merchant.ID, list[0].Kind, list[0].ID))
	if left := w.matters(); len(left) != 0 {
		w.t.Errorf("after it was dealt with: %+v", left)
	}
}

// A draft that was refused, cannot be deleted and cannot be looked at may be an
// order: the money is not given back before that is known.
func TestMoneyIsKeptUntilItIsKnownWhetherThereIsAnOrder(t *testing.T) {
	w := openWorld(t)
	w.shop.byHand, w.shop.crossed = 500, true
	w.shop.mute = &acp.Error{Kind: acp.KindUnavailable, Message: "no answer"}
	id := w.create(delegated)
	request := acp.CompleteRequest{Handler: "card", Token: "spt_1"}
	if _, err := w.checkout.Complete(t.Context(), w.caller(delegated), id, request); acp.KindOf(err) != acp.KindUnavailable {
		t.Fatal(err)
	}
	if s := w.session(id); s.Attempt.Step != acp.StepWithdrawing || w.payments.voided != 0 {
		t.Fatalf("%s at %s, %d voided", s.Status, s.Attempt.Step, w.payments.voided)
	}
	w.shop.mute = nil
	w.look(id)
	if s := w.session(id); s.Status != acp.Completed || w.payments.voided != 0 {
		t.Errorf("%s at %s, %d voided", s.Status, s.Attempt.Step, w.payments.voided)
	}
}

// What staff made an order by hand is shown where its payment went back.
func TestAnOrderThatStaffMadeAndRefusedIsShown(t *testing.T) {
	w := openWorld(t)
	id := w.held()
	w.shop.order, w.shop.total = "gid://shopify/Order/1", 501
	w.look(id)
	if s := w.session(id); s.Status != acp.Canceled {
		t.Fatal(s.Status)
	}
	w.showsUnpaid(5_01)
	w.shop.order, w.shop.total = "", 0
	again := w.held()
	w.shop.order, w.shop.total = "gid://shopify/Order/2", 500
	w.must(w.decide(again, false))
	w.showsUnpaid(5_00)
}

// Where the provider refuses to give the payment of such an order back, staff
// read that, too, and nobody says that nothing was charged.
func TestAnOrderWhosePaymentWasKeptIsShown(t *testing.T) {
	w := openWorld(t)
	w.by(stubborn{w.payments})
	w.shop.byHand = 700
	id := w.complete(w.create(delegated))
	s, list := w.session(id), w.matters()
	if s.Status != acp.Canceled || len(s.Messages) != 1 || s.Messages[0].Text != acp.TextNotGivenBack {
		t.Errorf("%s, %+v", s.Status, s.Messages)
	}
	if len(list) != 1 || list[0].Kind != acp.MatterKeptPayment || strings.Contains(list[0].Problem, "nothing was charged") {
		t.Errorf("staff see %+v", list)
	}
}
