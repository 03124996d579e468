package wire

import "github.com/acp-bridge/acp-bridge/acp"

type parcelBody struct {
	ID             string              `json:"id"`
	Type           acp.FulfillmentKind `json:"type"`
	Status         string              `json:"status,omitempty"`
	LineItems      []lineReferenceBody `json:"line_items"`
	Carrier        string              `json:"carrier,omitempty"`
	TrackingNumber string              `json:"tracking_number,omitempty"`
	TrackingURL    string              `json:"tracking_url,omitempty"`
	Events         []parcelEventBody   `json:"events"`
}

type parcelEventBody struct {
	ID          string `json:"id"`
	Type        string `json:"type"`
	OccurredAt  string `json:"occurred_at"`
	Description string `json:"description,omitempty"`
}

type adjustmentBody struct {
	ID          string              `json:"id"`
	Type        string              `json:"type"`
	OccurredAt  string              `json:"occurred_at"`
	Status      string              `json:"status"`
	LineItems   []lineReferenceBody `json:"line_items"`
	Amount      int64               `json:"amount"`
	Currency    acp.Currency        `json:"currency"`
	Description string              `json:"description,omitempty"`
}

type lineReferenceBody struct {
	ID       string `json:"id"`
	Quantity int64  `json:"quantity"`
}

func parcelsOf(o acp.Order) []parcelBody {
	parcels := make([]parcelBody, len(o.Fulfillments))
	for i, f := range o.Fulfillments {
		parcels[i] = parcelBody{
			ID: f.ID, Type: f.Kind, Status: f.Status, LineItems: referencesOf(f.Lines), Carrier: f.Carrier,
			TrackingNumber: f.TrackingNumber, TrackingURL: webAddress(f.TrackingURL), Events: parcelEventsOf(f.Events),
		}
		if f.Kind != acp.Digital && f.Kind != acp.Pickup { // the schema has no word for local delivery here
			parcels[i].Type = acp.Shipping
		}
	}
	return parcels
}

func parcelEventsOf(events []acp.FulfillmentEvent) []parcelEventBody {
	bodies := make([]parcelEventBody, len(events))
	for i, e := range events {
		bodies[i] = parcelEventBody{ID: e.ID, Type: e.Type, OccurredAt: moment(e.OccurredAt), Description: e.Description}
	}
	return bodies
}

// adjustmentsOf lists money given back; amounts include tax.
func adjustmentsOf(o acp.Order) []adjustmentBody {
	adjustments := make([]adjustmentBody, len(o.Adjustments))
	for i, a := range o.Adjustments {
		adjustments[i] = adjustmentBody{
			ID: a.ID, Type: a.Type, OccurredAt: moment(a.OccurredAt), Status: a.Status, LineItems: referencesOf(a.Lines),
			Amount: a.Amount, Currency: o.Currency, Description: a.Description,
		}
	}
	return adjustments
}

// referencesOf leaves out empty quantities, which the schema refuses.
func referencesOf(lines []acp.LineQuantity) []lineReferenceBody {
	references := []lineReferenceBody{}
	for _, l := range lines {
		if l.Quantity > 0 {
			references = append(references, lineReferenceBody{ID: l.Line, Quantity: l.Quantity})
		}
	}
	return references
}
