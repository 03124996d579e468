package acp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Follow leads a buyer who clicked our short link to Shopify's checkout. The
// draft order is made at the first click, once, whoever clicks twice; a cart
// that changed since gets a new draft, after the old one is gone. A session
// whose buyer has paid leads to its order. KindState when the session has
// ended, KindInFlight while another click is being served; with an error, too,
// the destination says what else the buyer can do.
func (c *Checkout) Follow(ctx context.Context, token string) (Destination, error) {
	s, m, err := c.handedOver(ctx, token)
	if err != nil {
		return Destination{}, err
	}
	to := Destination{Locale: s.Locale, Shop: cmp.Or(m.Name, m.Shop), Storefront: m.StorefrontURL}
	if s.Status == Completed && s.Order != nil {
		to.URL = s.Order.URL
		return to, nil
	}
	if err = mustLeadSomewhere(s); err == nil || !s.Handover.DueAt.IsZero() {
		err = c.leased(ctx, m, s.ID, func(s *Session) (err error) {
			to.URL, err = c.lead(ctx, m, s)
			return err
		})
	}
	switch KindOf(err) {
	case KindState:
		to.Cart = c.sameGoods(ctx, m, s)
	case KindNotFound: // something of the shop's; the link itself is known
		err = Failed(KindUnavailable, "follow the link", err)
	}
	return to, err
}

func (c *Checkout) handedOver(ctx context.Context, token string) (Session, Merchant, error) {
	s, err := c.Sessions.SessionByHandover(ctx, token)
	if err != nil {
		return Session{}, Merchant{}, err
	}
	m, err := c.Merchants.Merchant(ctx, s.Merchant)
	if err != nil {
		return Session{}, Merchant{}, err
	}
	if m.Status == Uninstalled {
		return Session{}, Merchant{}, NotFound("checkout")
	}
	return s.At(c.Now()), m, nil
}

// leased does work on a session that nobody else is working on at the moment;
// agents may still change it. KindInFlight while somebody is: they are done
// soon, long before their lease runs out.
func (c *Checkout) leased(ctx context.Context, m Merchant, id SessionID, work func(*Session) error) error {
	owner, now := c.NewID(), c.Now()
	err := c.Sessions.LeaseSession(ctx, m.ID, id, owner, now, now.Add(c.Lease))
	if busy, ok := errors.AsType[*Error](err); ok && busy.Kind == KindInFlight {
		busy.RetryAfter = min(busy.RetryAfter, 2*time.Second)
	}
	if err != nil {
		return err
	}
	defer c.release(context.WithoutCancel(ctx), m.ID, id, owner)
	s, err := c.Sessions.Session(ctx, m.ID, "", id)
	if err != nil {
		return err
	}
	return work(&s)
}

// mustLeadSomewhere refuses a link whose checkout has ended.
func mustLeadSomewhere(s Session) error {
	if s.Status == Escalated {
		return nil
	}
	return &Error{Kind: KindState, Code: string(s.Status), Message: fmt.Sprintf("this checkout is %s", s.Status)}
}

// lead finds out where the buyer is to go now. The shop is looked at first,
// because the buyer may have paid without our having heard of it.
func (c *Checkout) lead(ctx context.Context, m Merchant, s *Session) (string, error) {
	current, err := c.look(ctx, m, s)
	switch {
	case err != nil:
		return "", err
	case s.Status == Completed && s.Order != nil:
		return s.Order.URL, nil
	}
	if err := mustLeadSomewhere(s.At(c.Now())); err != nil {
		return "", err
	}
	if current.ID == "" {
		if current, err = c.handOverDraft(ctx, m, s); err != nil {
			return "", err
		}
	}
	if !current.Ready {
		if current, err = c.Drafts.AwaitDraft(ctx, m, current.ID); err != nil {
			return "", Failed(KindUnavailable, "wait for the draft order", err)
		}
	}
	if current.InvoiceURL == "" {
		return "", &Error{Kind: KindUnavailable, Message: "the shop has no payment page for this draft order yet"}
	}
	return current.InvoiceURL, nil
}

// handOverDraft makes the draft of the cart as it is now. What is about to be
// done is saved first, so that whatever dies here leaves word of a draft that
// may exist.
func (c *Checkout) handOverDraft(ctx context.Context, m Merchant, s *Session) (Draft, error) {
	h, now := s.Handover, c.Now()
	if h.DraftRevision == h.Revision {
		d, err := c.findBegun(ctx, m, s)
		if d.ID != "" || err != nil {
			return d, err
		}
	}
	h.DraftRevision, h.FollowedAt = h.Revision, now
	h.DueAt = s.nextLook(now)
	if err := c.Sessions.SaveSession(ctx, s); err != nil {
		return Draft{}, err
	}
	d, err := c.Drafts.CreateDraft(ctx, m, DraftOrder{
		Cart: s.cart(s.rate()), Session: s.ID, Reference: s.handOffReference(h.Revision), Agent: s.Agent, Attributes: s.attributes(),
	})
	switch KindOf(err) {
	case "":
		return d, c.keep(ctx, s, d)
	case KindRefused: // it was not made
		h.DraftRevision, h.DueAt = 0, s.nextLook(now)
		return Draft{}, errors.Join(Failed(KindState, "create draft order", err), c.Sessions.SaveSession(ctx, s))
	default:
		return Draft{}, Failed(KindOf(err), "create draft order", err)
	}
}

// findBegun looks for the draft whose creation was begun without our learning
// its end. When the shop's search does not show one, another is made, and the
// first is looked for until the search must have shown it.
func (c *Checkout) findBegun(ctx context.Context, m Merchant, s *Session) (Draft, error) {
	d, err := c.Drafts.FindDraft(ctx, m, s.handOffReference(s.Handover.Revision))
	switch KindOf(err) {
	case "":
		return d, c.keep(ctx, s, d)
	case KindNotFound:
		s.Handover.Superseded = append(s.Handover.Superseded, HandedDraft{Revision: s.Handover.Revision, Since: c.Now()})
		return Draft{}, nil
	default:
		return Draft{}, Failed(KindOf(err), "look for the draft order", err)
	}
}

// keep saves which draft it is, before the buyer is led to it. A draft whose
// cart was changed meanwhile, or canceled, is given up: nobody has its address.
func (c *Checkout) keep(ctx context.Context, s *Session, d Draft) error {
	h := s.Handover
	h.DraftID, h.DueAt = d.ID, s.nextLook(c.Now())
	err := c.Sessions.SaveSession(ctx, s)
	if KindOf(err) != KindStale {
		return err
	}
	for range staleRetries {
		if failure := c.disown(ctx, s, HandedDraft{ID: d.ID, Revision: h.DraftRevision, Since: c.Now()}); KindOf(failure) != KindStale {
			return errors.Join(err, failure)
		}
	}
	return err
}

// disown notes, on the session as it has become, a draft that has to go.
func (c *Checkout) disown(ctx context.Context, s *Session, d HandedDraft) error {
	fresh, err := c.Sessions.Session(ctx, s.Merchant, "", s.ID)
	if err != nil {
		return err
	}
	h := fresh.Handover
	begun := func(old HandedDraft) bool { return old.ID == "" && old.Revision == d.Revision }
	h.Superseded = append(slices.DeleteFunc(h.Superseded, begun), d)
	h.DueAt = d.Since
	return c.Sessions.SaveSession(ctx, &fresh, handOffTask(&fresh))
}

// handOffTask has the shop asked what became of the session's drafts.
func handOffTask(s *Session) Task {
	return Task{Kind: TaskWatchHandOff, Merchant: s.Merchant, Key: string(s.ID)}
}
