package acp

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// pricing says what changed since the session was last priced.
type pricing struct {
	Fresh bool   // items or address changed: the rates must be asked for again
	Want  string // fulfillment option that the agent chose; empty: keep
}

// price asks the shop what the session costs now and rewrites its amounts,
// options, messages and status. It takes one call when nothing but the choice
// of a known rate changed, two when the rates must be known before one of them
// can be priced in.
func (c *Checkout) price(ctx context.Context, m Merchant, s *Session, p pricing) error {
	rate := cmp.Or(p.Want, s.Selected)
	if p.Fresh || !offers(s.Options, rate) {
		rate = ""
	}
	q, err := c.quote(ctx, m, s, rate)
	if err != nil {
		return err
	}
	chosen, err := choose(q, s, p.Want)
	if err != nil {
		return err
	}
	if chosen != "" && chosen != q.Rate {
		if q, err = c.Shop.Quote(ctx, m, s.cart(chosen)); err != nil {
			return fmt.Errorf("quote with shipping: %w", err)
		}
	}
	s.apply(q, m, chosen)
	return s.assess()
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

// choose picks the fulfillment option: the wanted one, else the one chosen
// before if it is still offered, else the cheapest (App Store requirement
// 1.1.10: nothing dearer than necessary is preselected).
func choose(q Quote, s *Session, want string) (string, error) {
	if !quotedShippable(q) {
		if want != "" && want != DigitalOption {
			return "", unknownOption(want)
		}
		return "", nil
	}
	offered := func(handle string) bool {
		return slices.ContainsFunc(q.Rates, func(r ShippingRate) bool { return r.Handle == handle })
	}
	switch {
	case want != "" && !offered(want):
		return "", unknownOption(want)
	case want != "":
		return want, nil
	case offered(s.Selected):
		return s.Selected, nil
	case len(q.Rates) == 0:
		return "", nil
	}
	return slices.MinFunc(q.Rates, func(a, b ShippingRate) int { return cmp.Compare(a.Amount, b.Amount) }).Handle, nil
}

func unknownOption(id string) error {
	return Invalid(CodeInvalid, "$.selected_fulfillment_options[0].option_id", fmt.Sprintf("fulfillment option %q is not offered", id))
}

func offers(options []FulfillmentOption, id string) bool {
	return slices.ContainsFunc(options, func(o FulfillmentOption) bool { return o.ID == id })
}

func quotedShippable(q Quote) bool {
	return slices.ContainsFunc(q.Lines, func(l QuotedLine) bool { return l.Shippable })
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
func (s *Session) apply(q Quote, m Merchant, chosen string) {
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
	s.Totals, s.TaxesIncluded, s.Discounts, s.Selected = totals, q.TaxesIncluded, q.Discounts, chosen
	s.Options = optionsOf(q)
	if !quotedShippable(q) {
		s.Selected = DigitalOption
	}
}

func optionsOf(q Quote) []FulfillmentOption {
	if !quotedShippable(q) {
		return []FulfillmentOption{{ID: DigitalOption, Kind: Digital}}
	}
	options := make([]FulfillmentOption, len(q.Rates))
	for i, r := range q.Rates {
		options[i] = FulfillmentOption{ID: r.Handle, Title: r.Title, Kind: Shipping, Amount: r.Amount}
	}
	return options
}

// availabilityOf a quantity: what the shop sells beyond its stock is on
// backorder.
func availabilityOf(l QuotedLine, quantity int64) Availability {
	switch {
	case !l.Available:
		return OutOfStock
	case l.Backorder && l.Stock != nil && *l.Stock < quantity:
		return Backorder
	default:
		return InStock
	}
}
