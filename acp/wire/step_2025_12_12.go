package wire

import "strings"

// What 2025-12-12 changed: the address became a part of fulfillment_details, the
// one chosen option a list, the ways to pay got their card networks, line items
// a name and pictures, and seller_shop_policies became return_policy.

// raise20251212 reads a body of 2025-09-29 as one of 2025-12-12. The kind of the
// chosen option stays open: its id tells.
func raise20251212(body *node) *node {
	return body.renamed(map[string]rename{
		"fulfillment_address": {"fulfillment_details", within("address")},
		"fulfillment_option_id": {"selected_fulfillment_options", func(id *node) *node {
			return alone(within("shipping")(within("option_id")(id)))
		}},
	})
}

type session20250929 struct {
	session20251212
	PaymentProvider *provider20250929 `json:"payment_provider,omitempty"`
	LineItems       []line20250929    `json:"line_items"`
	Address         *addressBody      `json:"fulfillment_address,omitempty"`
	OptionID        string            `json:"fulfillment_option_id,omitempty"`
}

type provider20250929 struct {
	Provider string   `json:"provider"`
	Methods  []string `json:"supported_payment_methods"`
}

type line20250929 struct {
	ID   string       `json:"id"`
	Item item20260116 `json:"item"`
	amounts20260116
}

// lower20251212 shows a session in the words of 2025-09-29. The order stays,
// although the schema of the base closes itself against it, because the answer
// to complete must have one (CheckoutSessionWithOrder).
func lower20251212(s session20251212) session20250929 {
	older := session20250929{session20251212: s, LineItems: make([]line20250929, len(s.LineItems))}
	for i, l := range s.LineItems {
		older.LineItems[i] = line20250929{l.ID, l.Item, l.amounts20260116}
	}
	if s.PaymentProvider != nil {
		older.PaymentProvider = &provider20250929{s.PaymentProvider.Provider, []string{"card"}}
	}
	if s.FulfillmentDetails != nil {
		older.Address = s.FulfillmentDetails.Address
	}
	older.OptionID = theOneOption(s.Selected)
	older.FulfillmentDetails, older.Selected = nil, nil
	for i := range older.Links {
		if older.Links[i].Type == "return_policy" {
			older.Links[i].Type = "seller_shop_policies"
		}
	}
	for i := range older.Messages {
		older.Messages[i].Param = param20250929(older.Messages[i].Param)
	}
	return older
}

// theOneOption prefers what has to be sent, which costs.
func theOneOption(selected []selection20260116) string {
	id := ""
	for _, chosen := range selected {
		switch {
		case chosen.Shipping != nil:
			return chosen.Shipping.OptionID
		case chosen.Digital != nil:
			id = chosen.Digital.OptionID
		}
	}
	return id
}

// param20250929 names a member of 2025-12-12 as 2025-09-29 does.
func param20250929(param string) string {
	if line, ok := strings.CutSuffix(param, ".unit_amount"); ok {
		return line // lines have no price of one
	}
	if strings.HasPrefix(param, "$.selected_fulfillment_options") {
		return "$.fulfillment_option_id"
	}
	if rest, ok := strings.CutPrefix(param, "$.fulfillment_details"); ok {
		rest, _ = strings.CutPrefix(rest, ".address")
		if unknownToAddress(rest) {
			rest = ""
		}
		return "$.fulfillment_address" + rest
	}
	return param
}

// unknownToAddress are the members that fulfillment_details has beside its
// address.
func unknownToAddress(member string) bool { return member == ".email" || member == ".phone_number" }
