package acp

import (
	"fmt"
	"slices"
)

// assess adds to the messages what there is to say about the lines.
func (f *filling) assess() {
	s := &f.session
	for i, l := range s.Lines {
		param := fmt.Sprintf("$.line_items[%d]", i)
		s.assessLine(param, l)
		s.assessPrice(param, l, f.shown)
		if f.offline[l.Item] && f.left(l) > 0 {
			s.say(Message{Type: Info, Param: param, Text: TextNotInStorefront, Args: []Argument{textOf("item", l.Title)}})
		}
	}
	s.Messages = append(s.Messages, s.standing()...)
}

// left is how much of a line the shop will sell.
func (f *filling) left(l Line) int64 {
	switch {
	case l.Availability == OutOfStock:
		return 0
	case l.Availability != Backorder && l.Stock != nil:
		return max(min(l.Quantity, *l.Stock), 0)
	default:
		return l.Quantity
	}
}

// unsellable reports whether nothing of the cart can be sold.
func (f *filling) unsellable() bool {
	return !slices.ContainsFunc(f.session.Lines, func(l Line) bool { return f.left(l) > 0 })
}

// sellable are the lines for the storefront's cart, which refuses what it has
// not enough of and what is not published there.
func (f *filling) sellable() []CartLine {
	var lines []CartLine
	for _, l := range f.session.Lines {
		if quantity := f.left(l); quantity > 0 && !f.offline[l.Item] {
			lines = append(lines, CartLine{VariantID: l.VariantID, Quantity: quantity})
		}
	}
	return lines
}
