package store

import (
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

const cartVersion = 1

// cartDocument is what of a cart is never queried.
type cartDocument struct {
	Version       int                `json:"v"`
	Agent         string             `json:"agent,omitzero"`
	Lines         []lineDocument     `json:"lines,omitzero"`
	Buyer         *buyerDocument     `json:"buyer,omitzero"`
	Locale        string             `json:"locale,omitzero"`
	Sellable      []cartLineDocument `json:"sellable,omitzero"`
	Totals        totalsDocument     `json:"totals"`
	TaxesIncluded bool               `json:"taxes_included,omitzero"`
	Messages      []messageDocument  `json:"messages,omitzero"`
	UpdatedAt     time.Time          `json:"updated_at,omitzero"`
	ExpiresAt     time.Time          `json:"expires_at,omitzero"`
	CanceledAt    time.Time          `json:"canceled_at,omitzero"`
	CreatedBy     acp.ClaimID        `json:"created_by,omitzero"`
	CanceledBy    acp.ClaimID        `json:"canceled_by,omitzero"`
}

type cartLineDocument struct {
	VariantID string `json:"variant_id"`
	Quantity  int64  `json:"quantity"`
}

func newCartDocument(c acp.SavedCart) cartDocument {
	return cartDocument{
		Version: cartVersion, Agent: c.Agent, Lines: each(c.Lines, newLineDocument), Buyer: (*buyerDocument)(c.Buyer), Locale: c.Locale,
		Sellable: each(c.Sellable, func(l acp.CartLine) cartLineDocument { return cartLineDocument(l) }),
		Totals:   newTotalsDocument(c.Totals), TaxesIncluded: c.TaxesIncluded,
		Messages:  each(c.Messages, newMessageDocument),
		UpdatedAt: c.UpdatedAt, ExpiresAt: c.ExpiresAt, CanceledAt: c.CanceledAt, CreatedBy: c.CreatedBy, CanceledBy: c.CanceledBy,
	}
}

// fill writes the document into a cart that has its columns already.
func (d cartDocument) fill(c *acp.SavedCart) {
	c.Agent, c.Lines, c.Buyer, c.Locale = d.Agent, each(d.Lines, lineDocument.line), (*acp.Buyer)(d.Buyer), d.Locale
	c.Sellable = each(d.Sellable, func(l cartLineDocument) acp.CartLine { return acp.CartLine(l) })
	c.Totals, c.TaxesIncluded = d.Totals.totals(), d.TaxesIncluded
	c.Messages = each(d.Messages, messageDocument.message)
	c.UpdatedAt, c.ExpiresAt, c.CanceledAt = d.UpdatedAt, d.ExpiresAt, d.CanceledAt
	c.CreatedBy, c.CanceledBy = d.CreatedBy, d.CanceledBy
}
