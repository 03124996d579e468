package shopify

import (
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// adjustmentsOf lists what was given back, and a cancellation. Amounts contain tax.
func adjustmentsOf(o wholeOrder, read *amounts) []acp.Adjustment {
	var list []acp.Adjustment
	for _, r := range o.refunds {
		refund := acp.Adjustment{
			ID: r.Id, Type: "refund", Status: refundStatus(r), OccurredAt: occurred(r.CreatedAt, r.ProcessedAt),
			Amount: read.of(r.TotalRefundedSet),
		}
		refund.Manual, refund.Sales = manual(r)
		for _, l := range r.RefundLineItems.Nodes {
			refund.Lines = append(refund.Lines, acp.LineQuantity{Line: l.LineItem.Id, Quantity: int64(l.Quantity)})
		}
		list = append(list, refund)
	}
	if o.CancelledAt != nil {
		list = append(list, acp.Adjustment{
			ID: o.Id + "#canceled", Type: "cancellation", Status: "completed", OccurredAt: *o.CancelledAt,
			Description: cancellation(value(o.CancelReason)),
		})
	}
	return list
}

func occurred(created *time.Time, processed time.Time) time.Time {
	if created != nil {
		return *created
	}
	return processed
}

// manual: the money of the refund was not Shopify's to give back, or not all of it. sales are the payments that
// it was, "" where Shopify does not say.
func manual(r admin.Refund) (is bool, sales []string) {
	for _, t := range r.Transactions.Nodes {
		if !t.ManualPaymentGateway {
			continue
		}
		sale := ""
		if t.ParentTransaction != nil {
			sale = t.ParentTransaction.Id
		}
		is, sales = true, append(sales, sale)
	}
	return is, sales
}

// refundStatus is that of the money: Shopify records a refund before, and whether or not, the money moves.
func refundStatus(r admin.Refund) string {
	status := "completed"
	for _, t := range r.Transactions.Nodes {
		switch t.Status {
		case admin.OrderTransactionStatusPending, admin.OrderTransactionStatusAwaitingResponse, admin.OrderTransactionStatusUnknown:
			status = "pending"
		case admin.OrderTransactionStatusFailure, admin.OrderTransactionStatusError:
			return "failed"
		}
	}
	return status
}

// cancellation is told without the shop's inner reasons: fraud, in particular, is not for the agent.
func cancellation(reason admin.OrderCancelReason) string {
	switch reason {
	case admin.OrderCancelReasonCustomer:
		return "Canceled at the buyer's request."
	case admin.OrderCancelReasonInventory:
		return "Canceled because an item was not available."
	default:
		return "Canceled by the shop."
	}
}
