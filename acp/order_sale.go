package acp

import (
	"slices"
	"strings"
)

// OrderSale is money that an order has down as paid.
type OrderSale struct {
	ID     string // Shopify's global id
	Method string // what it was recorded under; Shopify's own gateway where Shopify took it
	Manual bool   // taken elsewhere, and noted by this app or by staff
	Amount Money  // zero where it is not read; any manual sale then fits
}

// SaleOf finds what stands on an order for a payment of ours: the sale whose
// method names it, as ShopOrders.RecordPayment does, or one of just its amount
// that staff noted themselves by marking the order paid. Whatever else they
// note, such as cash for an item that was added later, is another payment.
func SaleOf(sales []OrderSale, p Payment) (OrderSale, bool) {
	at := slices.IndexFunc(sales, func(s OrderSale) bool {
		return s.Manual && p.ProviderID != "" && strings.Contains(s.Method, "("+p.ProviderID+")")
	})
	if at < 0 {
		at = slices.IndexFunc(sales, func(s OrderSale) bool { return s.Manual && (s.Amount == p.Amount || s.Amount == Money{}) })
	}
	if at < 0 {
		return OrderSale{}, false
	}
	return sales[at], true
}

// PaidInShop reports whether the buyer paid the order in Shopify, on its page or
// by an invoice of the draft, and not by this payment. What staff marked paid
// does not count: they may have taken it for granted.
func PaidInShop(sales []OrderSale, p Payment) bool {
	_, ours := SaleOf(sales, p)
	return !ours && slices.ContainsFunc(sales, func(s OrderSale) bool { return !s.Manual })
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
		v.Manual = v.Manual && (v.Sale == "" || recorded && v.Sale == sale.ID)
	}
	return o
}

// stillPaid is an order that was paid before and has a sale still: Shopify calls
// it partially paid when staff have added to it.
func (o Order) stillPaid(known Order) Order {
	if known.Paid && len(o.Sales) > 0 {
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
