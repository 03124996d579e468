package app

import (
	"net/http"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

func TestAProviderThatTakesTheMoneyAtOnceGivesItBack(t *testing.T) {
	inFull(t)
	t.Parallel()
	box, r := startOpened(t, nil)
	s := r.payable(t)
	s = r.complete(t, s, tillPayment(r.tillToken(t, s.total(), "good")))
	r.soldOnceAtTill(t, s)
	of := sold{running: r, t: t, order: numericTail(r.shop(t).Orders[0].ID), total: s.total(), session: acp.SessionID(s.ID)}
	of.staff("refund", map[string]any{"amount": "1.00"})
	of.staff("refund", map[string]any{"amount": "1.00"})
	of.eventually(t, "the agent hears of both", func() bool {
		list, told := of.adjustments()
		return told == 200 && len(list) == 2 && list[0].Status == "completed" && list[1].Status == "completed"
	})
	of.quiet()
	if sale := r.till(t).Sales[0]; sale.Refunded != 200 || sale.Refunds != 2 {
		t.Errorf("the till has %+v", sale)
	}
	if moves := box.moves(of); moves[acp.MoveRefund] != 200 || len(box.matters(t)) != 0 {
		t.Errorf("ledger %v, staff are told of %+v", moves, box.matters(t))
	}
}

// Stripe takes no dinars that end in another digit than zero, the till does.
func TestRefundsAreExactInEveryCurrency(t *testing.T) {
	if testing.Short() {
		t.Skip("a sandbox for each currency: not in short mode")
	}
	t.Parallel()
	t.Run("yen", func(t *testing.T) {
		t.Parallel()
		box, of := soldIn(t, "jpy", func(r *running) string { return r.StripeURL }, payment)
		of.payment, of.key = of.aftermath(t).Payments[0].ID, box.keys.StripeKey
		of.staff("refund", map[string]any{"amount": "123"})
		of.comesTo(123, 1)
		of.refundAtStripe(10)
		of.comesTo(133, 2)
	})
	t.Run("dinars", func(t *testing.T) {
		t.Parallel()
		_, of := soldIn(t, "kwd", func(r *running) string { return r.TillURL }, tillPayment)
		of.staff("refund", map[string]any{"amount": "1.231"})
		of.hears("refund", "completed")
		if _, told := of.adjustments(); told != 1231 || of.till(t).Sales[0].Refunded != 1231 {
			t.Errorf("the agent was told %d, the till has %+v", told, of.till(t).Sales)
		}
	})
}

// soldIn sells something in a shop with another currency.
func soldIn(t *testing.T, currency string, grants func(*running) string, pays func(token string) map[string]any) (*sandbox, sold) {
	t.Helper()
	box, r := startOpened(t, func(f *sandboxFlags) { f.Currency = currency })
	order := cart(r.item(t), 1)
	order["currency"] = currency
	var s checkoutSession
	r.post(t, "/checkout_sessions", order).decode(t, &s)
	got := r.send(t, http.MethodPost, grants(r)+"/_sandbox/tokens", "", "", map[string]any{"max_amount": s.total(), "currency": currency})
	token, ok := got.Body["id"].(string)
	if !ok {
		t.Fatal(got.Raw)
	}
	s = r.complete(t, s, pays(token))
	r.eventually(t, "the order is paid", func() bool {
		orders := r.shop(t).Orders
		return len(orders) == 1 && orders[0].Financial == "PAID"
	})
	return box, sold{running: r, t: t, order: numericTail(r.shop(t).Orders[0].ID), total: s.total(), session: acp.SessionID(s.ID)}
}
