package shopify

import (
	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// salesOf lists the money that an order has down as taken, oldest first. A capture is told beside the
// authorization that it takes, which moved nothing.
func salesOf(list []admin.Sale, read *amounts) []acp.OrderSale {
	var sales []acp.OrderSale
	for _, t := range list {
		if took(t.Kind, t.Status) {
			sales = append(sales, acp.OrderSale{
				ID: t.Id, Method: value(t.Gateway), Manual: t.ManualPaymentGateway,
				Amount: acp.Money{Amount: read.of(t.AmountSet), Currency: read.currency},
			})
		}
	}
	return sales
}

// balanceSales are the same without amounts.
func balanceSales(o admin.Balance) []acp.OrderSale {
	var sales []acp.OrderSale
	for _, t := range o.Transactions {
		if took(t.Kind, t.Status) {
			sales = append(sales, acp.OrderSale{ID: t.Id, Method: value(t.Gateway), Manual: t.ManualPaymentGateway})
		}
	}
	return sales
}

func took(kind admin.OrderTransactionKind, status admin.OrderTransactionStatus) bool {
	taking := kind == admin.OrderTransactionKindSale || kind == admin.OrderTransactionKindCapture
	return taking && status == admin.OrderTransactionStatusSuccess
}
