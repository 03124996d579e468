package acp

import "time"

// Handover is the link by which a buyer finishes in Shopify's own checkout,
// and the draft orders that were made for it.
type Handover struct {
	Token string // unguessable part of our short link
	// Revision counts changes of the cart; DraftRevision is the one that the
	// newest draft was made from, 0 when there is none. It is saved before the
	// draft is created: without a DraftID it is not known yet whether the shop
	// has the draft.
	Revision      int64
	DraftID       string // Shopify's global id
	DraftRevision int64
	// Superseded are drafts that must not be paid any more, of carts that
	// changed and checkouts that ended. They stay here until the shop has
	// deleted them.
	Superseded []HandedDraft
	FollowedAt time.Time // when the newest draft was made
	// DueAt is when the shop is asked next what became of the drafts; zero:
	// it has none of ours.
	DueAt time.Time
}

// HandedDraft is a draft order that a buyer may have been led to.
type HandedDraft struct {
	ID       string // empty while it is known only by its reference: the answer to creating it was lost
	Revision int64  // of the cart that it was made from
	Since    time.Time
}

const (
	// handOffLingers is how long after its session's expiry a buyer may still
	// pay an invoice that they were led to. Shopify's own reminders of an
	// abandoned checkout arrive up to 24 hours after it (1, 6, 10 or 24, as the
	// merchant set it), a bank may take hours to confirm a payment, and an
	// order a day late is still an order. A hand-off reserves no stock, so that
	// waiting costs nothing but that the prices are a day old; with more, a
	// merchant would sell at prices of last week.
	handOffLingers = 24 * time.Hour
	// searchSettles is how long the shop's search may lag behind: a draft that
	// is not found after that does not exist.
	searchSettles = 10 * time.Minute
	// A followed invoice is looked at after firstLook, then ever less often:
	// webhooks tell of nearly every payment, this is for those that got lost.
	firstLook  = 10 * time.Minute
	rarestLook = 6 * time.Hour
)

// handOffReference marks the draft of one revision of the cart.
func (s *Session) handOffReference(revision int64) string {
	return Attempt{Number: int(revision)}.Reference(s.ID)
}

// newest is the draft of the newest revision that one was begun for.
func (h *Handover) newest(now time.Time) (HandedDraft, bool) {
	return HandedDraft{ID: h.DraftID, Revision: h.DraftRevision, Since: now}, h.DraftRevision > 0 || h.DraftID != ""
}

// supersede says that the newest draft must not be paid any more. It reports
// whether there may be one.
func (h *Handover) supersede(now time.Time) bool {
	d, any := h.newest(now)
	if any {
		h.Superseded = append(h.Superseded, d)
		h.DraftID, h.DraftRevision, h.DueAt = "", 0, now
	}
	return any
}

// lapsed reports whether nobody is to pay the session's invoice any more.
func (s *Session) lapsed(now time.Time) bool {
	switch s.Status {
	case Canceled:
		return true
	case Completed:
		return false // its draft is the order
	default:
		return !now.Before(s.ExpiresAt.Add(handOffLingers))
	}
}

// nextLook is when the shop is to be asked about the session's drafts again.
func (s *Session) nextLook(now time.Time) time.Time {
	h := s.Handover
	switch _, any := h.newest(now); {
	case len(h.Superseded) > 0:
		return now.Add(searchSettles / 2)
	case !any || s.Status == Completed || s.Status == Canceled:
		return time.Time{}
	}
	wait := min(max(now.Sub(h.FollowedAt), firstLook), rarestLook)
	if end := s.ExpiresAt.Add(handOffLingers); now.Add(wait).After(end) {
		return end
	}
	return now.Add(wait)
}
