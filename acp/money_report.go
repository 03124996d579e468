package acp

import "context"

// MoneyReport is what staff see of their payments.
type MoneyReport struct {
	Run     Reconciliation
	Open    []Difference // the newest first
	More    int64        // open ones that are not listed
	Stories []Story      // of the payments with a difference, then the newest ones
}

// Story is what happened to the money of one checkout, as the ledger has it.
type Story struct {
	Session   SessionID
	OrderID   string // Shopify's global id; empty when there is no order
	OrderName string
	Movements []Movement // in the order in which they happened
}

// MoneyBook reports on a merchant's payments.
type MoneyBook interface {
	// MoneyReport lists so many open differences and, beside the stories of
	// those, so many of the newest.
	MoneyReport(ctx context.Context, m MerchantID, differences, stories int) (MoneyReport, error)
}
