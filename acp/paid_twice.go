package acp

import (
	"context"
	"fmt"
)

// What staff read about a second order of a checkout that had one already.
const (
	problemPaidTwice   = "The buyer paid twice: this order comes from the same checkout as order %s. The agent knows of that one only."
	problemOrderedMore = "This order comes from the same checkout as order %s, which the buyer has paid. The agent knows of that one only."
)

// secondOrder tells staff of an order that another draft of the session has
// become after the session was completed. The order is real, and whether money
// goes back is for them to decide. Nothing is told of one that was canceled or
// deleted meanwhile.
func (c *Checkout) secondOrder(ctx context.Context, m Merchant, s *Session, id string) error {
	o, err := c.Orders.Order(ctx, m, id)
	switch {
	case KindOf(err) == KindNotFound || err == nil && !o.CanceledAt.IsZero():
		return nil
	case err != nil:
		return fmt.Errorf("read the second order of a checkout: %w", err)
	}
	kind, problem := MatterPaidTwice, problemPaidTwice
	if !o.Paid {
		kind, problem = MatterUnpaidOrder, problemOrderedMore
	}
	s.Matters = append(s.Matters, MoneyMatter{
		Kind: kind, ID: o.ID, OrderID: o.ID, OrderName: o.Name, Amount: Money{Amount: o.Totals.Total, Currency: o.Currency},
		Problem: fmt.Sprintf(problem, s.Order.Name), At: c.Now(),
	})
	return nil
}
