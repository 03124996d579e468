package shopify

import (
	"context"
	"fmt"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// pickups is how many pickup locations are offered, the nearest of them: nobody chooses among fifty.
const pickups = 5

// DeliveryOptions implements acp.Deliveries with draftOrderAvailableDeliveryOptions. The handles of all of its
// answers go into the draft's shippingLine. The query takes no currency, so that an answer in another one than
// the cart's is refused instead of being shown. KindThrottled comes at once, without waiting for the shop's budget.
// https://shopify.dev/docs/api/admin-graphql/latest/queries/draftOrderAvailableDeliveryOptions
func (c *Client) DeliveryOptions(ctx context.Context, m acp.Merchant, cart acp.Cart) ([]acp.FulfillmentOption, error) {
	draft := draftInput(cart)
	answer, err := admin.DeliveryOptions(ctx, c.sparing(m.Shop), admin.DraftOrderAvailableDeliveryOptionsInput{
		LineItems: draft.LineItems, ShippingAddress: draft.ShippingAddress,
		DiscountCodes: draft.DiscountCodes, AcceptAutomaticDiscounts: draft.AcceptAutomaticDiscounts,
	}, pickups)
	if err != nil {
		return nil, fmt.Errorf("read delivery options: %w", err)
	}
	offered := answer.DraftOrderAvailableDeliveryOptions
	read := &amounts{currency: cart.Currency}
	var options []acp.FulfillmentOption
	for _, r := range offered.AvailableShippingRates {
		options = append(options, acp.FulfillmentOption{ID: r.Handle, Title: r.Title, Kind: acp.Shipping, Amount: read.price(r.Price)})
	}
	for _, r := range offered.AvailableLocalDeliveryRates {
		options = append(options, acp.FulfillmentOption{ID: r.Handle, Title: r.Title, Kind: acp.LocalDelivery, Amount: read.price(r.Price)})
	}
	if read.err != nil {
		return nil, read.err
	}
	for _, p := range offered.AvailableLocalPickupOptions {
		location, err := c.pickupLocation(ctx, m, p.LocationId)
		if err != nil {
			// A pickup whose place cannot be told is no use to a buyer, and no reason to lose the sale.
			c.Log.WarnContext(ctx, "pickup left out", "shop", m.Shop, "location", p.LocationId, "error", err)
			continue
		}
		location.Instructions = p.Instructions
		options = append(options, acp.FulfillmentOption{
			ID: p.Handle, Title: p.Title, Description: p.Instructions, Kind: acp.Pickup, Location: &location,
		})
	}
	return options, nil
}
