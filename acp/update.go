package acp

import (
	"context"
	"fmt"
)

// UpdateRequest changes a session; nil leaves a field as it is.
type UpdateRequest struct {
	Items         []ItemRequest
	Buyer         *Buyer
	Fulfillment   *FulfillmentDetails
	Selected      []Selection
	DiscountCodes *[]string // the list replaces the previous one
	Note          *string
}

// staleRetries bounds how often a change is applied afresh to a session that
// somebody else changed in between.
const staleRetries = 3

// Update changes a session and prices it again. KindState when it is not open
// any more (code session_expired when it has expired), KindInFlight while it is
// being completed; in both cases, and on any other error, the session is as it
// was.
func (c *Checkout) Update(ctx context.Context, who Caller, id SessionID, r UpdateRequest) (Session, error) {
	for attempt := 1; ; attempt++ {
		s, err := c.update(ctx, who, id, r)
		if KindOf(err) != KindStale || attempt == staleRetries {
			return s, err
		}
	}
}

func (c *Checkout) update(ctx context.Context, who Caller, id SessionID, r UpdateRequest) (Session, error) {
	s, err := c.Get(ctx, who, id)
	if err != nil {
		return Session{}, err
	}
	if err := mustBeOpen(s, "changed"); err != nil {
		return Session{}, err
	}
	p, err := c.change(ctx, &s, r)
	if err != nil {
		return Session{}, err
	}
	if s.Handover == nil && c.completes(who) == HandOff {
		s.Handover = c.newHandover(s)
	}
	if err := c.price(ctx, who.Merchant, &s, p); err != nil {
		return Session{}, err
	}
	s.UpdatedAt = c.Now()
	s.ExpiresAt = s.UpdatedAt.Add(c.SessionTTL)
	var tasks []Task
	if h := s.Handover; h != nil {
		h.Revision++
		if h.supersede(s.UpdatedAt) { // the invoice of the cart before must not be paid
			tasks = append(tasks, handOffTask(&s))
		}
	}
	if s.Told, err = who.told(s); err != nil {
		return Session{}, err
	}
	if err := c.Sessions.SaveSession(ctx, &s, tasks...); err != nil {
		return Session{}, err
	}
	return s, nil
}

func (c *Checkout) change(ctx context.Context, s *Session, r UpdateRequest) (pricing, error) {
	p := pricing{Shown: s.prices()}
	if r.Items != nil {
		if err := c.fill(ctx, s, r.Items); err != nil {
			return p, err
		}
		p.Fresh = true
	}
	if r.Fulfillment != nil {
		s.Fulfillment, p.Fresh = r.Fulfillment, true
	}
	if r.Buyer != nil {
		s.Buyer = r.Buyer
	}
	if r.DiscountCodes != nil {
		s.DiscountCodes = *r.DiscountCodes
	}
	if r.Note != nil {
		s.Note = *r.Note
	}
	p.Selected = r.Selected
	return p, s.checkSelected(r.Selected)
}

// mustBeOpen refuses work on a session that is not open any more.
func mustBeOpen(s Session, verb string) error {
	switch {
	case s.Status.Open():
		return nil
	case s.Status == InProgress:
		return &Error{Kind: KindInFlight, Code: "checkout_in_progress", Message: "the session is being completed"}
	case s.Status == Expired:
		return &Error{Kind: KindState, Code: "session_expired", Message: "the session has expired; open a new one"}
	default:
		return &Error{Kind: KindState, Code: "invalid_session_state", Message: fmt.Sprintf("a session that is %s cannot be %s", s.Status, verb)}
	}
}
