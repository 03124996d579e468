package shopify

import (
	"context"
	"fmt"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// mostRefunds of an order are read; the query costs points for each that there could be.
const mostRefunds = 40

// OrderMoney implements acp.ShopRefunds. Refunds of money that Shopify took and gave back itself, such as
// through Shopify Payments, are left out: a payment that was taken elsewhere is recorded under a manual
// gateway, and so are its refunds. Shopify pages through no refunds of an order: of one that may have more
// than are read, nothing but Unread and its cancellation is told.
func (c *Client) OrderMoney(ctx context.Context, m acp.Merchant, id string) (acp.OrderMoney, error) {
	o, err := c.orderMoney(ctx, m, id)
	if err != nil {
		return acp.OrderMoney{}, err
	}
	if len(o.Refunds) == mostRefunds {
		return acp.OrderMoney{CanceledAt: value(o.CancelledAt), Unread: true}, nil
	}
	return moneyOf(o)
}

func (c *Client) orderMoney(ctx context.Context, m acp.Merchant, id string) (*admin.OrderMoneyOrder, error) {
	answer, err := admin.OrderMoney(ctx, c.reading(m.Shop), id, mostRefunds)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read money of order: %w", err)
	case answer.Order == nil:
		return nil, acp.NotFound("order")
	}
	return answer.Order, nil
}

func moneyOf(o *admin.OrderMoneyOrder) (acp.OrderMoney, error) {
	read := amountsIn(o.PresentmentCurrencyCode)
	money := acp.OrderMoney{CanceledAt: value(o.CancelledAt)}
	for _, r := range o.Refunds {
		refund := acp.ShopRefund{
			ID: r.Id, Note: value(r.Note), At: occurred(r.CreatedAt, r.ProcessedAt), Amount: acp.Money{Currency: read.currency},
		}
		for _, t := range r.Transactions.Nodes {
			failed := t.Status == admin.OrderTransactionStatusFailure || t.Status == admin.OrderTransactionStatusError
			if t.Kind == admin.OrderTransactionKindRefund && t.ManualPaymentGateway && !failed {
				refund.Amount.Amount += read.of(t.AmountSet)
			}
		}
		if refund.Amount.Amount > 0 {
			money.Refunds = append(money.Refunds, refund)
		}
	}
	return money, read.err
}
