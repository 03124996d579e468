package acp

import (
	"testing"
	"time"
)

// A refund that is being recorded on the order is told once, also where the
// order shows it before our books do; a second one is told as a second one.
func TestARefundThatIsBeingRecordedIsToldOnce(t *testing.T) {
	at := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	book := func(currency Currency, money RefundState) Aftermath {
		return Aftermath{Refunds: []RefundEntry{
			{Origin: SideProvider, OriginID: "re_1", Amount: Money{Amount: 300, Currency: currency}, Carried: CarryOpen, Money: money, CreatedAt: at},
		}}
	}
	books := book("usd", RefundSucceeded)
	shown := func(amounts ...int64) Order {
		o := Order{Currency: "usd"}
		for i, amount := range amounts {
			o.Adjustments = append(o.Adjustments, Adjustment{
				ID: []string{"gid://1", "gid://2"}[i], Type: "refund", Status: "completed", Manual: true, Amount: amount, OccurredAt: at,
			})
			o.Refunded += amount
		}
		return o
	}
	for name, test := range map[string]struct {
		order    Order
		books    Aftermath
		told     map[string]string
		refunded int64
	}{
		"not on the order yet":               {shown(), books, map[string]string{"re_1": "completed"}, 300},
		"on the order, not in the books":     {shown(300), books, map[string]string{"re_1": "completed"}, 300},
		"another amount beside":              {shown(200), books, map[string]string{"re_1": "completed", "gid://1": "pending"}, 500},
		"the same amount once more by staff": {shown(300, 300), books, map[string]string{"re_1": "completed", "gid://2": "pending"}, 600},
		"one that failed, and staff's own":   {shown(300), book("usd", RefundFailed), map[string]string{"re_1": "failed", "gid://1": "pending"}, 300},
		"another currency":                   {shown(300), book("eur", RefundSucceeded), map[string]string{"re_1": "completed", "gid://1": "pending"}, 600},
	} {
		got := test.order.adjust(test.books, Following{ShopRefunds: true, ProviderRefunds: true})
		told := map[string]string{}
		for _, v := range got.Adjustments {
			told[v.ID] = v.Status
		}
		if len(told) != len(test.told) || len(got.Adjustments) != len(told) || got.Refunded != test.refunded {
			t.Errorf("%s: %+v, %d in all", name, got.Adjustments, got.Refunded)
		}
		for id, status := range test.told {
			if told[id] != status {
				t.Errorf("%s: %s is %q", name, id, told[id])
			}
		}
	}
	if books.Refunds[0].Counterpart != "" {
		t.Error("the books were changed by telling of them")
	}
}
