package app

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
)

// paidOnce checks that the buyer's card holds nothing and that nothing is left
// to decide: the order was paid in Shopify.
func (s sold) paidOnce(box *sandbox) {
	s.t.Helper()
	s.eventually(s.t, "the reservation is given back", func() bool { return s.aftermath(s.t).Payments[0].Status == "canceled" })
	s.eventually(s.t, "the ledger says so", func() bool { return box.moves(s)[acp.MoveVoid] == s.total })
	if taken := box.moves(s)[acp.MoveCapture]; taken != 0 || s.inShop().Financial != "PAID" || len(box.matters(s.t)) != 0 {
		s.t.Errorf("taken %d, the order is %s, staff are told of %+v", taken, s.inShop().Financial, box.matters(s.t))
	}
	var now checkoutSession
	s.send(s.t, http.MethodGet, s.ACPBaseURL+"/checkout_sessions/"+string(s.session), s.BearerToken, "", nil).decode(s.t, &now)
	if now.Status != "completed" || now.Order == nil {
		s.t.Errorf("the session is %s with the order %+v", now.Status, now.Order)
	}
}

func TestAnOrderThatTheBuyerPaysOnItsPageIsNotChargedAgain(t *testing.T) {
	inFull(t)
	t.Parallel()
	var c clock
	box, s, mended := unpaid(t, nil, "stripe", "payment_intents.capture", func(f *sandboxFlags) { f.now = c.now })
	c.advance(2 * time.Minute) // within what the agent allows of a signature; a young order is not looked at
	s.staff("pay", map[string]any{"online": true})
	mended()
	s.paidOnce(box)
	s.eventually(t, "the agent hears that it is paid", func() bool { return strings.Contains(s.lastEvent(t), `"confirmed"`) })
}

func TestAPurchaseUnderReviewThatTheBuyerPaysByInvoiceIsNotChargedAgain(t *testing.T) {
	inFull(t)
	t.Parallel()
	box, r := startOpened(t, nil)
	if got := r.staffAct(t, "/app/acceptance", "total=0.01&total_then=review&review_hours=1"); got.Status != http.StatusOK {
		t.Fatalf("rules: %d %s", got.Status, got.Raw)
	}
	held, _ := r.held(t, wire.Newest())
	r.pay(t, r.shop(t).Drafts[0].InvoiceURL)
	r.staffAct(t, "/app/reviews/"+held.ID, "decision=approve") // or the webhook was faster
	r.eventually(t, "it is sold", func() bool { return r.read(t, wire.Newest(), held.ID).Status == "completed" })
	s := sold{
		running: r, t: t, order: numericTail(r.shop(t).Orders[0].ID), payment: r.aftermath(t).Payments[0].ID, key: box.keys.StripeKey,
		total: held.total(), session: acp.SessionID(held.ID),
	}
	s.paidOnce(box)
}

// Money that was taken before it is known that the buyer paid in Shopify, too,
// is not given back by itself: staff are told.
func TestAnOrderThatIsPaidTwiceIsTold(t *testing.T) {
	inFull(t)
	t.Parallel()
	box, s, mended := unpaid(t, nil, "shopify", "orderCreateManualPayment")
	s.eventually(t, "the money is taken", func() bool { return s.aftermath(t).Payments[0].Status == "succeeded" })
	s.staff("pay", map[string]any{"online": true})
	mended()
	m := box.tells(t, acp.MatterPaidTwice, "")
	if m.OrderName != "#1001" || m.PaymentID != s.payment || m.Amount.Amount != s.total || m.Problem == "" {
		t.Errorf("staff read %+v", m)
	}
	s.quiet()
	if n := len(s.aftermath(t).Refunds); n != 0 || s.inShop().Financial != "PAID" {
		t.Errorf("%d refunds, the order is %s", n, s.inShop().Financial)
	}
	s.refundAtStripe(s.total)
	s.eventually(t, "the payment is closed", func() bool {
		p, err := box.bridge.store.Payment(t.Context(), box.merchant(t).ID, s.session)
		return err == nil && p.State == acp.PaymentRefunded
	})
	if list := box.matters(t); len(list) != 1 || len(s.inShop().Refunds) != 0 {
		t.Errorf("staff are told of %+v, Shopify has %+v", list, s.inShop().Refunds)
	}
}
