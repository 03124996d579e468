package acp

import "context"

// Cancel ends an open session and keeps why the buyer left.
// KindState when it has ended already (unless it was this very request that
// canceled it), KindInFlight while it is being completed.
func (c *Checkout) Cancel(ctx context.Context, who Caller, id SessionID, r CancelRequest) (Session, error) {
	for attempt := 1; ; attempt++ {
		s, err := c.end(ctx, who, id, r)
		if KindOf(err) != KindStale || attempt == staleRetries {
			return s, err
		}
	}
}

// end is one try to cancel. It may be repeated: an invoice that is gone already
// is taken back.
func (c *Checkout) end(ctx context.Context, who Caller, id SessionID, r CancelRequest) (Session, error) {
	s, err := c.Get(ctx, who, id)
	if err != nil {
		return Session{}, err
	}
	if s.Status == Canceled && who.Claim != "" && s.CanceledBy == who.Claim {
		return s, nil
	}
	if s.Status == PendingApproval {
		return c.recall(ctx, who, s, r)
	}
	if s.Status != Authenticating { // which holds nothing
		if err := mustBeOpen(s, "canceled"); err != nil {
			return Session{}, err
		}
	}
	if err := c.takeBack(ctx, who.Merchant, &s); err != nil {
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

// takeBack deletes the invoices that a buyer may still pay, so that a canceled
// session does not become an order. KindState when the buyer has paid.
func (c *Checkout) takeBack(ctx context.Context, m Merchant, s *Session) error {
	h := s.Handover
	if h == nil {
		return nil
	}
	last, _ := h.newest(c.Now())
	h.supersede(c.Now())
	var kept []HandedDraft
	for _, d := range h.Superseded {
		order, gone, err := c.withdraw(ctx, m, s, d)
		switch {
		case err != nil:
			return err
		case order != "":
			err := c.Sessions.Enqueue(ctx, handOffTask(s)) // which completes the session
			return &Error{Kind: KindState, Code: "invalid_session_state", Message: "the buyer has paid already", Err: err}
		case !gone:
			kept = append(kept, d)
		}
	}
	h.Superseded = kept
	h.DueAt = s.nextLook(c.Now())
	// An order that crossed the deletion is still recognised.
	h.DraftID, h.DraftRevision = last.ID, last.Revision
	return nil
}
