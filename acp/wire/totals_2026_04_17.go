package wire

import (
	"encoding/json"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/phrase"
)

type totalBody struct {
	Type        string        `json:"type"`
	DisplayText string        `json:"display_text"`
	Amount      int64         `json:"amount"`
	Breakdown   []taxPartBody `json:"breakdown,omitempty"`
}

type taxPartBody struct {
	Jurisdiction string      `json:"jurisdiction"`
	Rate         json.Number `json:"rate"`
	Amount       int64       `json:"amount"`
}

// totalsOf lists an order's amounts. Agents check that
// total = items_base_amount - items_discount - discount + fulfillment + tax +
// fee; discounts are positive numbers, and entries that are zero are left out
// where they would only be noise.
func totalsOf(l phrase.Language, t acp.Totals, shipped bool) []totalBody {
	totals := []totalBody{{Type: "items_base_amount", DisplayText: l.Say(phrase.TitleItems), Amount: t.ItemsBase}}
	add := func(kind string, title acp.TextKey, amount int64, always bool) {
		if always || amount != 0 {
			totals = append(totals, totalBody{Type: kind, DisplayText: l.Say(title), Amount: amount})
		}
	}
	add("items_discount", phrase.TitleItemDiscounts, t.ItemsDiscount, false)
	add("subtotal", phrase.TitleSubtotal, t.Subtotal(), true)
	add("discount", phrase.TitleDiscount, t.Discount, false)
	add("fulfillment", phrase.TitleShipping, t.Fulfillment, shipped)
	totals = append(totals, totalBody{Type: "tax", DisplayText: l.Say(phrase.TitleTax), Amount: t.Tax, Breakdown: breakdownOf(t)})
	add("fee", phrase.TitleFees, t.Fee, false)
	add("total", phrase.TitleTotal, t.Total, true)
	return totals
}

func lineTotalsOf(language phrase.Language, l acp.Line) []totalBody {
	totals := []totalBody{{Type: "items_base_amount", DisplayText: language.Say(phrase.TitleBaseAmount), Amount: l.Base}}
	if l.Discount != 0 {
		totals = append(totals, totalBody{Type: "items_discount", DisplayText: language.Say(phrase.TitleDiscount), Amount: l.Discount})
	}
	return append(totals,
		totalBody{Type: "subtotal", DisplayText: language.Say(phrase.TitleSubtotal), Amount: l.Subtotal()},
		totalBody{Type: "tax", DisplayText: language.Say(phrase.TitleTax), Amount: l.Tax},
		totalBody{Type: "total", DisplayText: language.Say(phrase.TitleTotal), Amount: l.Total()})
}

// breakdownOf lists the taxes one by one, or not at all when a rate is not
// known as a number or the parts do not make up the whole: half a breakdown
// would mislead.
func breakdownOf(t acp.Totals) []taxPartBody {
	var parts []taxPartBody
	left := t.Tax
	for _, p := range t.TaxParts {
		if !plainDecimal(p.Rate) {
			return nil
		}
		parts = append(parts, taxPartBody{Jurisdiction: p.Title, Rate: json.Number(p.Rate), Amount: p.Amount})
		left -= p.Amount
	}
	if left != 0 {
		return nil
	}
	return parts
}

// plainDecimal reports whether a rate is written as JSON writes a number:
// "0.0725", not ".07" or "7 %".
func plainDecimal(rate string) bool {
	n, err := parse([]byte(rate))
	return err == nil && n.kind == numberKind && n.text == rate
}
