package acp

// lowStock is how many units left over by a cart make a warning: few enough
// that the next buyer could take them before this one has decided.
const lowStock = 3

// scarce reports whether the shop would have hardly any left after this cart.
func scarce(l QuotedLine, quantity int64) bool {
	return l.Stock != nil && !l.Backorder && *l.Stock >= quantity && *l.Stock-quantity <= lowStock
}

func fewLeft(param string, l Line) Message {
	return Message{
		Type: Warning, Code: CodeLowStock, Param: param,
		Text: TextLowStock, Args: []Argument{textOf("item", l.Title), numberOf("count", *l.Stock)},
	}
}

// prices are the unit prices that the session shows.
func (s *Session) prices() map[ItemID]int64 {
	shown := make(map[ItemID]int64, len(s.Lines))
	for _, l := range s.Lines {
		shown[l.Item] = l.UnitAmount
	}
	return shown
}

// assessPrice tells of a unit price that is not what the agent has seen.
func (s *Session) assessPrice(param string, l Line, shown map[ItemID]int64) {
	before, seen := shown[l.Item]
	if !seen || before == l.UnitAmount {
		return
	}
	from, to := Money{Amount: before, Currency: s.Currency}, Money{Amount: l.UnitAmount, Currency: s.Currency}
	s.say(Message{
		Type: Warning, Code: CodePriceChange, Param: param + ".unit_amount", Resolution: ResolveByBuyerReview,
		Text: TextPriceChanged, Args: []Argument{textOf("item", l.Title), moneyOf("from", from), moneyOf("to", to)},
	})
}

// fulfillmentChanged ends an attempt whose way of delivery the shop no longer
// offers: a buyer who chose a pickup must not find a parcel on the way.
func fulfillmentChanged() *Message {
	return &Message{
		Type: Problem, Code: CodeConflict, Param: "$.selected_fulfillment_options", Resolution: ResolveByBuyerReview,
		Text: TextDeliveryChanged,
	}
}
