package acp

import "time"

// CartID identifies a saved cart.
type CartID string

// SavedCart is what an agent collects before anybody means to buy (cart RFC):
// items and what they would cost. It has no status and no payment: it exists
// until it is canceled or expires, and a checkout session opened later is
// priced afresh.
type SavedCart struct {
	ID         CartID
	Merchant   MerchantID
	Connection ConnectionID
	Agent      string // the connection's name when the cart was made, for the shop's order
	// Revision rises with every save; saving is a compare-and-swap on it.
	Revision int64
	Currency Currency

	Lines  []Line
	Buyer  *Buyer
	Locale string // BCP 47, as the agent asked
	// Sellable are the lines that the storefront's own cart can hold, in the
	// quantities that it will sell.
	Sellable []CartLine

	// Totals are an estimate: without delivery, and with tax only as far as
	// the shop knows it without an address.
	Totals        Totals
	TaxesIncluded bool
	Messages      []Message

	CreatedAt  time.Time
	UpdatedAt  time.Time
	ExpiresAt  time.Time
	CanceledAt time.Time
	CreatedBy  ClaimID // the requests that made these steps, so that their
	CanceledBy ClaimID // retries after a crash are recognised
}

// GoneAt is when the cart stops, or stopped, existing for its agent.
func (c SavedCart) GoneAt() time.Time {
	if c.CanceledAt.IsZero() {
		return c.ExpiresAt
	}
	return c.CanceledAt
}

// exists reports whether the cart can be read and changed at a moment: a
// canceled or expired one cannot (cart RFC, 4.3), and nothing is written for
// that.
func (c SavedCart) exists(now time.Time) bool { return now.Before(c.GoneAt()) }

// Estimate is what the goods cost, as far as it is known.
func (c SavedCart) Estimate() Money { return Money{Amount: c.Totals.Total, Currency: c.Currency} }
