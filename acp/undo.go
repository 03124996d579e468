package acp

import (
	"context"
	"fmt"
)

// undo voids the authorization of a failed attempt and deletes its draft, then
// makes the session payable again. The money comes first. Each part may be
// called any number of times.
func (c *Checkout) undo(ctx context.Context, m Merchant, s *Session) error {
	if err := c.unhold(ctx, m, s); err != nil {
		return err
	}
	if s.Attempt.DraftID != "" {
		err := c.Drafts.DeleteDraft(ctx, m, s.Attempt.DraftID)
		// A shop that has shut us out keeps a draft: litter, but no order.
		if err != nil && KindOf(err) != KindReauthorize {
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
