package acp

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// PaidInShop completes a session whose buyer has paid the order in Shopify's
// checkout. An order that is not the session's is left alone. KindInFlight
// while a click on the link is being served: which draft it made is known
// afterwards.
func (c *Checkout) PaidInShop(ctx context.Context, m Merchant, o Order) error {
	s, err := c.Sessions.Session(ctx, m.ID, "", o.Session)
	if KindOf(err) == KindNotFound {
		return nil
	}
	if err != nil || s.Status == Completed {
		return err
	}
	if s.Attempt.Live() {
		return c.resumeLater(ctx, &s)
	}
	if s.Handover == nil {
		return nil
	}
	return c.leased(ctx, m, s.ID, func(s *Session) error {
		if s.Status == Completed {
			return nil
		}
		paid, ours, err := c.paidBy(ctx, m, s, o.ID)
		if err != nil || !ours {
			return err
		}
		return c.completeBy(ctx, m, s, paid, o)
	})
}

// paidBy finds the session's draft that became the order. The order's own
// attributes are not enough: a buyer of the online store can set attributes,
// too. A tag they cannot, so that a draft is found by its reference where its
// id never reached us.
func (c *Checkout) paidBy(ctx context.Context, m Merchant, s *Session, order string) (HandedDraft, bool, error) {
	drafts := slices.Clone(s.Handover.Superseded)
	if newest, any := s.Handover.newest(c.Now()); any {
		drafts = append(drafts, newest)
	}
	hidden := false
	for _, known := range slices.Backward(drafts) {
		d, err := c.handedDraft(ctx, m, s, known)
		switch {
		case KindOf(err) == KindNotFound:
			hidden = hidden || known.ID == "" && c.Now().Sub(known.Since) < searchSettles
		case err != nil:
			return HandedDraft{}, false, fmt.Errorf("look which draft order was paid: %w", err)
		case d.OrderID == order:
			known.ID = d.ID
			return known, true, nil
		}
	}
	if hidden {
		return HandedDraft{}, false, &Error{Kind: KindUnavailable, Message: "the shop's search does not show yet which draft order was paid"}
	}
	return HandedDraft{}, false, nil
}

func (c *Checkout) handedDraft(ctx context.Context, m Merchant, s *Session, d HandedDraft) (Draft, error) {
	if d.ID == "" {
		return c.Drafts.FindDraft(ctx, m, s.handOffReference(d.Revision))
	}
	return c.Drafts.Draft(ctx, m, d.ID)
}

// soldBy completes the session by the order that its draft has become.
func (c *Checkout) soldBy(ctx context.Context, m Merchant, s *Session, paid HandedDraft, order string) error {
	o, err := c.Orders.Order(ctx, m, order)
	if err != nil {
		return fmt.Errorf("read order: %w", err)
	}
	return c.completeBy(ctx, m, s, paid, o)
}

// completeBy ends the session by the order of one of its drafts. What other
// drafts there are must not be paid, too.
func (c *Checkout) completeBy(ctx context.Context, m Merchant, s *Session, paid HandedDraft, o Order) error {
	h, now := s.Handover, c.Now()
	h.supersede(now)
	h.Superseded = slices.DeleteFunc(h.Superseded, func(d HandedDraft) bool { return d.ID == paid.ID })
	h.DraftID, h.DraftRevision, h.DueAt = paid.ID, paid.Revision, time.Time{}
	o.URL = permalink(o, m)
	earlier, told := paid.Revision != h.Revision, s.Total()
	differs := s.bought(o)
	event, err := s.complete(o, now)
	if err != nil {
		return err
	}
	switch {
	case differs && earlier:
		s.say(Message{Type: Info, Text: TextPaidEarlier})
	case differs && s.Total() != told:
		s.say(Message{Type: Info, Text: TextPaidOtherwise, Args: []Argument{moneyOf("from", told), moneyOf("to", s.Total())}})
	}
	tasks := []Task{{Kind: TaskSendEvents, Merchant: m.ID, Key: o.ID}}
	if len(h.Superseded) > 0 {
		h.DueAt = now
		tasks = append(tasks, handOffTask(s))
	}
	return c.Finisher.FinishCheckout(ctx, s, nil, event, tasks...)
}

// resumeLater leaves an order that a running completion placed to that
// completion.
func (c *Checkout) resumeLater(ctx context.Context, s *Session) error {
	at := c.Now().Add(time.Second)
	return c.Sessions.Enqueue(ctx, Task{Kind: TaskResumeCheckout, Merchant: s.Merchant, Key: string(s.ID), RunAt: at})
}
