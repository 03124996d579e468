package acp

import "context"

// Cancel ends an open session and keeps why the buyer left.
// KindState when it has ended already (unless it was this very request that
// canceled it), KindInFlight while it is being completed.
func (c *Checkout) Cancel(ctx context.Context, who Caller, id SessionID, r CancelRequest) (Session, error) {
	s, err := c.Get(ctx, who, id)
	if err != nil {
		return Session{}, err
	}
	if s.Status == Canceled && who.Claim != "" && s.CanceledBy == who.Claim {
		return s, nil
	}
	if err := mustBeOpen(s, "canceled"); err != nil {
		return Session{}, err
	}
	if err := c.withdraw(ctx, who.Merchant, s.Handover); err != nil {
		return Session{}, err
	}
	if err := s.cancel(who.Claim, r, c.Now()); err != nil {
		return Session{}, err
	}
	if err := c.Sessions.SaveSession(ctx, &s); err != nil {
		return Session{}, err
	}
	return s, nil
}

// withdraw takes back the invoice that a buyer may still pay, so that a
// canceled session cannot become an order.
func (c *Checkout) withdraw(ctx context.Context, m Merchant, h *Handover) error {
	if h == nil || h.DraftID == "" {
		return nil
	}
	d, err := c.Drafts.Draft(ctx, m, h.DraftID)
	if KindOf(err) == KindNotFound {
		return nil
	}
	if err != nil {
		return Failed(KindOf(err), "look whether the buyer has paid", err)
	}
	if d.OrderID != "" {
		return &Error{Kind: KindState, Code: "invalid_session_state", Message: "the buyer has paid already"}
	}
	err = c.Drafts.DeleteDraft(ctx, m, h.DraftID)
	if KindOf(err) == KindRefused { // a draft that was paid a moment ago stays
		return &Error{Kind: KindState, Code: "invalid_session_state", Message: "the buyer is paying, or has paid already", Err: err}
	}
	if err != nil {
		return Failed(KindOf(err), "delete draft order", err)
	}
	return nil
}
