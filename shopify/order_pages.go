package shopify

import (
	"context"
	"fmt"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// Page sizes that keep each query below 1,000 points, counting every object that a page could hold.
const (
	orderLinesPage  = 100
	orderMaxParcels = 25
	orderMaxRefunds = 20 // of a single order; older ones come first
	refundLinesPage = 15
	nestedLinesPage = 100
	parcelBudget    = 900
)

// wholeOrder is an order with all its pages.
type wholeOrder struct {
	*admin.Order
	lines   []admin.OrderLine
	parcels []admin.Parcel
	refunds []admin.Refund
}

// order reads the order with its first lines only.
func (c *Client) order(ctx context.Context, m acp.Merchant, id string) (*admin.Order, error) {
	answer, err := admin.OrderGet(ctx, c.reading(m.Shop), id, orderLinesPage)
	if err != nil {
		return nil, fmt.Errorf("read order: %w", err)
	}
	if answer.Order == nil {
		return nil, acp.NotFound("order")
	}
	return answer.Order, nil
}

// wholeOrder takes one call for a fresh order, one more each when it has parcels or refunds.
func (c *Client) wholeOrder(ctx context.Context, m acp.Merchant, id string) (wholeOrder, error) {
	o, err := c.order(ctx, m, id)
	if err != nil {
		return wholeOrder{}, err
	}
	whole := wholeOrder{Order: o}
	if whole.lines, err = c.orderLines(ctx, m, o); err != nil {
		return wholeOrder{}, fmt.Errorf("read lines of order: %w", err)
	}
	if o.FulfillmentsCount != nil && o.FulfillmentsCount.Count > 0 {
		if whole.parcels, err = c.parcels(ctx, m, id, o.FulfillmentsCount.Count); err != nil {
			return wholeOrder{}, fmt.Errorf("read fulfillments of order: %w", err)
		}
	}
	if len(o.Refunds) > 0 {
		if whole.refunds, err = c.refunds(ctx, m, id); err != nil {
			return wholeOrder{}, fmt.Errorf("read refunds of order: %w", err)
		}
	}
	return whole, nil
}

func (c *Client) orderLines(ctx context.Context, m acp.Merchant, o *admin.Order) ([]admin.OrderLine, error) {
	return restOf(o.LineItems.Nodes, o.LineItems.PageInfo, func(after *string) ([]admin.OrderLine, admin.Page, error) {
		answer, err := admin.OrderLines(ctx, c.reading(m.Shop), o.Id, orderLinesPage, after)
		if err != nil || answer.Order == nil {
			return nil, admin.Page{}, err
		}
		return answer.Order.LineItems.Nodes, answer.Order.LineItems.PageInfo, nil
	})
}

// parcels sizes the lines of each parcel by the number of parcels, so that they fit into one query; what a
// parcel holds beyond that is read by itself.
func (c *Client) parcels(ctx context.Context, m acp.Merchant, id string, count int) ([]admin.Parcel, error) {
	count = min(count, orderMaxParcels)
	lines := min(100, (parcelBudget/count-20)/2)
	answer, err := admin.OrderParcels(ctx, c.reading(m.Shop), id, count, lines)
	if err != nil || answer.Order == nil {
		return nil, err
	}
	parcels := answer.Order.Fulfillments
	for i := range parcels {
		page := &parcels[i].FulfillmentLineItems
		page.Nodes, err = restOf(page.Nodes, page.PageInfo, func(after *string) ([]admin.ParcelLine, admin.Page, error) {
			answer, err := admin.ParcelLines(ctx, c.reading(m.Shop), parcels[i].Id, nestedLinesPage, after)
			if err != nil || answer.Fulfillment == nil {
				return nil, admin.Page{}, err
			}
			return answer.Fulfillment.FulfillmentLineItems.Nodes, answer.Fulfillment.FulfillmentLineItems.PageInfo, nil
		})
		if err != nil {
			return nil, err
		}
	}
	return parcels, nil
}

func (c *Client) refunds(ctx context.Context, m acp.Merchant, id string) ([]admin.Refund, error) {
	answer, err := admin.OrderRefunds(ctx, c.reading(m.Shop), id, orderMaxRefunds, refundLinesPage)
	if err != nil || answer.Order == nil {
		return nil, err
	}
	refunds := answer.Order.Refunds
	for i := range refunds {
		page := &refunds[i].RefundLineItems
		page.Nodes, err = restOf(page.Nodes, page.PageInfo, func(after *string) ([]admin.RefundLine, admin.Page, error) {
			answer, err := admin.RefundLines(ctx, c.reading(m.Shop), refunds[i].Id, nestedLinesPage, after)
			if err != nil || answer.Refund == nil {
				return nil, admin.Page{}, err
			}
			return answer.Refund.RefundLineItems.Nodes, answer.Refund.RefundLineItems.PageInfo, nil
		})
		if err != nil {
			return nil, err
		}
	}
	return refunds, nil
}

// restOf reads the pages that follow a first one.
func restOf[T any](nodes []T, page admin.Page, next func(after *string) ([]T, admin.Page, error)) ([]T, error) {
	for page.HasNextPage && page.EndCursor != nil {
		more, following, err := next(page.EndCursor)
		if err != nil {
			return nil, err
		}
		nodes, page = append(nodes, more...), following
	}
	return nodes, nil
}
