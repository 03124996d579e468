package shopify

import (
	"context"
	"fmt"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// CancelOrder asks Shopify to cancel an order and put its stock back. Shopify does so in its own time: read
// the order to see that it has. No refund is asked for, because the money was not taken by Shopify. Canceled
// already is success.
func (c *Client) CancelOrder(ctx context.Context, m acp.Merchant, id, staffNote string) error {
	failure := c.cancel(ctx, m, id, staffNote)
	if kind := acp.KindOf(failure); kind != acp.KindRefused && kind != acp.KindUnknown {
		return failure
	}
	if o, err := c.order(ctx, m, id); err == nil && o.CancelledAt != nil {
		return nil
	}
	return failure
}

func (c *Client) cancel(ctx context.Context, m acp.Merchant, id, staffNote string) error {
	answer, err := admin.OrderCancel(ctx, c.changing(m.Shop), id, admin.OrderCancelReasonOther, true, false, set(staffNote), nil)
	if err != nil {
		return fmt.Errorf("cancel order: %w", err)
	}
	if answer.OrderCancel == nil {
		return acp.Failed(acp.KindUnknown, "cancel order", errEmptyPayload)
	}
	return refusedBy("cancel order", answer.OrderCancel.OrderCancelUserErrors)
}
