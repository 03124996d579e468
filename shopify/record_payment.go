package shopify

import (
	"context"
	"fmt"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// RecordPayment implements acp.ShopOrders with orderCreateManualPayment, which records the whole balance. It
// looks first, and again when the answer was lost: an order that is paid is success, but for one that the
// buyer paid in Shopify, or a part of it (KindState). KindInternal when the balance is not what was captured: recording it would
// hide the difference from staff.
func (c *Client) RecordPayment(ctx context.Context, m acp.Merchant, p acp.Payment) error {
	if done, err := c.isPaid(ctx, m, p); done || err != nil {
		return err
	}
	failure := c.recordPayment(ctx, m, p)
	if kind := acp.KindOf(failure); kind != acp.KindRefused && kind != acp.KindUnknown {
		return failure
	}
	if done, err := c.isPaid(ctx, m, p); done || acp.KindOf(err) == acp.KindState {
		return err
	}
	return failure
}

func (c *Client) isPaid(ctx context.Context, m acp.Merchant, p acp.Payment) (bool, error) {
	o, err := c.order(ctx, m, p.OrderID)
	if err != nil {
		return false, err
	}
	read := amountsIn(o.PresentmentCurrencyCode)
	sales := salesOf(o.Transactions, read)
	_, recorded := acp.SaleOf(sales, p)
	switch {
	case recorded: // also as a part of an order that staff edited since
		return true, nil
	case acp.PaidInShop(sales, p):
		return false, &acp.Error{Kind: acp.KindState, Code: "paid_in_shop", Message: "record payment: the buyer paid the order in Shopify"}
	case paid(o):
		return true, nil
	}
	balance := acp.Money{Amount: read.of(o.TotalOutstandingSet), Currency: read.currency}
	if read.err == nil && balance != p.Amount {
		return false, acp.Failed(acp.KindInternal, "record payment",
			fmt.Errorf("%s was captured but the order's balance is %s", p.Amount, balance))
	}
	return false, read.err
}

func (c *Client) recordPayment(ctx context.Context, m acp.Merchant, p acp.Payment) error {
	method := fmt.Sprintf("%s (%s)", p.Provider, p.ProviderID)
	answer, err := admin.OrderRecordPayment(ctx, c.changing(m.Shop), p.OrderID, &method, nil)
	if err != nil {
		return fmt.Errorf("record payment: %w", err)
	}
	if answer.OrderCreateManualPayment == nil {
		return acp.Failed(acp.KindUnknown, "record payment", errEmptyPayload)
	}
	return refusedBy("record payment", answer.OrderCreateManualPayment.UserErrors)
}
