package handlers_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/handlers"
)

// troubled puts one money matter of each kind into the books.
func (b *bridge) troubled() {
	b.t.Helper()
	now := b.clock.Now()
	usd := func(amount int64) acp.Money { return acp.Money{Amount: amount, Currency: "usd"} }
	refund := acp.RefundEntry{
		Merchant: "m_1", Session: "cs_1", OrderID: "gid://shopify/Order/1040", Provider: "Stripe", PaymentID: "pi_3PtqXY2eZvKYlo2C0aBcDeFg",
		Origin: acp.SideShop, OriginID: "gid://shopify/Refund/7", Counterpart: "re_1", Amount: usd(2599), Carried: acp.CarryDone, Money: acp.RefundFailed,
		Problem: acp.ProblemRefundFailed, CreatedAt: now, UpdatedAt: now,
	}
	large := refund
	large.OriginID, large.Counterpart, large.Money, large.Carried, large.Problem = "gid://shopify/Refund/8", "", "", acp.CarryFailed, acp.ProblemRefundTooLarge
	dispute := acp.DisputeEntry{
		Dispute:  acp.Dispute{ID: "dp_1", Amount: usd(8995), State: acp.DisputeOpen, Reason: "fraudulent", At: now, AnswerBy: now.Add(7 * 24 * time.Hour)},
		Merchant: "m_1", Session: "cs_2", OrderID: "gid://shopify/Order/1042", Provider: "Stripe", PaymentID: "pi_3PtqXY2eZvKYlo2C0aBcDeFh", UpdatedAt: now,
	}
	lost := acp.Payment{Merchant: "m_1", Session: "cs_3", OrderID: "gid://shopify/Order/1041", ProviderID: "pi_2", Provider: "Stripe", Amount: usd(4998), State: acp.PaymentLost, CreatedAt: now, UpdatedAt: now}
	if err := b.books.SaveAftermath(b.t.Context(), acp.Aftermath{Refunds: []acp.RefundEntry{refund, large}, Disputes: []acp.DisputeEntry{dispute}}, nil); err != nil {
		b.t.Fatal(err)
	}
	waiting := lost
	waiting.Session, waiting.ProviderID, waiting.State = "cs_4", "pi_4", acp.PaymentAuthorized
	waiting.CreatedAt, waiting.CaptureBefore = now.Add(-2*time.Hour), now.Add(5*24*time.Hour)
	for _, p := range []acp.Payment{lost, waiting} {
		if err := b.books.SavePayment(b.t.Context(), p, nil); err != nil {
			b.t.Fatal(err)
		}
	}
	twice := acp.MoneyMatter{
		Kind: acp.MatterPaidTwice, ID: "gid://shopify/Order/1044", OrderID: "gid://shopify/Order/1044", OrderName: "#1044", Amount: usd(4998), At: now,
		Problem: "The buyer paid twice: this order comes from the same checkout as order #1043. The agent knows of that one only.",
	}
	unpaid := twice
	unpaid.Kind, unpaid.ID, unpaid.Provider, unpaid.PaymentID = acp.MatterUnpaidOrder, "gid://shopify/Order/1045", "Stripe", "pi_5"
	unpaid.OrderID, unpaid.OrderName = unpaid.ID, "#1045"
	unpaid.Problem = "The order stands in Shopify. The agent's payment of 49.98 USD does not pay it, and was given back: nothing was charged."
	s := acp.Session{ID: "cs_5", Merchant: "m_1", Connection: "con_1", Status: acp.Completed, Currency: "usd", CreatedAt: now, UpdatedAt: now}
	if err := b.books.CreateSession(b.t.Context(), s); err != nil {
		b.t.Fatal(err)
	}
	if s.Matters = []acp.MoneyMatter{twice, unpaid}; b.books.SaveSession(b.t.Context(), &s) != nil {
		b.t.Fatal("the matters of a session were not saved")
	}
}

func TestStaffSeeWhatIsWrongWithMoneyAndTickItOff(t *testing.T) {
	b := open(t)
	b.troubled()
	list := must(b.books.Matters(t.Context(), "m_1"))
	var kinds []acp.MatterKind
	for _, m := range list {
		kinds = append(kinds, m.Kind)
	}
	if !slices.Equal(kinds, []acp.MatterKind{
		acp.MatterLost, acp.MatterCaptureBy, acp.MatterPaidTwice, acp.MatterUnpaidOrder, acp.MatterDispute, acp.MatterRefund, acp.MatterRefund,
	}) {
		t.Fatalf("%v", kinds)
	}
	for i, m := range list {
		wantPage(t, b.staff("/app/matters", "kind="+string(m.Kind)+"&id="+m.ID), http.StatusOK, "Taken off the list")
		if left := must(b.books.Matters(t.Context(), "m_1")); len(left) != len(list)-i-1 {
			t.Errorf("after %s %d are left", m.ID, len(left))
		}
	}
	for _, form := range []string{"kind=lost&id=cs_1", "kind=dispute&id=Stripe/dp_2", "kind=other&id=dp_1", ""} {
		wantPage(t, b.staff("/app/matters", form), http.StatusUnprocessableEntity, "does not exist")
	}
}

func TestStaffChooseWhichSideFollows(t *testing.T) {
	b := open(t, func(c *handlers.Config) { c.MayDelegate = func(acp.Merchant) bool { return true } })
	wantPage(t, b.staff("/app/following", "provider_cancels=on&disputes=on"), http.StatusOK, `name="provider_cancels" value="on" checked`)
	if got := b.merchant().Following; got != (acp.Following{ProviderCancels: true, Disputes: true}) {
		t.Errorf("%+v", got)
	}
}
