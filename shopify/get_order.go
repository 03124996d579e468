package shopify

import (
	"context"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// Order implements acp.ShopOrders.
func (c *Client) Order(ctx context.Context, m acp.Merchant, id string) (acp.Order, error) {
	o, err := c.wholeOrder(ctx, m, id)
	if err != nil {
		return acp.Order{}, err
	}
	return orderOf(o)
}

func orderOf(o wholeOrder) (acp.Order, error) {
	read := amountsIn(o.PresentmentCurrencyCode)
	order := acp.Order{
		ID:           o.Id,
		Name:         o.Name,
		Confirmation: value(o.ConfirmationNumber),
		Session:      acp.SessionID(attributeOf(o.Order, AttributeSession)),
		URL:          o.StatusPageUrl,
		Status:       orderStatus(o.Order),
		Paid:         paid(o.Order),
		Currency:     read.currency,
		Lines:        orderLines(o, read),
		Fulfillments: fulfillmentsOf(o),
		Adjustments:  adjustmentsOf(o, read),
		Totals:       orderTotals(o, read),
		Refunded:     read.of(o.TotalRefundedSet),
		Email:        value(o.Email),
		PlacedAt:     o.ProcessedAt,
		UpdatedAt:    o.UpdatedAt,
		CanceledAt:   value(o.CancelledAt),
	}
	return order, read.err
}

func attributeOf(o *admin.Order, key string) string {
	for _, a := range o.CustomAttributes {
		if a.Key == key {
			return value(a.Value)
		}
	}
	return ""
}

func orderStatus(o *admin.Order) acp.OrderStatus {
	switch {
	case o.CancelledAt != nil:
		return acp.OrderCanceled
	case o.DisplayFulfillmentStatus == admin.OrderDisplayFulfillmentStatusFulfilled:
		return acp.OrderFulfilled
	case o.DisplayFulfillmentStatus == admin.OrderDisplayFulfillmentStatusPartiallyFulfilled:
		return acp.OrderShipped
	case paid(o):
		return acp.OrderConfirmed
	default:
		return acp.OrderCreated
	}
}

// paid: the money was taken, whatever was given back since.
func paid(o *admin.Order) bool {
	switch value(o.DisplayFinancialStatus) {
	case admin.OrderDisplayFinancialStatusPaid, admin.OrderDisplayFinancialStatusPartiallyRefunded, admin.OrderDisplayFinancialStatusRefunded:
		return true
	default:
		return false
	}
}

func orderLines(o wholeOrder, read *amounts) []acp.OrderLine {
	lines := make([]acp.OrderLine, len(o.lines))
	for i, l := range o.lines {
		lines[i] = acp.OrderLine{
			ID:        l.Id,
			Title:     l.Title,
			Unit:      read.of(l.OriginalUnitPriceSet),
			Ordered:   int64(l.Quantity),
			Current:   int64(l.CurrentQuantity),
			Fulfilled: max(0, int64(l.CurrentQuantity-l.UnfulfilledQuantity)),
			Subtotal:  read.of(l.DiscountedTotalSet),
		}
		if l.Variant != nil { // null once the variant is deleted
			lines[i].VariantID = l.Variant.Id
		}
	}
	return lines
}

// orderTotals are the amounts as charged. Shopify keeps the tax of a tax-inclusive order inside its lines;
// here it stands beside them, as in a session.
func orderTotals(o wholeOrder, read *amounts) acp.Totals {
	t := acp.Totals{
		Fulfillment: read.of(o.TotalShippingPriceSet),
		Tax:         read.maybe(o.TotalTaxSet),
		Total:       read.of(o.TotalPriceSet),
	}
	discounted := int64(0)
	for _, l := range o.lines {
		original, reduced := read.of(l.OriginalUnitPriceSet)*int64(l.Quantity), read.of(l.DiscountedTotalSet)
		t.ItemsBase += original
		t.ItemsDiscount += original - reduced
		discounted += reduced
	}
	t.Discount = discounted - read.maybe(o.SubtotalPriceSet)
	if o.TaxesIncluded {
		t.ItemsBase -= t.Tax
	}
	t.Fee = t.Total - t.Sum()
	return t
}
