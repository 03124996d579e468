package acp

import (
	"context"
	"fmt"
)

// undo deletes the draft and voids the authorization of a failed attempt, then
// makes the session payable again. Each part may be called any number of
// times; the attempt ends only when both are certain.
func (c *Checkout) undo(ctx context.Context, m Merchant, s *Session) error {
	a := s.Attempt
	if a.DraftID != "" {
		if err := c.Drafts.DeleteDraft(ctx, m, a.DraftID); err != nil {
			return fmt.Errorf("delete draft order: %w", err)
		}
		a.DraftID = ""
	}
	if a.PaymentID != "" {
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
	}
	why := a.Failure
	if err := c.price(ctx, m, s, pricing{Fresh: true}); err != nil {
		// The amounts stay as they were; completing prices again anyway.
		s.Messages = nil
	}
	if why != nil && why.Code == CodeOutOfStock && blocking(s.Messages) {
		why = nil // the fresh messages name the item
	}
	return c.giveUp(ctx, s, why)
}
