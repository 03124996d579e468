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
		Fulfillments: fulfillmentsOf(o),
		Adjustments:  adjustmentsOf(o, read),
		Sales:        salesOf(o.Transactions, read),
		Refunded:     read.of(o.TotalRefundedSet),
		Email:        value(o.Email),
		PlacedAt:     o.ProcessedAt,
		UpdatedAt:    o.UpdatedAt,
		CanceledAt:   value(o.CancelledAt),
	}
	order.Lines, order.Totals = soldLines(o, read)
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

func paid(o *admin.Order) bool { return paidIn(o.DisplayFinancialStatus) }

// paidIn: the money was taken, whatever was given back since.
func paidIn(status *admin.OrderDisplayFinancialStatus) bool {
	switch value(status) {
	case admin.OrderDisplayFinancialStatusPaid, admin.OrderDisplayFinancialStatusPartiallyRefunded, admin.OrderDisplayFinancialStatusRefunded:
		return true
	default:
		return false
	}
}
