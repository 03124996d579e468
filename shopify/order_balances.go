package shopify

import (
	"context"
	"fmt"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// OrderBalances implements acp.OrderBalances in one call.
func (c *Client) OrderBalances(ctx context.Context, m acp.Merchant, ids []string) (map[string]acp.OrderBalance, error) {
	balances := make(map[string]acp.OrderBalance, len(ids))
	if len(ids) == 0 {
		return balances, nil
	}
	answer, err := admin.OrderBalances(ctx, c.reading(m.Shop), ids)
	if err != nil {
		return nil, fmt.Errorf("read orders: %w", err)
	}
	if len(answer.Nodes) != len(ids) {
		return nil, acp.Failed(acp.KindUnavailable, "read orders", errEmptyPayload)
	}
	for _, node := range answer.Nodes {
		if node == nil {
			continue
		}
		o, isOrder := (*node).(*admin.OrderBalancesNodesOrder)
		if !isOrder {
			continue
		}
		b, err := balanceOf(o.Balance)
		if err != nil {
			return nil, fmt.Errorf("read order %s: %w", o.Name, err)
		}
		balances[b.ID] = b
	}
	return balances, nil
}

func balanceOf(o admin.Balance) (acp.OrderBalance, error) {
	read := amountsIn(o.PresentmentCurrencyCode)
	return acp.OrderBalance{
		ID: o.Id, Name: o.Name, Paid: paidIn(o.DisplayFinancialStatus),
		Total:     acp.Money{Amount: read.of(o.TotalPriceSet), Currency: read.currency},
		Refunded:  acp.Money{Amount: read.of(o.TotalRefundedSet), Currency: read.currency},
		Received:  acp.Money{Amount: read.of(o.TotalReceivedSet), Currency: read.currency},
		Sales:     balanceSales(o),
		UpdatedAt: o.UpdatedAt, CanceledAt: value(o.CancelledAt),
	}, read.err
}
