package acp

import (
	"cmp"
	"fmt"
	"slices"
)

const selectedParam = "$.selected_fulfillment_options[%d]"

// checkSelected refuses what can be told without asking the shop: lines that
// are not in the cart, and goods that would go different ways.
func (s *Session) checkSelected(selected []Selection) error {
	physical := ""
	for i, sel := range selected {
		at := fmt.Sprintf(selectedParam, i)
		for j, id := range sel.Lines {
			if s.lineAt(id) < 0 {
				return Invalid(CodeInvalid, fmt.Sprintf("%s.item_ids[%d]", at, j), fmt.Sprintf("item %q is not in this checkout", id))
			}
		}
		if sel.OptionID == DigitalOption {
			continue
		}
		if physical != "" && physical != sel.OptionID {
			return Invalid(CodeInvalid, at+".option_id",
				"this shop delivers all physical items of a checkout the same way: choose one option for them, or open a checkout for each")
		}
		physical = sel.OptionID
	}
	return nil
}

// lineAt finds a line by its own id or by that of its item, which is what the
// official examples name.
func (s *Session) lineAt(id string) int {
	return slices.IndexFunc(s.Lines, func(l Line) bool { return l.ID == id || string(l.Item) == id })
}

// wanted is the option that the agent chose for the physical goods.
func wanted(selected []Selection) string {
	for _, sel := range selected {
		if sel.OptionID != DigitalOption {
			return sel.OptionID
		}
	}
	return ""
}

// checkOffered holds what the agent chose against what is offered.
func (s *Session) checkOffered(selected []Selection, options []FulfillmentOption, q Quote) error {
	covered := make(map[int]bool, len(s.Lines))
	named := false
	for i, sel := range selected {
		at := fmt.Sprintf(selectedParam, i)
		found := slices.IndexFunc(options, func(o FulfillmentOption) bool { return o.ID == sel.OptionID })
		if found < 0 {
			return Invalid(CodeInvalid, at+".option_id", fmt.Sprintf("fulfillment option %q is not offered", sel.OptionID))
		}
		kind := options[found].Kind
		if sel.Kind != "" && sel.Kind != kind {
			return Invalid(CodeInvalid, at+".type", fmt.Sprintf("fulfillment option %q is of type %s", sel.OptionID, kind))
		}
		for j, id := range sel.Lines {
			line := s.lineAt(id)
			if !kind.serves(q.Lines[line].Shippable) {
				return Invalid(CodeInvalid, fmt.Sprintf("%s.item_ids[%d]", at, j), fmt.Sprintf("item %q cannot be fulfilled by %s", id, kind))
			}
			covered[line], named = true, named || kind != Digital
		}
	}
	for i, l := range q.Lines {
		if named && l.Shippable && !covered[i] {
			return Invalid(CodeInvalid, "$.selected_fulfillment_options", fmt.Sprintf(
				"this shop delivers all physical items of a checkout the same way: name %q too, or no items at all", s.Lines[i].ID))
		}
	}
	return nil
}

// firstRate is the rate to price in at once: the wanted one, else the one
// chosen before, else what would be preselected, as far as they are known.
func firstRate(known []FulfillmentOption, complete bool, s *Session, want string) string {
	switch {
	case want != "" && offers(known, want):
		return want
	case want != "":
		return "" // the pricing will tell whether it exists
	case offers(known, s.Selected):
		return s.Selected
	case complete:
		return preselected(known)
	default:
		return ""
	}
}

// choose keeps the preferred option where it is offered. Otherwise the
// cheapest delivery is preselected (App Store requirement 1.1.10: nothing
// dearer than necessary).
func choose(options []FulfillmentOption, prefer string) string {
	physical := only(options, Shipping, Pickup, LocalDelivery)
	switch {
	case offers(physical, prefer):
		return prefer
	case len(physical) == 0 && len(options) > 0:
		return DigitalOption
	default:
		return preselected(physical)
	}
}

// preselected is the cheapest option that brings the goods to the address. A
// pickup is never preselected although it is free: an agent that gives an
// address asks for delivery, and a buyer who finds out in the confirmation
// that they must fetch the goods has been cheated.
func preselected(options []FulfillmentOption) string {
	delivered := only(options, Shipping, LocalDelivery)
	if len(delivered) == 0 {
		return ""
	}
	return slices.MinFunc(delivered, func(a, b FulfillmentOption) int { return cmp.Compare(a.Amount, b.Amount) }).ID
}

func offers(options []FulfillmentOption, id string) bool {
	return slices.ContainsFunc(options, func(o FulfillmentOption) bool { return o.ID == id })
}

// optionsOf are the ways to receive a priced cart: the shop's rates as priced
// now, what else it offers, and digital delivery for what need not be moved.
func optionsOf(q Quote, known []FulfillmentOption) []FulfillmentOption {
	options := []FulfillmentOption{}
	physical := func(l QuotedLine) bool { return l.Shippable }
	if slices.ContainsFunc(q.Lines, physical) {
		for _, r := range q.Rates {
			options = append(options, FulfillmentOption{ID: r.Handle, Title: r.Title, Kind: Shipping, Amount: r.Amount})
		}
		for _, o := range only(known, LocalDelivery, Pickup) {
			if o.ID == q.Rate {
				o.Amount = q.RateAmount
			}
			options = append(options, o)
		}
	}
	if slices.ContainsFunc(q.Lines, func(l QuotedLine) bool { return !l.Shippable }) {
		options = append(options, FulfillmentOption{ID: DigitalOption, Kind: Digital})
	}
	return options
}

// rate is the shipping rate to order with; digital goods have none.
func (s *Session) rate() string {
	if s.Selected == DigitalOption {
		return ""
	}
	return s.Selected
}
