package acp

import "fmt"

// assess rewrites the session's messages and, from them, its status.
func (s *Session) assess() error {
	s.Messages = nil
	for i, l := range s.Lines {
		s.assessLine(fmt.Sprintf("$.line_items[%d]", i), l)
	}
	stocked := !blocking(s.Messages)
	s.assessDelivery()
	s.assessDiscounts()
	if s.Handover != nil && stocked {
		s.say(Message{Type: Info, Content: "The buyer finishes this purchase in the shop's own checkout, at continue_url."})
	}
	if s.TaxesIncluded && s.Totals.Tax > 0 {
		s.say(Message{Type: Info, Content: "The shop's prices include tax."})
	}
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
			Content: l.Title + " is out of stock.",
		})
	case l.Availability != Backorder && l.Stock != nil && *l.Stock < l.Quantity:
		s.say(Message{
			Type: Problem, Code: CodeQuantityExceeded, Param: param + ".quantity", Resolution: ResolveByBuyerInput,
			Content: fmt.Sprintf("Only %d of %s are left.", *l.Stock, l.Title),
		})
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
			Resolution: ResolveByBuyerInput, Content: "A shipping address is needed to offer delivery and tax.",
		})
	case len(s.Options) == 0:
		s.say(Message{
			Type: Problem, Code: CodeRegionRestricted, Param: "$.fulfillment_details.address",
			Resolution: ResolveByBuyerInput, Content: "The shop does not ship these items to this address.",
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
				s.say(Message{
					Type: Warning, Code: d.Rejected, Param: fmt.Sprintf("$.discounts.codes[%d]", i),
					Resolution: ResolveRecoverable, Content: d.Reason,
				})
			}
		}
	}
}

func (s *Session) say(m Message) { s.Messages = append(s.Messages, m) }
