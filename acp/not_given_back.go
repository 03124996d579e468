package acp

import (
	"context"
	"fmt"
)

// notGivenBack ends an attempt whose money the provider refuses to give back:
// it is disputed, say, or was taken by staff too long ago. Asking again would
// not help, and paying again would take it twice, so the session ends, and
// staff are told in the same commit. A payment in any other state is tried
// again.
func (c *Checkout) notGivenBack(ctx context.Context, m Merchant, s *Session, by Payments, refusal error) error {
	a, now := s.Attempt, c.Now()
	seen, err := by.Read(ctx, m, a.PaymentID)
	if err != nil {
		return fmt.Errorf("read a payment that is not given back: %w", err)
	}
	d := Difference{
		Merchant: s.Merchant, Session: s.ID, Provider: by.Name(), PaymentID: a.PaymentID, FirstSeen: now, LastSeen: now,
	}
	switch seen.State {
	case PaymentCaptured:
		left := Money{Amount: leftOf(seen), Currency: seen.Amount.Currency}
		d.Kind, d.Expected, d.Found = DifferNoOrder, "nothing taken", left.String()+" taken"
		d.What = fmt.Sprintf("%s took %s, no order exists, and it refuses to give the money back", by.Name(), left)
		if a.Holds != PaymentCaptured { // another hand has taken it meanwhile
			s.move(MoveCapture, seen.Amount, a.PaymentID, "found taken", now)
		}
	case PaymentAuthorized:
		d.Kind, d.Expected, d.Found = DifferOwnerless, "nothing reserved", seen.Amount.String()+" reserved"
		d.What = fmt.Sprintf("%s holds %s that no checkout and no order owns, and refuses to give it back", by.Name(), seen.Amount)
	default:
		return refusal
	}
	a.Holds, a.Held = seen.State, seen.Amount
	a.Cancels = true
	a.Failure = &Message{Type: Problem, Code: CodeConflict, Resolution: ResolveByBuyerReview, Text: TextNotGivenBack}
	s.Differs = append(s.Differs, d)
	c.Log.WarnContext(ctx, "money was not given back", "session", s.ID, "payment", a.PaymentID, "error", refusal)
	return nil
}

// saysKept reports whether the attempt ends with money that was not given back.
func (m *Message) saysKept() bool { return m != nil && m.Text == TextNotGivenBack }
