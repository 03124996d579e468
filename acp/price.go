package acp

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// pricing says what changed since the session was last priced.
type pricing struct {
	Fresh    bool // items or address changed: the rates must be asked for again
	Selected []Selection
	// Shown are the unit prices that the agent has seen, so that it is told
	// of those that changed.
	Shown map[ItemID]int64
}

// price asks the shop what the session costs now and rewrites its amounts,
// options, messages and status. It takes one call when the rate to price in is
// known, two when the rates must be asked for first.
func (c *Checkout) price(ctx context.Context, m Merchant, s *Session, p pricing) error {
	known, complete, busy := c.deliveries(ctx, m, s, p)
	want := wanted(p.Selected)
	first := firstRate(known, complete, s, want)
	q, err := c.quote(ctx, m, s, first)
	if err != nil {
		return err
	}
	if q.Rate != first {
		known = slices.DeleteFunc(known, func(o FulfillmentOption) bool { return o.ID == first })
	}
	options := optionsOf(q, known)
	if busy != nil && len(options) == 0 { // whether the goods can be had at all is not known
		return fmt.Errorf("ask for a pickup or a local delivery: %w", busy)
	}
	if err := s.checkOffered(p.Selected, options, q); err != nil {
		return err
	}
	chosen := choose(options, cmp.Or(want, q.Rate, s.Selected))
	if chosen != "" && chosen != DigitalOption && chosen != q.Rate {
		if q, err = c.Shop.Quote(ctx, m, s.cart(chosen)); err != nil {
			return fmt.Errorf("quote with shipping: %w", err)
		}
		options = optionsOf(q, known)
	}
	s.apply(q, m, options, chosen)
	return s.assess(m, p.Shown)
}

// quote prices the session with a rate. A rate that the shop no longer knows
// (its handle changes with the cart) is dropped instead of refused.
func (c *Checkout) quote(ctx context.Context, m Merchant, s *Session, rate string) (Quote, error) {
	q, err := c.Shop.Quote(ctx, m, s.cart(rate))
	if rate != "" && KindOf(err) == KindRefused {
		q, err = c.Shop.Quote(ctx, m, s.cart(""))
	}
	if err != nil {
		return Quote{}, fmt.Errorf("quote: %w", err)
	}
	if q.Currency != s.Currency || len(q.Lines) != len(s.Lines) {
		return Quote{}, &Error{Kind: KindInternal, Message: "the shop priced another cart"}
	}
	return q, nil
}

// cart is the session as the shop is asked about it.
func (s *Session) cart(rate string) Cart {
	cart := Cart{
		Currency: s.Currency, Email: s.email(), Buyer: s.Buyer, Address: s.address(), Rate: rate,
		DiscountCodes: s.DiscountCodes, Note: s.Note, Lines: make([]CartLine, len(s.Lines)),
	}
	if s.Fulfillment != nil {
		cart.Phone = s.Fulfillment.Phone
	}
	if s.Attempt != nil {
		cart.Billing = s.Attempt.Billing
	}
	for i, l := range s.Lines {
		cart.Lines[i] = CartLine{VariantID: l.VariantID, Quantity: l.Quantity}
	}
	return cart
}

// apply writes a quote into the session.
func (s *Session) apply(q Quote, m Merchant, options []FulfillmentOption, chosen string) {
	totals, taxes := totalsOf(q, m.TaxShipping)
	for i, ql := range q.Lines {
		l := &s.Lines[i]
		l.UnitAmount, l.Tax = ql.Unit, taxes[i]
		l.Base, l.Discount = ql.Original, ql.Original-ql.Discounted
		if q.TaxesIncluded {
			l.Base -= taxes[i]
		}
		l.Shippable, l.Stock, l.Availability = ql.Shippable, ql.Stock, availabilityOf(ql, l.Quantity)
	}
	s.Totals, s.TaxesIncluded, s.Discounts = totals, q.TaxesIncluded, allocated(q)
	s.Options, s.Selected = options, chosen
}

// availabilityOf a quantity: what the shop sells beyond its stock is on
// backorder.
func availabilityOf(l QuotedLine, quantity int64) Availability {
	switch {
	case !l.Available:
		return OutOfStock
	case l.Backorder && l.Stock != nil && *l.Stock < quantity:
		return Backorder
	case scarce(l, quantity):
		return LowStock
	default:
		return InStock
	}
}
