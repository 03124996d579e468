package app

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

// matters are what staff are told to look at.
func (s *sandbox) matters(t *testing.T) []acp.MoneyMatter {
	t.Helper()
	m := s.merchant(t)
	list, err := s.bridge.store.Matters(context.Background(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func (s *sandbox) merchant(t *testing.T) acp.Merchant {
	t.Helper()
	m, err := s.bridge.store.MerchantByShop(context.Background(), sandboxShop)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// tells waits until staff are told of one matter.
func (s *sandbox) tells(t *testing.T, kind acp.MatterKind, problem string) acp.MoneyMatter {
	t.Helper()
	var list []acp.MoneyMatter
	eventually(t, "staff are told", func() bool {
		list = s.matters(t)
		return len(list) == 1 && list[0].Kind == kind && (kind != acp.MatterRefund || list[0].Problem == problem)
	})
	return list[0]
}

// moves is the ledger of a sale: what happened to how much money.
func (s *sandbox) moves(of sold) map[acp.MovementKind]int64 {
	of.t.Helper()
	list, err := s.bridge.store.Movements(context.Background(), s.merchant(of.t).ID, of.session)
	if err != nil {
		of.t.Fatal(err)
	}
	sums := map[acp.MovementKind]int64{}
	for _, v := range list {
		sums[v.Kind] += v.Amount.Amount
	}
	return sums
}

// hears waits until the agent's last event has such an adjustment.
func (s sold) hears(kind, status string) {
	s.t.Helper()
	s.eventually(s.t, "the agent hears of a "+kind+" that is "+status, func() bool {
		list, _ := s.adjustments()
		return slices.ContainsFunc(list, func(a adjustment) bool { return a.Type == kind && a.Status == status })
	})
}

// bankSays is what the buyer's bank does with the only refund.
func (s sold) bankSays(status string) {
	s.t.Helper()
	refunds := s.aftermath(s.t).Refunds
	got := s.send(s.t, http.MethodPost, s.StripeURL+"/_sandbox/refunds/"+refunds[len(refunds)-1].ID, "", "", map[string]any{"status": status})
	if got.Status != http.StatusOK {
		s.t.Fatalf("refund %s: %d %s", status, got.Status, got.Raw)
	}
}

func TestARefundLargerThanWhatIsLeftIsToldAndNotTried(t *testing.T) {
	inFull(t)
	t.Parallel()
	box, s := opened(t, func(f *acp.Following) { f.ProviderRefunds = false })
	s.refundAtStripe(500)
	s.hears("refund", "completed")
	s.staff("refund", nil)
	box.tells(t, acp.MatterRefund, acp.ProblemRefundTooLarge)
	s.hears("refund", "failed")
	s.quiet()
	if books := s.aftermath(t); len(books.Refunds) != 1 || books.Payments[0].Refunded != 500 {
		t.Errorf("Stripe has %+v", books.Refunds)
	}
	if n := len(s.inShop().Refunds); n != 1 {
		t.Errorf("Shopify has %d refunds, want only its own", n)
	}
}

func TestARefundThatFailsLaterIsCorrectedAndCanBeMadeByHand(t *testing.T) {
	inFull(t)
	t.Parallel()
	box, s := opened(t, nil)
	s.staff("refund", map[string]any{"amount": "3.00"})
	s.comesTo(300, 1)
	s.bankSays("failed")
	matter := box.tells(t, acp.MatterRefund, acp.ProblemRefundFailed)
	s.hears("refund", "failed")
	if _, told := s.adjustments(); told != 0 {
		t.Errorf("the agent is still told of %d refunded", told)
	}
	if moves := box.moves(s); moves[acp.MoveRefund] != 300 || moves[acp.MoveReinstate] != 300 {
		t.Errorf("ledger %v", moves)
	}
	if err := box.bridge.store.HandleMatter(t.Context(), box.merchant(t).ID, matter.Kind, matter.ID); err != nil || len(box.matters(t)) != 0 {
		t.Errorf("handled: %v, left %+v", err, box.matters(t))
	}
	s.refundAtStripe(300) // by hand, instead
	s.eventually(t, "the agent hears that it is back", func() bool { _, told := s.adjustments(); return told == 300 })
	s.allHeard(t)
	s.quiet()
	if n := len(s.inShop().Refunds); n != 1 || s.aftermath(t).Payments[0].Refunded != 300 {
		t.Errorf("%d refunds in Shopify, %+v at Stripe", n, s.aftermath(t).Refunds)
	}
	if moves := box.moves(s); moves[acp.MoveRefund] != 600 || moves[acp.MoveReinstate] != 300 {
		t.Errorf("ledger %v", moves)
	}
}

func TestARefundIsRecordedInShopifyWhenTheMoneyIsGone(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for calls that are tried again: the failed and the disputed payment stand for it in short mode")
	}
	t.Parallel()
	box, r := startOpened(t, nil)
	s := sellBy(t, r, box.keys.StripeKey, "pm_card_pendingRefund")
	s.refundAtStripe(200)
	s.hears("refund", "pending")
	s.allHeard(t)
	if n := len(s.inShop().Refunds); n != 0 {
		t.Errorf("%d refunds in Shopify while the bank has not taken it", n)
	}
	s.bankSays("succeeded")
	s.comesTo(200, 1)
}

func TestSidesThatDoNotFollowAreLeftAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for calls that are tried again: the failed and the disputed payment stand for it in short mode")
	}
	t.Parallel()
	box, s := opened(t, func(f *acp.Following) { *f = acp.Following{} })
	s.staff("refund", map[string]any{"amount": "3.00"})
	s.hears("refund", "completed") // as Shopify says: staff see to it
	s.quiet()
	if n := len(s.aftermath(t).Refunds); n != 0 {
		t.Errorf("%d refunds at Stripe", n)
	}
	s.refundAtStripe(300) // they did
	s.comesTo(300, 1)
	s.atStripe("/v1/refunds", map[string][]string{"payment_intent": {s.payment}, "amount": {"50"}})
	s.eventually(t, "the agent hears of both", func() bool { _, told := s.adjustments(); return told == 350 })
	if n := len(s.inShop().Refunds); n != 1 || len(box.matters(t)) != 0 {
		t.Errorf("%d refunds in Shopify, matters %+v", n, box.matters(t))
	}
}

// Nobody can say whether refunds of one amount that staff made on both sides
// are one or two: the money goes back once, staff are told, and if they were
// two, the second reaches the order and no more than was paid goes back.
func TestRefundsOfOneAmountOnBothSidesAreTakenForOneAndTold(t *testing.T) {
	inFull(t)
	t.Parallel()
	box, s := opened(t, nil)
	box.idle(t, s.running)
	s.holdEvents(t, true)
	s.fault(t, s.ShopifyURL, "webhooks", "drop_before", 100)
	s.staff("refund", map[string]any{"amount": "3.00"})
	s.refundAtStripe(300)
	s.holdEvents(t, false)
	matter := box.tells(t, acp.MatterRefund, acp.ProblemTakenForOne)
	s.comesTo(300, 1)
	s.quiet()
	if n := len(s.aftermath(t).Refunds); n != 1 || matter.Amount.Amount != 300 {
		t.Errorf("%d refunds at Stripe, staff read %+v", n, matter)
	}
	if err := box.bridge.store.HandleMatter(t.Context(), box.merchant(t).ID, matter.Kind, matter.ID); err != nil {
		t.Fatal(err)
	}
	s.refundAtStripe(300) // the buyer was owed both
	s.comesTo(600, 2)
	if left := box.matters(t); len(left) != 0 {
		t.Errorf("staff are told again: %+v", left)
	}
}

// Shopify shows only the first refunds of an order. When there may be more,
// nothing is carried over, staff are told once, and disputes are followed still.
func TestAnOrderWithMoreRefundsThanCanBeReadIsTold(t *testing.T) {
	inFull(t)
	t.Parallel()
	box, s := opened(t, func(f *acp.Following) { f.ShopRefunds = false })
	box.idle(t, s.running)
	s.fault(t, s.ShopifyURL, "webhooks", "drop_before", 1000)
	for range 40 {
		s.staff("refund", map[string]any{"amount": "0.01"})
	}
	s.refundAtStripe(500) // which would be noted on the order
	matter := box.tells(t, acp.MatterManyRefunds, "")
	if matter.Problem != acp.ProblemManyRefunds || !strings.HasPrefix(matter.OrderName, "#") || matter.Amount.Amount != s.total {
		t.Errorf("%+v", matter)
	}
	s.atStripe("/_sandbox/payments/"+s.payment+"/dispute", nil)
	s.eventually(t, "staff are told of the dispute", func() bool { return len(box.matters(t)) == 2 })
	if shop, bank := s.inShop().Refunds, s.aftermath(t).Refunds; len(shop) != 40 || len(bank) != 1 {
		t.Errorf("%d refunds in Shopify, %d at Stripe", len(shop), len(bank))
	}
}

func TestADisputeReachesTheAgentTheOrderAndTheLedger(t *testing.T) {
	inFull(t)
	t.Parallel()
	box, s := opened(t, nil)
	dispute := func(status string) {
		t.Helper()
		got := s.send(t, http.MethodPost, s.StripeURL+"/_sandbox/payments/"+s.payment+"/dispute", "", "", map[string]any{"status": status})
		if got.Status != http.StatusOK {
			t.Fatalf("dispute: %d %s", got.Status, got.Raw)
		}
	}
	dispute("needs_response")
	s.hears("dispute", "pending")
	if m := box.tells(t, acp.MatterDispute, ""); m.Dispute != acp.DisputeOpen || m.Amount.Amount != s.total {
		t.Errorf("%+v", m)
	}
	s.eventually(t, "the order is tagged", func() bool { return slices.Contains(s.inShop().Tags, disputeTagged) })
	if moves := box.moves(s); moves[acp.MoveDispute] != s.total || moves[acp.MoveReinstate] != 0 {
		t.Errorf("ledger %v", moves)
	}
	dispute("won")
	s.hears("dispute", "failed")
	s.eventually(t, "staff are told no more", func() bool { return len(box.matters(t)) == 0 })
	if moves := box.moves(s); moves[acp.MoveDispute] != s.total || moves[acp.MoveReinstate] != s.total {
		t.Errorf("ledger %v", moves)
	}
}

const disputeTagged = "payment-disputed"

// unpaid is an order whose payment cannot be taken, or not recorded, until
// mended is called.
func unpaid(t *testing.T, choose func(*acp.Following), remote, operation string, flags ...func(*sandboxFlags)) (box *sandbox, s sold, mended func()) {
	t.Helper()
	box, r := startOpened(t, func(f *sandboxFlags) {
		for _, set := range flags {
			set(f)
		}
	})
	if choose != nil {
		box.choose(t, choose)
	}
	at := map[string]string{"stripe": r.StripeURL, "shopify": r.ShopifyURL}[remote]
	r.fault(t, at, operation, "throttle", lasting)
	session := r.payable(t)
	r.insist(t, "/checkout_sessions/"+session.ID+"/complete", r.key(), payment(r.token(t, session.total(), "pm_card_visa"))).decode(t, &session)
	if session.Status != "completed" {
		t.Fatalf("session is %s", session.Status)
	}
	s = sold{running: r, t: t, order: numericTail(r.shop(t).Orders[0].ID), payment: r.aftermath(t).Payments[0].ID, key: box.keys.StripeKey, total: session.total(), session: acp.SessionID(session.ID)}
	return box, s, func() { r.mended(t, at) }
}

func TestAReservationThatIsGoneIsTold(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for calls that are tried again: the failed and the disputed payment stand for it in short mode")
	}
	t.Parallel()
	for name, cancels := range map[string]bool{"and the order stands": false, "and the order is canceled": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box, s, mended := unpaid(t, func(f *acp.Following) { f.ProviderCancels = cancels }, "stripe", "payment_intents.capture")
			s.atStripe("/v1/payment_intents/"+s.payment+"/cancel", nil)
			mended()
			if !cancels {
				box.tells(t, acp.MatterLost, "")
				s.quiet()
				if s.inShop().Canceled != nil {
					t.Error("the order was canceled")
				}
				return
			}
			s.eventually(t, "the order is canceled", func() bool { return s.inShop().Canceled != nil })
			s.hears("cancellation", "completed")
			if left := box.matters(t); len(left) != 0 {
				t.Errorf("staff are told of %+v", left)
			}
		})
	}
}

