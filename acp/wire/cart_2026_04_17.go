package wire

import (
	"slices"

	"github.com/acp-bridge/acp-bridge/acp"
)

// The shapes of the cart's request bodies of 2026-04-17. As in checkouts, a
// line item takes the quantity that Item of the schema lacks; the published
// examples of carts send it, too.
var (
	cartCreate20260417 = object(
		must("line_items", nonEmpty(list(lineItem20260417))),
		may("buyer", buyer20260417),
		may("locale", text(maxID)),
	)
	cartReplace20260417 = object(
		must("line_items", nonEmpty(list(lineItem20260417))),
		may("buyer", buyer20260417),
	)
	cartCancel20260417 = open()
)

func cart20260417() cartDialect {
	return cartDialect{
		create: cartCreate20260417, replace: cartReplace20260417, cancel: cartCancel20260417,
		readCreate: readCart20260417, readReplace: readCart20260417, cart: cartOf20260417,
	}
}

func readCart20260417(body *node) acp.CartRequest {
	return acp.CartRequest{
		Items: readItems(body.get("line_items")), Buyer: readBuyer(body.get("buyer")), Locale: body.get("locale").str(),
	}
}

// cartBody is Cart of 2026-04-17: no status, no capabilities, no payment.
type cartBody struct {
	ID          string         `json:"id"`
	LineItems   []lineItemBody `json:"line_items"`
	Buyer       *buyerBody     `json:"buyer,omitempty"`
	Currency    acp.Currency   `json:"currency"`
	Totals      []totalBody    `json:"totals"`
	Messages    []messageBody  `json:"messages,omitempty"`
	ContinueURL string         `json:"continue_url,omitempty"`
	ExpiresAt   string         `json:"expires_at,omitempty"`
}

func cartOf20260417(w CartView) any {
	c := w.Cart
	lines := lineItemsOf(w.Language, acp.Session{Lines: c.Lines})
	for i := range lines {
		lines[i].Totals = estimated(lines[i].Totals)
	}
	return cartBody{
		ID: string(c.ID), LineItems: lines, Buyer: buyerOf(c.Buyer), Currency: c.Currency,
		Totals: estimated(totalsOf(w.Language, c.Totals, false)), Messages: messagesOf(w.Language, c.Messages),
		ContinueURL: webAddress(w.ContinueURL), ExpiresAt: at(c.ExpiresAt),
	}
}

// estimated leaves out a tax of nothing: without an address it means that the
// tax is not known, not that there is none (cart RFC: tax may be omitted).
func estimated(totals []totalBody) []totalBody {
	return slices.DeleteFunc(totals, func(t totalBody) bool { return t.Type == "tax" && t.Amount == 0 })
}
