package shopify_test

import (
	"context"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

// twoPayments is an order that was paid by token, for which staff then added an item and took cash.
func twoPayments(s *shop, record func(acp.Payment)) acp.Payment {
	s.t.Helper()
	s.mirror()
	o, p := s.order()
	record(p)
	s.do(o.ID, "edit", `{"amount":"10.00"}`)
	s.do(o.ID, "pay")
	return p
}

func TestARefundOfAnotherPaymentIsNotTakenForOneOfOurs(t *testing.T) {
	for name, record := range map[string]func(*shop) func(acp.Payment){
		"recorded by the app": func(s *shop) func(acp.Payment) {
			return func(p acp.Payment) { s.must(s.RecordPayment(t.Context(), s.merchant, p)) }
		},
		"marked paid by staff": func(s *shop) func(acp.Payment) { return func(p acp.Payment) { s.do(p.OrderID, "pay") } },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, s := context.Background(), openShop(t, nil)
			p := twoPayments(s, record(s))
			s.do(p.OrderID, "refund", `{"amount":"10.00","newest":true}`)
			money, err := s.OrderMoney(ctx, s.merchant, p)
			s.must(err)
			if len(money.Refunds) != 0 {
				t.Errorf("the cash was given back, read as %+v", money.Refunds)
			}
			made, err := s.RecordRefund(ctx, s.merchant, p, acp.RefundNote{Name: "re_1", Note: "re_1", Amount: acp.Money{Amount: 300, Currency: "usd"}})
			s.must(err)
			money, err = s.OrderMoney(ctx, s.merchant, p)
			s.must(err)
			if len(money.Refunds) != 1 || money.Refunds[0] != made || made.Amount.Amount != 300 {
				t.Errorf("recorded %+v, read %+v", made, money.Refunds)
			}
		})
	}
}

func TestAPaymentThatIsRecordedStaysSoWhenStaffAddAnItem(t *testing.T) {
	ctx, s := context.Background(), openShop(t, nil)
	s.mirror()
	o, p := s.order()
	s.must(s.RecordPayment(ctx, s.merchant, p))
	s.do(o.ID, "edit", `{"amount":"10.00"}`)
	s.must(s.RecordPayment(ctx, s.merchant, p))
	edited, err := s.Order(ctx, s.merchant, o.ID)
	s.must(err)
	if edited.Totals.Total != p.Amount.Amount+1000 || len(edited.Sales) != 1 {
		t.Errorf("%+v", edited)
	}
}
