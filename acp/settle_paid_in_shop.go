package acp

import (
	"context"
	"fmt"
)

// What staff read about an order that was paid in Shopify although a payment
// was made for it.
const (
	problemPaidTwiceHere = "The buyer paid for this order in Shopify, too, after %s had been taken for it at %s."
	problemPartInShop    = "This order is being paid in Shopify, or was in part. The agent's payment of %s would have been too much, and was given back."
)

// voidPaidInShop gives the authorization of an order back that the buyer has
// paid in Shopify. Staff are told where that did not pay all of it, before the
// payment is saved as voided: afterwards nobody looks again.
func (s *Settlement) voidPaidInShop(ctx context.Context, m Merchant, p Payment, o Order) (Payment, error) {
	if !o.Paid {
		matter := p.matter(MatterUnpaidOrder, fmt.Sprintf(problemPartInShop, p.Amount))
		matter.OrderName, matter.Amount, matter.At = o.Name, Money{Amount: o.Totals.Total, Currency: o.Currency}, s.Now()
		if err := s.Book.NoteMatter(ctx, p.Merchant, p.Session, matter); err != nil {
			return p, err
		}
	}
	return s.void(ctx, m, p, "the buyer paid the order in Shopify")
}

// notePaidTwice tells staff of money that was taken for an order that the buyer
// has paid in Shopify, too. The payment stays captured: it is given back with
// the order when that is canceled, and closed when staff refund it (see
// carrying.close).
func (s *Settlement) notePaidTwice(ctx context.Context, p Payment) error {
	matter := p.matter(MatterPaidTwice, fmt.Sprintf(problemPaidTwiceHere, p.Amount, p.Provider))
	matter.At = s.Now()
	return s.Book.NoteMatter(ctx, p.Merchant, p.Session, matter)
}

// matter is one about the payment's order.
func (p Payment) matter(kind MatterKind, problem string) MoneyMatter {
	return MoneyMatter{
		Kind: kind, ID: p.OrderID, OrderID: p.OrderID, Provider: p.Provider, PaymentID: p.ProviderID, Amount: p.Amount, Problem: problem,
	}
}
