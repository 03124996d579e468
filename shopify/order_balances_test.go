package shopify_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

func TestTheMoneyOfManyOrdersIsReadAtOnce(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	o, p := s.order()
	ids := []string{o.ID}
	for n := 1; len(ids) < acp.OrderBalancePage; n++ { // deleted ones
		ids = append(ids, fmt.Sprintf("gid://shopify/Order/%d", n))
	}
	read := func() acp.OrderBalance {
		t.Helper()
		got, err := s.OrderBalances(context.Background(), s.merchant, ids)
		s.must(err)
		if len(got) != 1 {
			t.Fatalf("%d orders: %+v", len(got), got)
		}
		return got[o.ID]
	}
	total := acp.Money{Amount: o.Totals.Total, Currency: "usd"}
	if b := read(); b.Paid || b.Name != o.Name || b.Total != total || b.Refunded.Amount != 0 || !b.CanceledAt.IsZero() || b.UpdatedAt.IsZero() {
		t.Errorf("placed: %+v", b)
	}
	s.must(s.RecordPayment(context.Background(), s.merchant, p))
	if b := read(); !b.Paid || b.Received != total {
		t.Errorf("paid: %+v", b)
	}
	s.do(o.ID, "cancel")
	if b := read(); b.Refunded != total || b.CanceledAt.IsZero() {
		t.Errorf("canceled: %+v", b)
	}
	s.fault("nodes", "user_error")
	if _, err := s.OrderBalances(context.Background(), s.merchant, ids); err == nil {
		t.Error("an answer that is none was taken for no orders")
	}
}
