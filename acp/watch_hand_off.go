package acp

import (
	"context"
	"fmt"
)

// WatchHandOff finds out what became of a hand-off, and acts on it: drafts of
// carts that changed are deleted, an invoice that was paid completes the
// session even if no webhook told so, and the draft of a session that expired
// a day ago is deleted. It may be called at any time and any number of times.
func (c *Checkout) WatchHandOff(ctx context.Context, id MerchantID, session SessionID) error {
	m, err := c.Merchants.Merchant(ctx, id)
	if err != nil || m.Status == Uninstalled {
		return err
	}
	return c.leased(ctx, m, session, func(s *Session) error {
		_, err := c.look(ctx, m, s)
		return err
	})
}

// look asks the shop about the session's drafts and returns the newest, zero
// when there is none to be paid. Afterwards no superseded draft can be paid any
// more, but for one that the shop's search may still be hiding and whose
// address nobody has. A draft that was paid has completed the session.
func (c *Checkout) look(ctx context.Context, m Merchant, s *Session) (Draft, error) {
	h, now := s.Handover, c.Now()
	if h == nil || h.DueAt.IsZero() {
		return Draft{}, nil
	}
	due := !h.DueAt.After(now)
	if s.Status != Completed && (s.lapsed(now) || h.DraftRevision != h.Revision) {
		due = h.supersede(now) || due
	}
	if s.Status.Open() && s.lapsed(now) {
		if err := s.become(Expired); err != nil {
			return Draft{}, err
		}
		s.UpdatedAt, due = now, true
	}
	dropped, err := c.withdrawSuperseded(ctx, m, s)
	if err != nil || dropped.sold {
		return Draft{}, err
	}
	current, gone, err := c.newestDraft(ctx, m, s)
	if err != nil || current.OrderID != "" {
		return Draft{}, err
	}
	if !due && !dropped.any && !gone {
		return current, nil
	}
	h.DueAt = s.nextLook(now)
	return current, c.Sessions.SaveSession(ctx, s)
}

// dropping is what withdrawing drafts has come to.
type dropping struct {
	any  bool // some are gone
	sold bool // one was paid, and the session is completed
}

func (c *Checkout) withdrawSuperseded(ctx context.Context, m Merchant, s *Session) (dropping, error) {
	h := s.Handover
	var kept []HandedDraft
	for _, d := range h.Superseded {
		order, gone, err := c.withdraw(ctx, m, s, d)
		switch {
		case err != nil:
			return dropping{}, err
		case order != "" && s.Status == Completed:
			if err := c.secondOrder(ctx, m, s, order); err != nil {
				return dropping{}, err
			}
		case order != "":
			return dropping{sold: true}, c.soldBy(ctx, m, s, d, order)
		case !gone:
			kept = append(kept, d)
		}
	}
	done := dropping{any: len(kept) < len(h.Superseded)}
	h.Superseded = kept
	return done, nil
}

// newestDraft reads the draft of the cart as it is; gone says that there was
// one, and that somebody else deleted it. One that was paid has completed the
// session.
func (c *Checkout) newestDraft(ctx context.Context, m Merchant, s *Session) (d Draft, gone bool, err error) {
	h := s.Handover
	if h.DraftID == "" || s.Status == Completed {
		return Draft{}, false, nil
	}
	d, err = c.Drafts.Draft(ctx, m, h.DraftID)
	switch {
	case KindOf(err) == KindNotFound:
		h.DraftID, h.DraftRevision = "", 0
		return Draft{}, true, nil
	case err != nil:
		return Draft{}, false, fmt.Errorf("read draft order: %w", err)
	case d.OrderID != "":
		return d, false, c.soldBy(ctx, m, s, HandedDraft{ID: d.ID, Revision: h.DraftRevision}, d.OrderID)
	}
	return d, false, nil
}