func TestAnOrderCanceledBeforeItsMoneyIsTakenHoldsNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for calls that are tried again: the failed and the disputed payment stand for it in short mode")
	}
	t.Parallel()
	box, s, mended := unpaid(t, nil, "stripe", "payment_intents.capture")
	s.staff("cancel", nil)
	s.eventually(t, "the reservation is released", func() bool { return s.aftermath(t).Payments[0].Status == "canceled" })
	mended()
	s.hears("cancellation", "completed")
	if left := box.matters(t); len(left) != 0 || box.moves(s)[acp.MoveCapture] != 0 {
		t.Errorf("staff are told of %+v, ledger %v", left, box.moves(s))
	}
}

func TestAnOrderCanceledBeforeItsPaymentIsRecordedIsGivenBack(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for calls that are tried again: the failed and the disputed payment stand for it in short mode")
	}
	t.Parallel()
	for name, gives := range map[string]bool{"by itself": true, "by staff": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box, s, mended := unpaid(t, func(f *acp.Following) { f.ShopCancels = gives }, "shopify", "orderCreateManualPayment")
			s.eventually(t, "the money is taken", func() bool { return s.aftermath(t).Payments[0].Status == "succeeded" })
			s.staff("cancel", nil)
			mended()
			if !gives {
				box.tells(t, acp.MatterRefund, acp.ProblemCanceledPaid)
				s.refundAtStripe(s.total)
			}
			s.eventually(t, "the money is back", func() bool { return s.aftermath(t).Payments[0].Refunded == s.total })
			s.hears("refund", "completed")
			s.hears("cancellation", "completed")
			s.allHeard(t)
			if n := len(s.aftermath(t).Refunds); n != 1 || len(box.matters(t)) != 0 {
				t.Errorf("%d refunds, staff are told of %+v", n, box.matters(t))
			}
		})
	}
}
