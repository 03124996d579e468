package acp

import (
	"context"
	"time"
)

// OrderBalance is what the shop says of an order's money, in minor units of
// the currency that the buyer pays in.
type OrderBalance struct {
	ID         string // Shopify's global id
	Name       string // "#1001"
	Paid       bool   // the money was taken, whatever was given back since
	Total      Money
	Refunded   Money
	Received   Money // in all, by whatever way, before refunds
	Sales      []OrderSale
	UpdatedAt  time.Time
	CanceledAt time.Time
}

// OrderBalances reads the money of orders.
type OrderBalances interface {
	// OrderBalances of the orders with these global ids, by id; one that the
	// shop does not have (any more) is left out. At most OrderBalancePage at
	// once.
	OrderBalances(ctx context.Context, m Merchant, ids []string) (map[string]OrderBalance, error)
}

// OrderBalancePage is how many orders are read at once: about 850 of the
// 1,000 points that a query may cost.
const OrderBalancePage = 50
