package shopify

import (
	"context"
	"fmt"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// mostRefunds of an order are read; the query costs points for each that there could be.
const mostRefunds = 40

// OrderMoney implements acp.ShopRefunds. Only refunds whose parent is the sale of the payment count: what was
// given back of money that Shopify took, or of another payment that staff noted by hand, is left out. Shopify
// pages through no refunds of an order: of one that may have more than are read, nothing but Unread and its
// cancellation is told.
func (c *Client) OrderMoney(ctx context.Context, m acp.Merchant, p acp.Payment) (acp.OrderMoney, error) {
	o, err := c.orderMoney(ctx, m, p.OrderID)
	if err != nil {
		return acp.OrderMoney{}, err
	}
	if len(o.Refunds) == mostRefunds {
		return acp.OrderMoney{CanceledAt: value(o.CancelledAt), Unread: true}, nil
	}
	return moneyOf(o, p)
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

func moneyOf(o *admin.OrderMoneyOrder, p acp.Payment) (acp.OrderMoney, error) {
	read := amountsIn(o.PresentmentCurrencyCode)
	money := acp.OrderMoney{CanceledAt: value(o.CancelledAt)}
	sales := salesOf(o.Transactions, read)
	sale, recorded := acp.SaleOf(sales, p)
	money.InShop = acp.PaidInShop(sales, p)
	for _, r := range o.Refunds {
		refund := acp.ShopRefund{
			ID: r.Id, Note: value(r.Note), At: occurred(r.CreatedAt, r.ProcessedAt), Amount: acp.Money{Currency: read.currency},
		}
		for _, t := range r.Transactions.Nodes {
			ours := recorded && (t.ParentTransaction == nil && t.ManualPaymentGateway || t.ParentTransaction != nil && t.ParentTransaction.Id == sale.ID)
			if t.Kind == admin.OrderTransactionKindRefund && ours && !failed(t.Status) {
				refund.Amount.Amount += read.of(t.AmountSet)
			}
		}
		if refund.Amount.Amount > 0 {
			money.Refunds = append(money.Refunds, refund)
		}
	}
	return money, read.err
}
