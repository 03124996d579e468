package acp

import (
	"cmp"
	"context"
	"fmt"
)

// retract deletes the draft that the shop refused to make an order. Once it is
// gone no order can come of it, and the money may be given back. A draft that
// turns out to have become the order after all is carried on with.
func (c *Checkout) retract(ctx context.Context, m Merchant, s *Session) error {
	err := c.Drafts.DeleteDraft(ctx, m, s.Attempt.DraftID)
	switch KindOf(err) {
	case "", KindReauthorize:
		return c.advance(ctx, s, StepReleasing)
	case KindRefused:
	default:
		return fmt.Errorf("delete draft order: %w", err)
	}
	d, looked := c.Drafts.Draft(ctx, m, s.Attempt.DraftID)
	switch {
	case looked != nil && KindOf(looked) != KindNotFound:
		return fmt.Errorf("look at the refused draft order: %w", looked)
	case looked != nil || d.OrderID == "":
		return c.advance(ctx, s, StepReleasing) // it stays as litter
	case d.Total != s.Attempt.Amount:
		return c.orderedOtherwise(ctx, s)
	}
	s.Order, s.Attempt.Failure = &Order{ID: d.OrderID}, nil
	return c.advance(ctx, s, StepPlaced)
}

// undo gives the money of a failed attempt back. That is saved before its draft
// is looked after: a shop that is out of reach must not keep the ledger from
// saying so. May be called any number of times.
func (c *Checkout) undo(ctx context.Context, m Merchant, s *Session) error {
	if err := c.unhold(ctx, m, s); err != nil {
		return err
	}
	return c.advance(ctx, s, StepDiscarding)
}

// tidy deletes the draft of an attempt whose money was given back, then makes
// the session payable again, unless the draft has become an order, or the
// money could not be given back: such a session ends. May be called any number
// of times.
func (c *Checkout) tidy(ctx context.Context, m Merchant, s *Session) error {
	order, err := c.discard(ctx, m, s)
	if err != nil {
		return err
	}
	why := s.Attempt.Failure
	if order.OrderID != "" {
		s.Matters = append(s.Matters, c.unpaidOrder(ctx, m, s, order))
		if !why.saysKept() { // the buyer would get the goods twice
			s.Attempt.Cancels, why = true, new(orderedByHand())
		}
	}
	if s.Attempt.Cancels {
		return c.giveUp(ctx, s, why)
	}
	if err := c.price(ctx, m, s, pricing{Fresh: true}); err != nil {
		s.Messages = nil // the amounts stay as they were; completing prices again anyway
	}
	if why != nil && why.Code == CodeOutOfStock && blocking(s.Messages) {
		why = nil // the fresh messages name the item
	}
	return c.giveUp(ctx, s, why)
}

// discard deletes the attempt's draft, and returns it if it has become an order
// instead. A shop that has shut us out keeps it.
func (c *Checkout) discard(ctx context.Context, m Merchant, s *Session) (order Draft, err error) {
	if s.Attempt.DraftID == "" {
		return Draft{}, nil
	}
	err = c.Drafts.DeleteDraft(ctx, m, s.Attempt.DraftID)
	switch KindOf(err) {
	case "", KindReauthorize:
		return Draft{}, nil
	case KindRefused:
		order, err = c.orderedByHand(ctx, m, s)
		if err != nil {
			err = fmt.Errorf("look at the draft order that cannot be deleted: %w", err)
		}
		return order, err
	default:
		return Draft{}, fmt.Errorf("delete draft order: %w", err)
	}
}

// unhold gives the buyer's money back: it voids a reservation, and refunds
// what was taken at once.
func (c *Checkout) unhold(ctx context.Context, m Merchant, s *Session) error {
	a := s.Attempt
	if a.PaymentID == "" {
		return nil
	}
	provider, err := c.provider(s)
	if err != nil {
		return err
	}
	p, back, err := giveBack(ctx, provider, m, Payment{
		Merchant: s.Merchant, Session: s.ID, Attempt: a.Number, Reference: a.Reference(s.ID), Provider: a.Provider,
		ProviderID: a.PaymentID, Amount: cmp.Or(a.Held, a.Amount), State: a.Holds,
	}, RefundRequest{Reference: a.Reference(s.ID) + "-back", Key: a.Key(s.ID, "refund"), Reason: "no order came of it"})
	if KindOf(err) == KindRefused {
		return c.notGivenBack(ctx, m, s, provider, err)
	}
	if err != nil {
		return err
	}
	if p.State == PaymentRefunded && a.Holds != PaymentCaptured { // another hand has taken it meanwhile
		s.move(MoveCapture, p.Amount, p.ProviderID, "found taken", c.Now())
	}
	switch {
	case back != nil:
		s.move(MoveRefund, back.Amount, back.ID, "no order came of it", c.Now())
	case (p.State == PaymentVoided || p.State == PaymentDeclined) && a.Holds == PaymentAuthorized:
		s.move(MoveVoid, cmp.Or(a.Held, a.Amount), p.ProviderID, "no order came of it", c.Now())
	case p.State != PaymentVoided && p.State != PaymentRefunded && p.State != PaymentDeclined:
		// The provider says yes and does nothing: that is a refusal, too.
		return c.notGivenBack(ctx, m, s, provider, Failed(KindRefused, "void payment", fmt.Errorf("payment %s is %s", p.ProviderID, p.State)))
	}
	a.Holds, a.Held = "", Money{}
	return nil
}
