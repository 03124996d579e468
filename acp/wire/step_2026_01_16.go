package wire

import "github.com/acp-bridge/acp-bridge/acp"

// What 2026-01-16 changed: options carry totals instead of three amounts, and
// the ways to pay name the merchant's account. Requests stayed as they were.

type session20251212 struct {
	session20260116
	PaymentProvider *provider20251212 `json:"payment_provider,omitempty"`
	Options         []option20251212  `json:"fulfillment_options"`
}

type provider20251212 struct {
	Provider string           `json:"provider"`
	Methods  []method20260116 `json:"supported_payment_methods"`
}

// option20251212 is a price in minor units; subtotal and tax add up to total.
type option20251212 struct {
	Type     acp.FulfillmentKind `json:"type"`
	ID       string              `json:"id"`
	Title    string              `json:"title"`
	Subtitle string              `json:"subtitle,omitempty"`
	Subtotal int64               `json:"subtotal"`
	Tax      int64               `json:"tax"`
	Total    int64               `json:"total"`
}

// lower20260116 shows a session in the words of 2025-12-12.
func lower20260116(s session20260116) session20251212 {
	older := session20251212{session20260116: s, Options: make([]option20251212, len(s.Options))}
	for i, o := range s.Options {
		total, tax := amountOf(o.Totals, "total"), amountOf(o.Totals, "tax")
		older.Options[i] = option20251212{
			Type: o.Type, ID: o.ID, Title: o.Title, Subtitle: o.Description, Subtotal: total - tax, Tax: tax, Total: total,
		}
	}
	if s.PaymentProvider != nil {
		older.PaymentProvider = &provider20251212{s.PaymentProvider.Provider, s.PaymentProvider.Methods}
	}
	return older
}

// amountOf is the entry of a type, zero when there is none.
func amountOf(totals []totalBody, kind string) int64 {
	for _, t := range totals {
		if t.Type == kind {
			return t.Amount
		}
	}
	return 0
}
