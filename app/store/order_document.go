package store

import (
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

const orderVersion = 1

// orderDocument is a snapshot of an order. Its times keep their zone and
// fractions, because snapshots are compared with what the shop says anew.
type orderDocument struct {
	Version      int                        `json:"v"`
	ID           string                     `json:"id"`
	PublicID     string                     `json:"public_id,omitzero"`
	Name         string                     `json:"name"`
	Confirmation string                     `json:"confirmation,omitzero"`
	Session      acp.SessionID              `json:"session,omitzero"`
	Locale       string                     `json:"locale,omitzero"`
	URL          string                     `json:"url,omitzero"`
	Status       acp.OrderStatus            `json:"status"`
	Paid         bool                       `json:"paid"`
	Currency     acp.Currency               `json:"currency"`
	Lines        []orderLineDocument        `json:"lines,omitzero"`
	Fulfillments []orderFulfillmentDocument `json:"fulfillments,omitzero"`
	Adjustments  []adjustmentDocument       `json:"adjustments,omitzero"`
	Totals       totalsDocument             `json:"totals"`
	Refunded     int64                      `json:"refunded"`
	Email        string                     `json:"email,omitzero"`
	PlacedAt     time.Time                  `json:"placed_at,omitzero"`
	UpdatedAt    time.Time                  `json:"updated_at,omitzero"`
	CanceledAt   time.Time                  `json:"canceled_at,omitzero"`
}

func newOrderDocument(o *acp.Order) *orderDocument {
	if o == nil {
		return nil
	}
	return &orderDocument{
		Version: orderVersion, ID: o.ID, PublicID: o.PublicID, Name: o.Name, Confirmation: o.Confirmation, Session: o.Session, Locale: o.Locale, URL: o.URL,
		Status: o.Status, Paid: o.Paid, Currency: o.Currency,
		Lines:        each(o.Lines, func(l acp.OrderLine) orderLineDocument { return orderLineDocument(l) }),
		Fulfillments: each(o.Fulfillments, newOrderFulfillmentDocument),
		Adjustments:  each(o.Adjustments, newAdjustmentDocument),
		Totals:       newTotalsDocument(o.Totals), Refunded: o.Refunded, Email: o.Email,
		PlacedAt: o.PlacedAt, UpdatedAt: o.UpdatedAt, CanceledAt: o.CanceledAt,
	}
}

func (d *orderDocument) order() *acp.Order {
	if d == nil {
		return nil
	}
	return &acp.Order{
		ID: d.ID, PublicID: d.PublicID, Name: d.Name, Confirmation: d.Confirmation, Session: d.Session, Locale: d.Locale, URL: d.URL,
		Status: d.Status, Paid: d.Paid, Currency: d.Currency,
		Lines:        each(d.Lines, func(l orderLineDocument) acp.OrderLine { return acp.OrderLine(l) }),
		Fulfillments: each(d.Fulfillments, orderFulfillmentDocument.fulfillment),
		Adjustments:  each(d.Adjustments, adjustmentDocument.adjustment),
		Totals:       d.Totals.totals(), Refunded: d.Refunded, Email: d.Email,
		PlacedAt: d.PlacedAt, UpdatedAt: d.UpdatedAt, CanceledAt: d.CanceledAt,
	}
}

func encodeOrder(o acp.Order) (string, error) { return encode(newOrderDocument(&o)) }

func decodeOrder(document string) (acp.Order, error) {
	var d orderDocument
	if err := decode(document, orderVersion, &d); err != nil {
		return acp.Order{}, err
	}
	return *d.order(), nil
}
