package acp

import (
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
		// Neither charging nor giving back would be right: staff must look.
		return &Error{Kind: KindInternal, Message: fmt.Sprintf("the draft order became an order over %s, but %s was authorized", d.Total, s.Attempt.Amount)}
	}
	s.Order, s.Attempt.Failure = &Order{ID: d.OrderID}, nil
	return c.advance(ctx, s, StepPlaced)
}

// undo voids the authorization of a failed attempt and deletes its draft, then
// makes the session payable again. The money comes first. Each part may be
// called any number of times.
func (c *Checkout) undo(ctx context.Context, m Merchant, s *Session) error {
	if err := c.unhold(ctx, m, s); err != nil {
		return err
	}
	if s.Attempt.DraftID != "" {
		err := c.Drafts.DeleteDraft(ctx, m, s.Attempt.DraftID)
		// A shop that has shut us out keeps a draft, and so does one whose staff
		// made it an order by hand: none of ours, and the money is back.
		if kind := KindOf(err); err != nil && kind != KindReauthorize && kind != KindRefused {
			return fmt.Errorf("delete draft order: %w", err)
		}
	}
	why := s.Attempt.Failure
	if err := c.price(ctx, m, s, pricing{Fresh: true}); err != nil {
		s.Messages = nil // the amounts stay as they were; completing prices again anyway
	}
	if why != nil && why.Code == CodeOutOfStock && blocking(s.Messages) {
		why = nil // the fresh messages name the item
	}
	return c.giveUp(ctx, s, why)
}

// unhold gives the reserved amount back.
func (c *Checkout) unhold(ctx context.Context, m Merchant, s *Session) error {
	a := s.Attempt
	if a.PaymentID == "" {
		return nil
	}
	p, err := c.Payments.Void(ctx, m, Payment{
		Merchant: s.Merchant, Session: s.ID, Attempt: a.Number, Reference: a.Reference(s.ID),
		ProviderID: a.PaymentID, Amount: a.Amount,
	})
	if err != nil {
		return fmt.Errorf("void authorization: %w", err)
	}
	if p.State != PaymentVoided {
		return &Error{Kind: KindInternal, Message: fmt.Sprintf("payment %s is %s and cannot be voided", p.ProviderID, p.State)}
	}
	return nil
}
