package acp

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// strayAge is how long nobody must have touched a draft before it can count as
// left behind: longer than any search lags and any attempt to pay lasts.
const strayAge = 24 * time.Hour

// SweepDrafts deletes the drafts of a shop that this app made and that no
// session owns: a create whose answer was lost may have been sent twice, and a
// process may have died in between. A draft that is not certainly ours is left
// alone: staff copy drafts, tags included, and theirs must not vanish.
func (c *Checkout) SweepDrafts(ctx context.Context, id MerchantID) error {
	m, err := c.Merchants.Merchant(ctx, id)
	if err != nil || m.Status != Installed {
		return err
	}
	left, err := c.Drafts.LeftDrafts(ctx, m, c.Now().Add(-strayAge))
	if err != nil {
		return fmt.Errorf("look for drafts that were left behind: %w", err)
	}
	for _, d := range left {
		if err := c.sweepDraft(ctx, m, d); err != nil {
			return err
		}
	}
	return nil
}

func (c *Checkout) sweepDraft(ctx context.Context, m Merchant, d LeftDraft) error {
	s, err := c.Sessions.Session(ctx, m.ID, "", d.Session)
	if KindOf(err) == KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	revision, ours := s.strays(d)
	if !ours {
		return nil
	}
	c.Log.InfoContext(ctx, "a draft order was left behind", "session", s.ID, "draft", d.ID)
	if s.Handover != nil { // its watch deletes it, or finds that it was paid
		return c.disown(ctx, &s, HandedDraft{ID: d.ID, Revision: revision, Since: c.Now()})
	}
	err = c.Drafts.DeleteDraft(ctx, m, d.ID)
	if KindOf(err) == KindRefused { // staff have made it an order
		return nil
	}
	return err
}

// strays reports whether the draft was made for the session and is none that
// it knows or is still looking for; revision is the number in its reference.
func (s *Session) strays(d LeftDraft) (revision int64, is bool) {
	mine, _ := cutNumber(s.handOffReference(0))
	theirs, number := cutNumber(d.Reference)
	revision, err := strconv.ParseInt(number, 10, 64)
	if theirs != mine || err != nil || s.Attempt.Live() || d.CreatedAt.After(s.over()) {
		return 0, false
	}
	h := s.Handover
	if h == nil {
		return revision, true
	}
	newest, any := h.newest(time.Time{})
	known := func(o HandedDraft) bool { return o.ID == d.ID || o.ID == "" }
	owned := any && known(newest) || slices.ContainsFunc(h.Superseded, known)
	return revision, !owned
}

func cutNumber(reference string) (before, number string) {
	at := strings.LastIndexByte(reference, '-')
	return reference[:max(at, 0)], reference[at+1:]
}

// over is when the session ended or will end; a draft made later is a copy.
func (s *Session) over() time.Time {
	return cmp.Or(s.CompletedAt, s.CanceledAt, s.ExpiresAt)
}
