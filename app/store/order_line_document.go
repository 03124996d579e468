package store

import (
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

type orderLineDocument struct {
	ID        string `json:"id"`
	VariantID string `json:"variant_id,omitzero"`
	Title     string `json:"title"`
	Unit      int64  `json:"unit"`
	Ordered   int64  `json:"ordered"`
	Current   int64  `json:"current"`
	Fulfilled int64  `json:"fulfilled"`
	Subtotal  int64  `json:"subtotal"`
	Discount  int64  `json:"discount,omitzero"`
	Tax       int64  `json:"tax,omitzero"`
}

type lineQuantityDocument struct {
	Line     string `json:"line"`
	Quantity int64  `json:"quantity"`
}

type orderFulfillmentDocument struct {
	ID             string                     `json:"id"`
	Kind           acp.FulfillmentKind        `json:"kind"`
	Status         string                     `json:"status"`
	Lines          []lineQuantityDocument     `json:"lines,omitzero"`
	Carrier        string                     `json:"carrier,omitzero"`
	TrackingNumber string                     `json:"tracking_number,omitzero"`
	TrackingURL    string                     `json:"tracking_url,omitzero"`
	Events         []fulfillmentEventDocument `json:"events,omitzero"`
}

type fulfillmentEventDocument struct {
	ID          string    `json:"id"`
	Type        string    `json:"type"`
	OccurredAt  time.Time `json:"occurred_at,omitzero"`
	Description string    `json:"description,omitzero"`
}

type adjustmentDocument struct {
	ID          string                 `json:"id"`
	Type        string                 `json:"type"`
	Status      string                 `json:"status"`
	OccurredAt  time.Time              `json:"occurred_at,omitzero"`
	Lines       []lineQuantityDocument `json:"lines,omitzero"`
	Amount      int64                  `json:"amount"`
	Description string                 `json:"description,omitzero"`
	Manual      bool                   `json:"manual,omitzero"`
}

func newLineQuantity(q acp.LineQuantity) lineQuantityDocument { return lineQuantityDocument(q) }

func (d lineQuantityDocument) quantity() acp.LineQuantity { return acp.LineQuantity(d) }

func newOrderFulfillmentDocument(f acp.Fulfillment) orderFulfillmentDocument {
	return orderFulfillmentDocument{
		ID: f.ID, Kind: f.Kind, Status: f.Status, Lines: each(f.Lines, newLineQuantity),
		Carrier: f.Carrier, TrackingNumber: f.TrackingNumber, TrackingURL: f.TrackingURL,
		Events: each(f.Events, func(e acp.FulfillmentEvent) fulfillmentEventDocument { return fulfillmentEventDocument(e) }),
	}
}

func (d orderFulfillmentDocument) fulfillment() acp.Fulfillment {
	return acp.Fulfillment{
		ID: d.ID, Kind: d.Kind, Status: d.Status, Lines: each(d.Lines, lineQuantityDocument.quantity),
		Carrier: d.Carrier, TrackingNumber: d.TrackingNumber, TrackingURL: d.TrackingURL,
		Events: each(d.Events, func(e fulfillmentEventDocument) acp.FulfillmentEvent { return acp.FulfillmentEvent(e) }),
	}
}

func newAdjustmentDocument(a acp.Adjustment) adjustmentDocument {
	return adjustmentDocument{
		ID: a.ID, Type: a.Type, Status: a.Status, OccurredAt: a.OccurredAt, Lines: each(a.Lines, newLineQuantity),
		Amount: a.Amount, Description: a.Description, Manual: a.Manual,
	}
}

func (d adjustmentDocument) adjustment() acp.Adjustment {
	return acp.Adjustment{
		ID: d.ID, Type: d.Type, Status: d.Status, OccurredAt: d.OccurredAt, Lines: each(d.Lines, lineQuantityDocument.quantity),
		Amount: d.Amount, Description: d.Description, Manual: d.Manual,
	}
}
