package acp

import "fmt"

// assess rewrites the session's messages and, from them, its status.
// shown are the unit prices that the agent has seen before.
func (s *Session) assess(m Merchant, shown map[ItemID]int64) error {
	s.Messages = nil
	for i, l := range s.Lines {
		param := fmt.Sprintf("$.line_items[%d]", i)
		s.assessLine(param, l)
		s.assessPrice(param, l, shown)
	}
	stocked := !blocking(s.Messages)
	s.assessDelivery()
	if s.Handover == nil { // the shop's own checkout needs nothing of the agent
		s.Messages = append(s.Messages, lacking(requiredInterventions, s.Interventions)...)
	}
	s.assessDiscounts()
	s.assessSignIn(m)
	if s.Handover != nil && stocked {
		s.say(Message{Type: Info, Text: TextHandedOver})
	}
	s.Messages = append(s.Messages, s.standing()...)
	switch {
	case s.Handover != nil && stocked:
		// Shopify's checkout asks for whatever is still missing.
		return s.become(Escalated)
	case blocking(s.Messages):
		return s.become(NotReady)
	default:
		return s.become(Ready)
	}
}

func (s *Session) assessLine(param string, l Line) {
	switch {
	case l.Availability == OutOfStock:
		s.say(Message{
			Type: Problem, Code: CodeOutOfStock, Param: param, Resolution: ResolveByBuyerInput,
			Text: TextOutOfStock, Args: []Argument{textOf("item", l.Title)},
		})
	case l.Availability != Backorder && l.Stock != nil && *l.Stock < l.Quantity:
		s.say(Message{
			Type: Problem, Code: CodeQuantityExceeded, Param: param + ".quantity", Resolution: ResolveByBuyerInput,
			Text: TextFewLeft, Args: []Argument{textOf("item", l.Title), numberOf("count", max(*l.Stock, 0))},
		})
	case l.Availability == LowStock:
		s.say(fewLeft(param, l))
	}
}

func (s *Session) assessDelivery() {
	if !s.shippable() {
		return
	}
	switch {
	case s.address() == nil:
		s.say(Message{
			Type: s.unlessHandedOver(Problem), Code: CodeMissing, Param: "$.fulfillment_details.address",
			Resolution: ResolveByBuyerInput, Text: TextAddressMissing,
		})
	case len(only(s.Options, Shipping, Pickup, LocalDelivery)) == 0:
		s.say(Message{
			Type: Problem, Code: CodeRegionRestricted, Param: "$.fulfillment_details.address",
			Resolution: ResolveByBuyerInput, Text: TextRegionRestricted,
		})
	case s.Selected == "":
		s.say(Message{
			Type: s.unlessHandedOver(Problem), Code: CodeMissing, Param: "$.selected_fulfillment_options",
			Resolution: ResolveByBuyerInput, Text: TextPickupOnly,
		})
	}
}

// unlessHandedOver turns what blocks a payment into a hint when the buyer can
// still mend it in Shopify's checkout.
func (s *Session) unlessHandedOver(t MessageType) MessageType {
	if s.Handover != nil {
		return Info
	}
	return t
}

func (s *Session) assessDiscounts() {
	for i, code := range s.DiscountCodes {
		for _, d := range s.Discounts {
			if d.Rejected != "" && d.Code == code {
				told := d.Rejection()
				told.Param = fmt.Sprintf("$.discounts.codes[%d]", i)
				s.say(told)
			}
		}
	}
}

// standing is what there is to say as long as the amounts are shown, however
// far the purchase has got: unit prices contain the tax, the totals do not.
func (s *Session) standing() []Message {
	if s.TaxesIncluded && s.Totals.Tax > 0 {
		return []Message{{Type: Info, Text: TextTaxIncluded}}
	}
	return nil
}

func (s *Session) say(m Message) { s.Messages = append(s.Messages, m) }
