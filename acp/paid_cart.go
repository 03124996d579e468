package acp

import (
	"slices"
	"strings"
)

// bought makes the session say what the order says, where the buyer paid
// something else than the session holds: an invoice of before the last change,
// another way of delivery, a discount code that Shopify's checkout took. What
// was paid is the truth, and an agent must read it in the session, too.
func (s *Session) bought(o Order) (differs bool) {
	if s.costs(o.Totals) && s.consistsOf(o.Lines) {
		return false
	}
	known := make(map[string]Line, len(s.Lines))
	for _, l := range s.Lines {
		known[l.VariantID] = l
	}
	lines := make([]Line, 0, len(o.Lines))
	for _, sold := range o.Lines {
		l, ok := known[sold.VariantID]
		if !ok || sold.VariantID == "" {
			l = unknownLine(sold)
		}
		delete(known, sold.VariantID) // a second line of one variant is a line of its own
		l.Quantity, l.UnitAmount, l.Tax = sold.Ordered, sold.Unit, sold.Tax
		l.Base, l.Discount = sold.Subtotal+sold.Discount, sold.Discount
		lines = append(lines, l)
	}
	if o.Totals.ItemsDiscount != s.Totals.ItemsDiscount || o.Totals.Discount != s.Totals.Discount {
		s.Discounts = slices.DeleteFunc(s.Discounts, func(d Discount) bool { return d.Rejected == "" })
	}
	if o.Totals.Fulfillment != s.Totals.Fulfillment {
		s.Selected = "" // the buyer chose in the shop's checkout
	}
	s.Lines, s.Totals = lines, o.Totals
	return true
}

// costs reports whether the session comes to the same amounts, however they
// are spread. The tax counts by itself: in a tax-inclusive shop it becomes
// known with the address, and the total stays.
func (s *Session) costs(t Totals) bool { return t.Total == s.Totals.Total && t.Tax == s.Totals.Tax }

// consistsOf reports whether the session's lines are those of the order.
func (s *Session) consistsOf(lines []OrderLine) bool {
	if len(lines) != len(s.Lines) {
		return false
	}
	quantities := make(map[string]int64, len(lines))
	for _, l := range lines {
		quantities[l.VariantID] = l.Ordered
	}
	return !slices.ContainsFunc(s.Lines, func(l Line) bool { return quantities[l.VariantID] != l.Quantity })
}

// unknownLine is something bought that is not, or no longer, in the session. A
// variant's item is its numeric id.
func unknownLine(sold OrderLine) Line {
	id := sold.VariantID
	if id == "" {
		id = sold.ID
	}
	id = id[strings.LastIndexByte(id, '/')+1:]
	return Line{
		ID: "li_" + id, Item: ItemID(id), VariantID: sold.VariantID, Title: sold.Title, Shippable: true, Availability: InStock,
	}
}

// asCharged gives an order that costs what the session says the parts that the
// agent saw before paying: the shop spreads taxes in its own way, and a cent
// that moves from goods to shipping would look like a change.
func (s *Session) asCharged(o Order) Order {
	if !s.costs(o.Totals) {
		return o
	}
	o.Totals = s.Totals
	for i := range o.Lines {
		at := slices.IndexFunc(s.Lines, func(l Line) bool { return l.ID == o.Lines[i].ID && l.Quantity == o.Lines[i].Ordered })
		if at >= 0 {
			l := s.Lines[at]
			o.Lines[i].Subtotal, o.Lines[i].Discount, o.Lines[i].Tax = l.Subtotal(), l.Discount, l.Tax
		}
	}
	return o
}

// stillCharged keeps what was charged at checkout, whatever became of the
// order since.
func (o Order) stillCharged(known Order) Order {
	o.Totals = known.Totals
	for i := range o.Lines {
		at := slices.IndexFunc(known.Lines, func(l OrderLine) bool { return l.ID == o.Lines[i].ID && l.Ordered == o.Lines[i].Ordered })
		if at >= 0 {
			l := known.Lines[at]
			o.Lines[i].Subtotal, o.Lines[i].Discount, o.Lines[i].Tax = l.Subtotal, l.Discount, l.Tax
		}
	}
	return o
}
