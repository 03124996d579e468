package stripe

import "encoding/json"

// token is a shared payment token that an agent granted to this seller. MaxAmount is
// minor units of Currency, times are Unix seconds.
type token struct {
	ID                string            `json:"id"`
	Card              string            `json:"card"`
	Currency          string            `json:"currency"`
	MaxAmount         int64             `json:"max_amount"`
	ExpiresAt         int64             `json:"expires_at"`
	Created           int64             `json:"created"`
	AmountCaptured    int64             `json:"amount_captured"`
	DeactivatedAt     int64             `json:"deactivated_at,omitempty"`
	DeactivatedReason string            `json:"deactivated_reason,omitempty"` // consumed, expired or revoked
	SharedMetadata    map[string]string `json:"shared_metadata,omitempty"`

	HeldFor int64 `json:"held_for,omitempty"` // seconds that the card's issuer holds an authorization; 0: as most do

	Risk map[string]json.Number `json:"risk,omitempty"` // scores of insights that are not calm
}

func (t *token) deactivate(reason string, at int64) {
	t.DeactivatedReason, t.DeactivatedAt = reason, at
}

// admit says why the token cannot pay amount. The two worded refusals are what Stripe
// answers in test mode, without a code; the one about currency is worded here, since
// nobody has published it.
func (t *token) admit(amount int64, currency string) *failure {
	switch {
	case t.DeactivatedAt != 0:
		return refuse("", "", "The shared payment granted token cannot be used because it is already in a deactivated state.")
	case t.Currency != currency:
		return refuse("", "currency", "The currency of this payment differs from the currency of the shared payment granted token.")
	case amount > t.MaxAmount-t.AmountCaptured:
		return refuse("", "", "The requested amount is greater than the remaining amount capturable with this shared payment granted token.")
	}
	return nil
}
