package shopify

import (
	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// salesOf lists the money that an order has down as taken, oldest first, and what Shopify is about to take: an
// authorization that was neither captured nor voided, or a payment that is pending.
func salesOf(list []admin.Sale, read *amounts) []acp.OrderSale {
	back, ended := map[string]int64{}, map[string]bool{}
	for _, t := range list {
		switch parent := t.ParentTransaction; {
		case parent == nil || failed(t.Status):
		case t.Kind == admin.OrderTransactionKindRefund:
			back[parent.Id] += read.of(t.AmountSet)
		default:
			ended[parent.Id] = true
		}
	}
	var sales []acp.OrderSale
	for _, t := range list {
		pending := underWay(t.Kind, t.Status) && !t.ManualPaymentGateway && !ended[t.Id]
		if !pending && !took(t.Kind, t.Status) {
			continue
		}
		amount := read.of(t.AmountSet)
		sales = append(sales, acp.OrderSale{
			ID: t.Id, Method: value(t.Gateway), Manual: t.ManualPaymentGateway, Amount: acp.Money{Amount: amount, Currency: read.currency},
			Pending: pending, GivenBack: back[t.Id] >= amount,
		})
	}
	return sales
}

// balanceSales are the same without amounts; the order's status says whether what Shopify was about to take is
// still open.
func balanceSales(o admin.Balance) []acp.OrderSale {
	status := value(o.DisplayFinancialStatus)
	open := status == admin.OrderDisplayFinancialStatusAuthorized || status == admin.OrderDisplayFinancialStatusPending
	var sales []acp.OrderSale
	for _, t := range o.Transactions {
		pending := open && underWay(t.Kind, t.Status) && !t.ManualPaymentGateway
		if pending || took(t.Kind, t.Status) {
			sales = append(sales, acp.OrderSale{ID: t.Id, Method: value(t.Gateway), Manual: t.ManualPaymentGateway, Pending: pending})
		}
	}
	return sales
}

func took(kind admin.OrderTransactionKind, status admin.OrderTransactionStatus) bool {
	taking := kind == admin.OrderTransactionKindSale || kind == admin.OrderTransactionKindCapture
	return taking && status == admin.OrderTransactionStatusSuccess
}

func underWay(kind admin.OrderTransactionKind, status admin.OrderTransactionStatus) bool {
	switch kind {
	case admin.OrderTransactionKindAuthorization, admin.OrderTransactionKindEmvAuthorization:
		return status == admin.OrderTransactionStatusSuccess || status == admin.OrderTransactionStatusPending
	case admin.OrderTransactionKindSale, admin.OrderTransactionKindCapture:
		return status == admin.OrderTransactionStatusPending
	default:
		return false
	}
}

func failed(status admin.OrderTransactionStatus) bool {
	return status == admin.OrderTransactionStatusFailure || status == admin.OrderTransactionStatusError
}
