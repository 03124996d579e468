package acp_test

import (
	"context"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

// changing is a shop whose order changes right after it was read the first time.
type changing struct {
	*onePageShop
	status acp.OrderStatus
	then   func()
}

func (c *changing) Order(ctx context.Context, m acp.Merchant, id string) (acp.Order, error) {
	o, err := c.onePageShop.Order(ctx, m, id)
	o.Status = c.status
	if then := c.then; then != nil {
		c.then = nil
		then()
	}
	return o, err
}

// Two webhooks of one second are handled side by side: whichever is saved last,
// the agent hears the newer state last.
func TestOfTwoReadingsOfAnOrderTheNewerIsToldLast(t *testing.T) {
	w := openWorld(t)
	id := w.complete(w.create(delegated))
	shop := &changing{onePageShop: w.shop, status: acp.OrderShipped}
	orders, err := acp.NewOrders(acp.Orders{
		Book: w.store, Shop: shop, Sessions: w.store, Merchants: w.store, Payments: w.store, Aftermath: w.store, Checkout: w.checkout, Now: w.now,
	})
	w.must(err)
	order := w.session(id).Order.ID
	shop.then = func() {
		shop.status = acp.OrderFulfilled
		w.must(orders.Refresh(t.Context(), w.merchant.ID, order))
	}
	w.must(orders.Refresh(t.Context(), w.merchant.ID, order))
	known, err := w.store.Order(t.Context(), w.merchant.ID, order)
	w.must(err)
	events, err := w.store.PendingEvents(t.Context(), w.merchant.ID, order)
	w.must(err)
	if last := events[len(events)-1].Order; known.Status != acp.OrderFulfilled || last.Status != acp.OrderFulfilled || len(events) != 2 {
		t.Errorf("stored %s, told %s last, in %d events", known.Status, last.Status, len(events))
	}
}
