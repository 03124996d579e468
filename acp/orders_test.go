package acp_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// refundedOrder is an order in Shopify and in our books, with what became of
// its money.
type refundedOrder struct {
	acp.OrderBook
	fresh, known acp.Order
	after        acp.Aftermath
	tasks        []acp.Task
}

func (o *refundedOrder) Order(context.Context, acp.MerchantID, string) (acp.KnownOrder, error) {
	return acp.KnownOrder{Order: o.known, Connection: "con_1"}, nil
}

func (o *refundedOrder) SaveOrder(_ context.Context, now acp.Order, _ int64, _ acp.OrderEvent, tasks ...acp.Task) error {
	o.known, o.tasks = now, append(o.tasks, tasks...)
	return nil
}

// follows counts how often its payment is to be followed since the last call.
func (o *refundedOrder) follows() (n int) {
	for _, t := range o.tasks {
		if t.Kind == acp.TaskFollowPayment {
			n++
		}
	}
	o.tasks = nil
	return n
}

type refundedShop struct {
	acp.ShopOrders
	*refundedOrder
}

func (s refundedShop) Order(context.Context, acp.Merchant, string) (acp.Order, error) {
	return s.fresh, nil
}

func (s refundedShop) RecordPayment(context.Context, acp.Merchant, acp.Payment) error { return nil }

type refundedBooks struct {
	acp.PaymentBook
	acp.AftermathBook
	*refundedOrder
}

func (refundedBooks) NoteMatter(context.Context, acp.MerchantID, acp.SessionID, acp.MoneyMatter) error {
	return nil
}

func (refundedBooks) Payment(context.Context, acp.MerchantID, acp.SessionID) (acp.Payment, error) {
	return acp.Payment{State: acp.PaymentRecorded}, nil
}

func (b refundedBooks) Aftermath(context.Context, acp.MerchantID, acp.SessionID) (acp.Aftermath, error) {
	return b.after, nil
}

// What was paid stays so when staff add to the order, as long as a sale stands
// on it; what is only authorized is none.
func TestAnOrderStaysPaidWhileASaleStandsOnIt(t *testing.T) {
	for pending, want := range map[bool]acp.OrderStatus{false: acp.OrderConfirmed, true: acp.OrderCreated} {
		o := &refundedOrder{known: acp.Order{ID: "gid://shopify/Order/1", Session: "cs_1", Currency: "usd", Status: acp.OrderConfirmed, Paid: true}}
		o.fresh = o.known
		o.fresh.Paid, o.fresh.Status, o.fresh.Sales = false, acp.OrderCreated, []acp.OrderSale{{ID: "card", Pending: pending}}
		books := &watchedBooks{session: acp.Session{ID: "cs_1", Merchant: "m_1", Status: acp.Completed}}
		orders, err := acp.NewOrders(acp.Orders{
			Book: o, Shop: refundedShop{refundedOrder: o}, Sessions: books, Merchants: books, Payments: refundedBooks{refundedOrder: o},
			Aftermath: refundedBooks{refundedOrder: o}, Checkout: new(acp.Checkout), Now: time.Now,
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := orders.Refresh(t.Context(), "m_1", o.known.ID); err != nil || o.known.Status != want {
			t.Errorf("pending %t: the agent is told %s, %v", pending, o.known.Status, err)
		}
	}
}

// Shopify shows only the first refunds of an order, and all of their sum.
func TestRefundsThatShopifyDoesNotShowAreFollowedAndCountedOnce(t *testing.T) {
	at := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	o := &refundedOrder{known: acp.Order{ID: "gid://shopify/Order/1", Session: "cs_1", Currency: "usd"}}
	usd := func(cents int64) acp.Money { return acp.Money{Amount: cents, Currency: "usd"} }
	o.fresh = o.known
	books := &watchedBooks{session: acp.Session{ID: "cs_1", Merchant: "m_1", Status: acp.Completed}}
	orders, err := acp.NewOrders(acp.Orders{
		Book: o, Shop: refundedShop{refundedOrder: o}, Sessions: books, Merchants: books, Payments: refundedBooks{refundedOrder: o},
		Aftermath: refundedBooks{refundedOrder: o}, Checkout: new(acp.Checkout), Now: func() time.Time { return at },
	})
	if err != nil {
		t.Fatal(err)
	}
	refresh := func(when string, follows int, refunded int64) {
		t.Helper()
		if err := orders.Refresh(t.Context(), "m_1", o.known.ID); err != nil {
			t.Fatal(err)
		}
		if got := o.follows(); got != follows || o.known.Refunded != refunded {
			t.Errorf("%s: followed %d times, %d refunded, want %d and %d", when, got, o.known.Refunded, follows, refunded)
		}
	}
	for n := range 20 {
		id := fmt.Sprintf("gid://shopify/Refund/%d", n)
		o.fresh.Adjustments = append(o.fresh.Adjustments, acp.Adjustment{ID: id, Type: "refund", Status: "completed", Amount: 10, Manual: true, OccurredAt: at})
		o.after.Refunds = append(o.after.Refunds, acp.RefundEntry{
			Origin: acp.SideShop, OriginID: id, Counterpart: "re_" + id, Amount: usd(10), Carried: acp.CarryDone, Money: acp.RefundSucceeded,
		})
	}
	o.fresh.Refunded = 200
	refresh("all are shown and in the books", 0, 200)
	o.fresh.Refunded = 230
	refresh("one more than is shown", 1, 230)
	refresh("nothing new", 0, 230)
	o.after.Refunds = append(o.after.Refunds, acp.RefundEntry{Origin: acp.SideProvider, OriginID: "re_21", Amount: usd(40), Carried: acp.CarryOpen, Money: acp.RefundSucceeded})
	o.fresh.Refunded = 230
	refresh("one at the provider, not on the order yet", 1, 270)
	o.after.Refunds[20].Counterpart, o.after.Refunds[20].Carried = "gid://shopify/Refund/21", acp.CarryDone
	o.fresh.Refunded = 270
	refresh("and on the order, which does not show it", 0, 270)
}

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
