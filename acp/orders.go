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
	Checkout  *Checkout
	Now       func() time.Time
}

// NewOrders checks that nothing is missing.
func NewOrders(o Orders) (*Orders, error) {
	if o.Book == nil || o.Shop == nil || o.Sessions == nil || o.Merchants == nil || o.Checkout == nil || o.Now == nil {
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
	fresh.URL = permalink(fresh, m)
	fresh = s.adopt(fresh)
	fresh.Totals = known.Totals // what was charged at checkout stays
	same, err := looksTheSame(known, fresh)
	if err != nil || same {
		return err
	}
	event := OrderEvent{
		Merchant: m.ID, Connection: c, Session: s.ID, OrderID: fresh.ID,
		Type: OrderUpdate, Order: fresh, CreatedAt: o.Now(),
	}
	return o.Book.SaveOrder(ctx, fresh, event, Task{Kind: TaskSendEvents, Merchant: m.ID, Key: fresh.ID})
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
