package acp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// OrderBook keeps the orders that agents made, as the agents last heard of
// them.
type OrderBook interface {
	// Order reads one by Shopify's global id; KindNotFound for orders that no
	// agent made.
	Order(ctx context.Context, m MerchantID, id string) (KnownOrder, error)
	// SaveOrder writes the order in the place of that revision, appends the
	// event for the agent and enqueues the tasks, in one commit. KindNotFound
	// when no agent made the order; KindStale when another revision is stored,
	// or a later order: the agent must not be told the older state last.
	SaveOrder(ctx context.Context, o Order, revision int64, e OrderEvent, tasks ...Task) error
}

// KnownOrder is an order as the agent that sold it last heard of it.
type KnownOrder struct {
	Order
	Connection ConnectionID
	Revision   int64 // raised by every change in the books
}

// Orders follows what becomes of orders in Shopify.
type Orders struct {
	Book      OrderBook
	Shop      ShopOrders
	Sessions  Sessions
	Merchants Merchants
	Payments  PaymentBook
	Aftermath AftermathBook
	Checkout  *Checkout
	Now       func() time.Time
}

// NewOrders checks that nothing is missing.
func NewOrders(o Orders) (*Orders, error) {
	if o.Book == nil || o.Shop == nil || o.Sessions == nil || o.Merchants == nil || o.Payments == nil || o.Aftermath == nil || o.Checkout == nil || o.Now == nil {
		return nil, errors.New("orders: a field is missing")
	}
	return &o, nil
}

// Refresh reads the order as it is now. An order of a hand-off completes its
// session; a change that an agent can see becomes an order event; orders that
// no agent made are none of our business.
//
// Two webhooks of one second are handled side by side, so what is known is read
// before the shop is: whoever has read the shop later finds, or leaves, another
// revision.
func (o *Orders) Refresh(ctx context.Context, id MerchantID, orderID string) error {
	for attempt := 1; ; attempt++ {
		err := o.refresh(ctx, id, orderID)
		if KindOf(err) != KindStale || attempt == staleRetries {
			return err
		}
	}
}

func (o *Orders) refresh(ctx context.Context, id MerchantID, orderID string) error {
	m, err := o.Merchants.Merchant(ctx, id)
	if err != nil {
		return err
	}
	known, err := o.Book.Order(ctx, id, orderID)
	unknown := KindOf(err) == KindNotFound
	if err != nil && !unknown {
		return err
	}
	fresh, err := o.Shop.Order(ctx, m, orderID)
	switch {
	case KindOf(err) == KindNotFound:
		return nil
	case err != nil:
		return fmt.Errorf("read order: %w", err)
	case unknown && fresh.Session == "":
		return nil
	case unknown:
		return o.Checkout.PaidInShop(ctx, m, fresh)
	}
	return o.tell(ctx, m, known, fresh)
}

func (o *Orders) tell(ctx context.Context, m Merchant, known KnownOrder, fresh Order) error {
	s, err := o.Sessions.Session(ctx, m.ID, "", known.Session)
	if err != nil {
		return err
	}
	fresh, after, paidHere, err := o.after(ctx, s, fresh)
	if err != nil {
		return err
	}
	tasks := []Task{{Kind: TaskSendEvents, Merchant: m.ID, Key: fresh.ID}}
	if paidHere && fresh.unfollowed(known.Order, after) {
		tasks = append(tasks, Task{Kind: TaskFollowPayment, Merchant: m.ID, Key: string(s.ID)})
	}
	fresh.URL = permalink(fresh, m)
	fresh = s.adopt(fresh)
	if paidHere {
		fresh = fresh.adjust(after, m.Following)
	}
	fresh = fresh.stillCharged(known.Order).stillPaid(known.Order)
	same, err := looksTheSame(known.Order, fresh)
	if err != nil || same {
		return err
	}
	event := OrderEvent{
		Merchant: m.ID, Connection: known.Connection, Session: s.ID, OrderID: fresh.ID,
		Type: OrderUpdate, Order: fresh, CreatedAt: o.Now(),
	}
	return o.Book.SaveOrder(ctx, fresh, known.Revision, event, tasks...)
}

// after is the order as its payment makes it read, and what became of the
// money, where it was paid here.
func (o *Orders) after(ctx context.Context, s Session, fresh Order) (_ Order, a Aftermath, paidHere bool, err error) {
	p, err := o.Payments.Payment(ctx, s.Merchant, s.ID)
	if KindOf(err) == KindNotFound {
		return fresh, Aftermath{}, false, nil
	}
	if err != nil {
		return fresh, Aftermath{}, false, err
	}
	a, err = o.Aftermath.Aftermath(ctx, s.Merchant, s.ID)
	return fresh.of(p), a, true, err
}

// looksTheSame compares what agents are told; Shopify touches updatedAt for
// reasons of its own.
func looksTheSame(a, b Order) (bool, error) {
	a.UpdatedAt, b.UpdatedAt = time.Time{}, time.Time{}
	a.Locale, b.Locale = "", ""
	left, err := json.Marshal(a)
	if err != nil {
		return false, err
	}
	right, err := json.Marshal(b)
	return bytes.Equal(left, right), err
}
