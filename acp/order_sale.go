package acp

import (
	"slices"
	"strings"
)

// OrderSale is money that an order has down as paid.
type OrderSale struct {
	ID        string // Shopify's global id
	Method    string // what it was recorded under; Shopify's own gateway where Shopify took it
	Manual    bool   // taken elsewhere, and noted by this app or by staff
	Amount    Money  // zero where it is not read
	Pending   bool   // Shopify has authorized it, or waits for it: it is not taken yet
	GivenBack bool   // all of it; not known where Amount is not read
}

// SaleOf finds what stands on an order for a payment of ours: the sale whose
// method names it, as ShopOrders.RecordPayment does, or what staff noted
// themselves by marking the order paid, which is one of just its amount, or the
// only one and no less. Whatever else they note, such as cash for an item that
// was added later, is another payment.
func SaleOf(sales []OrderSale, p Payment) (OrderSale, bool) {
	for _, fits := range []func(OrderSale) bool{
		func(s OrderSale) bool { return p.ProviderID != "" && strings.Contains(s.Method, "("+p.ProviderID+")") },
		func(s OrderSale) bool { return s.Manual && s.Amount == p.Amount },
		func(s OrderSale) bool {
			covers := s.Amount == Money{} || s.Amount.Currency == p.Amount.Currency && s.Amount.Amount >= p.Amount.Amount
			return s.Manual && len(sales) == 1 && covers
		},
	} {
		if at := slices.IndexFunc(sales, fits); at >= 0 {
			return sales[at], true
		}
	}
	return OrderSale{}, false
}

// PaidInShop reports whether the buyer paid the order in Shopify, on its page or
// by an invoice of the draft, or is about to, and not by this payment. What
// staff marked paid does not count: they may have taken it for granted. Nor does
// what was given back.
func PaidInShop(sales []OrderSale, p Payment) bool {
	_, ours := SaleOf(sales, p)
	return !ours && slices.ContainsFunc(sales, func(s OrderSale) bool { return !s.Manual && !s.GivenBack })
}

// of is the order as agents are told of it when this payment was made for it:
// it stays paid when staff add to it, and what was given back of another payment
// is for staff alone to see to.
func (o Order) of(p Payment) Order {
	sale, recorded := SaleOf(o.Sales, p)
	if recorded {
		o = o.paid()
	}
	o.Adjustments = slices.Clone(o.Adjustments)
	for i := range o.Adjustments {
		v := &o.Adjustments[i]
		v.Manual = v.Manual && slices.ContainsFunc(v.Sales, func(id string) bool { return recorded && (id == "" || id == sale.ID) })
	}
	return o
}

// stillPaid is an order that was paid before and has a sale still: Shopify calls
// it partially paid when staff have added to it.
func (o Order) stillPaid(known Order) Order {
	taken := slices.ContainsFunc(o.Sales, func(s OrderSale) bool { return !s.Pending })
	if known.Paid && taken {
		return o.paid()
	}
	return o
}

func (o Order) paid() Order {
	if o.Paid = true; o.Status == OrderCreated {
		o.Status = OrderConfirmed
	}
	return o
}
