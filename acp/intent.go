package acp

import (
	"slices"
	"time"
)

// Reason is why a buyer left a session.
type Reason string

// The reasons of the protocol (IntentTrace).
const (
	LeftForPrice    Reason = "price_sensitivity"
	LeftForShipping Reason = "shipping_cost"
	LeftForSpeed    Reason = "shipping_speed"
	LeftForFit      Reason = "product_fit"
	LeftForTrust    Reason = "trust_security"
	LeftForReturns  Reason = "returns_policy"
	LeftForPayment  Reason = "payment_options"
	LeftToCompare   Reason = "comparison"
	LeftForLater    Reason = "timing_deferred"
	LeftForOther    Reason = "other"
)

// Reasons are all of them.
func Reasons() []Reason {
	return []Reason{
		LeftForPrice, LeftForShipping, LeftForSpeed, LeftForFit, LeftForTrust, LeftForReturns, LeftForPayment,
		LeftToCompare, LeftForLater, LeftForOther,
	}
}

// ReasonOf is the reason that a code names. The list grows with the protocol:
// a code that is not known here means other (checkout RFC, 7.2).
func ReasonOf(code string) Reason {
	if r := Reason(code); slices.Contains(Reasons(), r) {
		return r
	}
	return LeftForOther
}

// IntentTrace is what an agent tells of a buyer who left.
type IntentTrace struct {
	Reason   Reason
	Summary  string // in the agent's words, at most 500 characters; may speak of the buyer
	Metadata []byte // a flat JSON object, as it came
}

// Departure counts the canceled sessions of a reason.
type Departure struct {
	Reason   Reason
	Sessions int64
}

// CancelRequest ends a session.
type CancelRequest struct {
	Trace *IntentTrace // nil: the agent says nothing
}

// cancel writes down that and why the session ended.
func (s *Session) cancel(by ClaimID, r CancelRequest, now time.Time) error {
	if err := s.become(Canceled); err != nil {
		return err
	}
	s.CanceledBy, s.CanceledAt, s.UpdatedAt = by, now, now
	s.Left, s.Messages = r.Trace, nil
	return nil
}
