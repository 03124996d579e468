package acp

import (
	"context"
	"time"
)

// SalesBook reports what agents sold.
type SalesBook interface {
	// Sales sums up a merchant's sales since a moment, and lists the newest
	// orders.
	Sales(ctx context.Context, m Merchant, since time.Time, latest int) (Sales, error)
}

// Sales is what agents sold in a period. Revenue is in the shop's currency.
type Sales struct {
	Since    time.Time
	Orders   int64
	Revenue  Money
	Sessions int64 // opened in the period
	Finished int64 // of those, completed
	Latest   []Sale
	// Departures of the period, the most frequent first: why buyers left
	// sessions that agents canceled. Cancellations without a reason are not
	// counted.
	Departures []Departure
	Mirror     Mirror
	// What needs attention.
	LatePayments   int64 // placed more than an hour ago, and not captured and recorded yet
	StuckCheckouts int64 // older than an hour and still being completed
	DeadEvents     int64 // order events that no agent accepted
}

// Sale is one order in the list.
type Sale struct {
	OrderID  string
	Name     string
	Agent    string
	Total    Money
	Refunded int64
	Status   OrderStatus
	Paid     bool
	HandOff  bool
	PlacedAt time.Time
}

// Conversion is the share of sessions that became an order, in tenths of a
// percent; ok is false when there were none.
func (s Sales) Conversion() (perMille int64, ok bool) {
	if s.Sessions == 0 {
		return 0, false
	}
	return s.Finished * 1000 / s.Sessions, true
}
