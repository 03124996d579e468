package acp

import (
	"context"
	"time"
)

// MovementKind is what happened to a buyer's money.
type MovementKind string

// The kinds of movements.
const (
	MoveAuthorize MovementKind = "authorize" // reserved
	MoveCapture   MovementKind = "capture"   // taken
	MoveVoid      MovementKind = "void"      // reservation given back, or lapsed
	MoveRefund    MovementKind = "refund"    // taken money given back
	MoveDispute   MovementKind = "dispute"   // taken back by the buyer's bank
	MoveReinstate MovementKind = "reinstate" // with the shop again: a dispute that was won, a refund that failed
)

// Movement is one row of the ledger of payments. Rows are only ever added, in
// the commit of the change that they tell of; a row with the same provider,
// reference and kind is the same movement and is written once, whoever hears
// of it how often.
type Movement struct {
	Merchant  MerchantID
	Session   SessionID
	Attempt   int
	Kind      MovementKind
	Amount    Money  // positive; Kind says in which direction
	Provider  string // the provider's Name
	PaymentID string // the provider's id of the payment
	Reference string // the provider's id of what moved: payment, refund, dispute
	Reason    string // for staff
	At        time.Time
}

// Ledger reads the movements.
type Ledger interface {
	// Movements of a session, in the order in which they happened; none is no
	// error.
	Movements(ctx context.Context, m MerchantID, s SessionID) ([]Movement, error)
}

// move notes a movement of the session's attempt; it is saved with the
// session.
func (s *Session) move(kind MovementKind, amount Money, reference, reason string, at time.Time) {
	a := s.Attempt
	s.Moved = append(s.Moved, Movement{
		Merchant: s.Merchant, Session: s.ID, Attempt: a.Number, Kind: kind, Amount: amount, Provider: a.Provider,
		PaymentID: a.PaymentID, Reference: reference, Reason: reason, At: at,
	})
}

// movement is one of a placed order's payment.
func (p Payment) movement(kind MovementKind, amount Money, reference, reason string, at time.Time) Movement {
	return Movement{
		Merchant: p.Merchant, Session: p.Session, Attempt: p.Attempt, Kind: kind, Amount: amount, Provider: p.Provider,
		PaymentID: p.ProviderID, Reference: reference, Reason: reason, At: at,
	}
}
