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
	// Order reads one by Shopify's global id, and the connection that sold
	// it; KindNotFound for orders that no agent made.
	Order(ctx context.Context, m MerchantID, id string) (Order, ConnectionID, error)
	// SaveOrder writes the order, appends the event for the agent and
	// enqueues the tasks, in one commit.
	SaveOrder(ctx context.Context, o Order, e OrderEvent, tasks ...Task) error
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
func (o *Orders) Refresh(ctx context.Context, id MerchantID, orderID string) error {
	m, err := o.Merchants.Merchant(ctx, id)
	if err != nil {
		return err
	}
	fresh, err := o.Shop.Order(ctx, m, orderID)
	if KindOf(err) == KindNotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read order: %w", err)
	}
	known, connection, err := o.Book.Order(ctx, id, orderID)
	switch {
	case KindOf(err) == KindNotFound && fresh.Session == "":
		return nil
	case KindOf(err) == KindNotFound:
		return o.Checkout.PaidInShop(ctx, m, fresh)
	case err != nil:
		return err
	}
	return o.tell(ctx, m, known, fresh, connection)
}

func (o *Orders) tell(ctx context.Context, m Merchant, known, fresh Order, c ConnectionID) error {
	s, err := o.Sessions.Session(ctx, m.ID, "", known.Session)
	if err != nil {
		return err
	}
	after, paidHere, err := o.after(ctx, s)
	if err != nil {
		return err
	}
	tasks := []Task{{Kind: TaskSendEvents, Merchant: m.ID, Key: fresh.ID}}
	if paidHere && fresh.unfollowed(known, after) {
		tasks = append(tasks, Task{Kind: TaskFollowPayment, Merchant: m.ID, Key: string(s.ID)})
	}
	fresh.URL = permalink(fresh, m)
	fresh = s.adopt(fresh)
	if paidHere {
		fresh = fresh.adjust(after, m.Following)
	}
	fresh = fresh.stillCharged(known)
	same, err := looksTheSame(known, fresh)
	if err != nil || same {
		return err
	}
	event := OrderEvent{
		Merchant: m.ID, Connection: c, Session: s.ID, OrderID: fresh.ID,
		Type: OrderUpdate, Order: fresh, CreatedAt: o.Now(),
	}
	return o.Book.SaveOrder(ctx, fresh, event, tasks...)
}

// after is what became of the money of an order that was paid here.
func (o *Orders) after(ctx context.Context, s Session) (a Aftermath, paidHere bool, err error) {
	_, err = o.Payments.Payment(ctx, s.Merchant, s.ID)
	if KindOf(err) == KindNotFound {
		return Aftermath{}, false, nil
	}
	if err != nil {
		return Aftermath{}, false, err
	}
	a, err = o.Aftermath.Aftermath(ctx, s.Merchant, s.ID)
	return a, true, err
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
