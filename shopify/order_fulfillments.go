package shopify

import (
	"slices"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// fulfillmentsOf lists the parcels of an order. One that was canceled or never came about is left out: its
// units are unfulfilled again.
func fulfillmentsOf(o wholeOrder) []acp.Fulfillment {
	var list []acp.Fulfillment
	for _, f := range o.parcels {
		switch f.Status {
		case admin.FulfillmentStatusCancelled, admin.FulfillmentStatusError, admin.FulfillmentStatusFailure:
			continue
		}
		parcel := acp.Fulfillment{ID: f.Id, Kind: fulfillmentKind(o), Status: parcelStatus(value(f.DisplayStatus))}
		for _, l := range f.FulfillmentLineItems.Nodes {
			parcel.Lines = append(parcel.Lines, acp.LineQuantity{Line: l.LineItem.Id, Quantity: int64(value(l.Quantity))})
		}
		if len(f.TrackingInfo) > 0 {
			t := f.TrackingInfo[0]
			parcel.Carrier, parcel.TrackingNumber, parcel.TrackingURL = value(t.Company), value(t.Number), value(t.Url)
		}
		parcel.Events = append(parcel.Events, acp.FulfillmentEvent{ID: f.Id + "#created", Type: "shipped", OccurredAt: f.CreatedAt})
		for _, e := range slices.Backward(f.Events.Nodes) { // they come newest first, the log is told in order
			parcel.Events = append(parcel.Events, acp.FulfillmentEvent{
				ID: e.Id, Type: parcelEvent(e.Status), OccurredAt: e.HappenedAt, Description: value(e.Message),
			})
		}
		list = append(list, parcel)
	}
	return list
}

// fulfillmentKind: an order of which nothing needs shipping is delivered digitally.
func fulfillmentKind(o wholeOrder) acp.FulfillmentKind {
	for _, l := range o.lines {
		if l.RequiresShipping {
			return acp.Shipping
		}
	}
	return acp.Digital
}

// parcelStatus says Shopify's display status in the protocol's words.
func parcelStatus(s admin.FulfillmentDisplayStatus) string {
	switch s {
	case admin.FulfillmentDisplayStatusDelivered, admin.FulfillmentDisplayStatusPickedUp:
		return "delivered"
	case admin.FulfillmentDisplayStatusInTransit, admin.FulfillmentDisplayStatusAttemptedDelivery, admin.FulfillmentDisplayStatusDelayed:
		return "in_transit"
	case admin.FulfillmentDisplayStatusOutForDelivery:
		return "out_for_delivery"
	case admin.FulfillmentDisplayStatusReadyForPickup:
		return "ready_for_pickup"
	case admin.FulfillmentDisplayStatusFailure, admin.FulfillmentDisplayStatusNotDelivered:
		return "failed"
	case admin.FulfillmentDisplayStatusCanceled, admin.FulfillmentDisplayStatusLabelVoided:
		return "canceled"
	case admin.FulfillmentDisplayStatusConfirmed, admin.FulfillmentDisplayStatusLabelPrinted,
		admin.FulfillmentDisplayStatusLabelPurchased, admin.FulfillmentDisplayStatusSubmitted:
		return "processing"
	default: // FULFILLED, MARKED_AS_FULFILLED, CARRIER_PICKED_UP and what is added later
		return "shipped"
	}
}

func parcelEvent(s admin.FulfillmentEventStatus) string {
	switch s {
	case admin.FulfillmentEventStatusAttemptedDelivery:
		return "failed_attempt"
	case admin.FulfillmentEventStatusCarrierPickedUp:
		return "shipped"
	case admin.FulfillmentEventStatusConfirmed, admin.FulfillmentEventStatusLabelPrinted, admin.FulfillmentEventStatusLabelPurchased:
		return "processing"
	case admin.FulfillmentEventStatusDelayed:
		return "in_transit"
	case admin.FulfillmentEventStatusFailure:
		return "undeliverable"
	default: // the rest has the same words: DELIVERED, IN_TRANSIT, OUT_FOR_DELIVERY, READY_FOR_PICKUP
		return strings.ToLower(string(s))
	}
}
