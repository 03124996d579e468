package app

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Staff add an item to an order that was paid by token and take cash for it.
// What they give back of the cash stays between them and the buyer.
func TestARefundOfCashIsNotSentFromTheCard(t *testing.T) {
	inFull(t)
	t.Parallel()
	box, s := opened(t, nil)
	s.staff("edit", map[string]any{"amount": "10.00"})
	s.staff("pay", nil)
	s.staff("refund", map[string]any{"amount": "10.00", "newest": true})
	s.hears("refund", "completed")
	s.staff("refund", map[string]any{"amount": "3.00"})
	s.eventually(t, "what the card paid goes back to it", func() bool { return s.aftermath(t).Payments[0].Refunded == 300 })
	s.eventually(t, "the agent hears of both", func() bool {
		list, told := s.adjustments()
		open := slices.ContainsFunc(list, func(a adjustment) bool { return a.Status != "completed" })
		return told == 1300 && len(list) == 2 && !open
	})
	s.allHeard(t)
	s.quiet()
	if books := s.aftermath(t); len(books.Refunds) != 1 || books.Payments[0].Refunded != 300 || len(box.matters(t)) != 0 {
		t.Errorf("Stripe has %+v, staff are told of %+v", books.Refunds, box.matters(t))
	}
}

// An order that costs more than was paid is partially paid to Shopify. The
// agent's purchase stays confirmed.
func TestAnOrderThatStaffAddAnItemToStaysConfirmed(t *testing.T) {
	inFull(t)
	t.Parallel()
	box, s := opened(t, nil)
	s.staff("edit", map[string]any{"amount": "10.00"})
	m, id := box.merchant(t), s.shop(t).Orders[0].ID
	if err := box.bridge.orders.Refresh(t.Context(), m.ID, id); err != nil {
		t.Fatal(err)
	}
	if o, err := box.bridge.store.Order(t.Context(), m.ID, id); err != nil || o.Status != acp.OrderConfirmed || !o.Paid {
		t.Errorf("the agent is told of %+v, %v", o, err)
	}
	if told := s.lastEvent(t); !strings.Contains(told, `"confirmed"`) {
		t.Errorf("the agent heard %s", told)
	}
}

func TestAnOrderPaidInShopifyThatStaffAddAnItemToStaysConfirmed(t *testing.T) {
	inFull(t)
	t.Parallel()
	box, r := startOpened(t, nil)
	s := r.handedOver(t, 1)
	r.pay(t, r.follow(t, s))
	r.completes(t, s.ID)
	m, id := box.merchant(t), r.shop(t).Orders[0].ID
	edit := r.ShopifyURL + "/_sandbox/orders/" + numericTail(id) + "/edit"
	if got := r.send(t, http.MethodPost, edit, "", "", map[string]any{"amount": "10.00"}); got.Status != http.StatusOK {
		t.Fatalf("edit: %d %s", got.Status, got.Raw)
	}
	if err := box.bridge.orders.Refresh(t.Context(), m.ID, id); err != nil {
		t.Fatal(err)
	}
	if o, err := box.bridge.store.Order(t.Context(), m.ID, id); err != nil || o.Status != acp.OrderConfirmed || !o.Paid {
		t.Errorf("the agent is told of %+v, %v", o, err)
	}
}
