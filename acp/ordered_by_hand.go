package acp

import (
	"context"
	"fmt"
)

// What staff read about an order that the buyer's payment does not pay.
const (
	problemUnpaidOrder = "The order stands in Shopify. The agent's payment of %s does not pay it, and was given back: nothing was charged."
	problemKeptPayment = "The order stands in Shopify. The agent's payment of %s was not recorded on it, and the provider refuses to give it back."
)

// orderedByHand is the attempt's draft if it has become an order although this
// app did not make it one: staff did, in Shopify's admin. Zero if not.
func (c *Checkout) orderedByHand(ctx context.Context, m Merchant, s *Session) (Draft, error) {
	d, err := c.Drafts.Draft(ctx, m, s.Attempt.DraftID)
	if kind := KindOf(err); kind == KindNotFound || kind == KindReauthorize {
		return Draft{}, nil
	}
	if err != nil || d.OrderID == "" {
		return Draft{}, err
	}
	return d, nil
}

// orderedOtherwise gives the money of an attempt back whose draft has become an
// order over another total: the buyer agreed to none of the two amounts for
// what stands in the shop now. The session ends, because paying again would
// make a second order.
func (c *Checkout) orderedOtherwise(ctx context.Context, s *Session) error {
	s.Attempt.Cancels = true
	return c.fail(ctx, s, orderedByHand())
}

func orderedByHand() Message {
	return Message{Type: Problem, Code: CodeConflict, Resolution: ResolveByBuyerReview, Text: TextOrderedByHand}
}

// unpaidOrder tells staff of an order that the attempt's draft has become and
// that its payment does not pay. The order is read for its name only: a shop
// that does not answer must not keep the session from its end.
func (c *Checkout) unpaidOrder(ctx context.Context, m Merchant, s *Session, d Draft) MoneyMatter {
	kind, problem := MatterUnpaidOrder, problemUnpaidOrder
	if s.Attempt.Failure.saysKept() {
		kind, problem = MatterKeptPayment, problemKeptPayment
	}
	matter := MoneyMatter{
		Kind: kind, ID: d.OrderID, OrderID: d.OrderID, Provider: s.Attempt.Provider, PaymentID: s.Attempt.PaymentID,
		Amount: d.Total, Problem: fmt.Sprintf(problem, s.Attempt.Amount), At: c.Now(),
	}
	if o, err := c.Orders.Order(ctx, m, d.OrderID); err == nil {
		matter.OrderName = o.Name
	}
	return matter
}
