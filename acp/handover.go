package acp

import (
	"context"
	"fmt"
	"time"
)

// Follow leads a buyer who clicked our short link to Shopify's checkout and
// returns its address. The draft order is made at the first click, once,
// whoever clicks twice; a cart that changed since gets a new draft. A
// completed session leads to its order. KindState when the session has ended,
// KindInFlight while another click is being served.
func (c *Checkout) Follow(ctx context.Context, token string) (string, error) {
	s, m, err := c.handedOver(ctx, token)
	if err != nil {
		return "", err
	}
	if s.Status == Completed && s.Order != nil {
		return s.Order.URL, nil
	}
	if err := mustLeadSomewhere(s); err != nil {
		return "", err
	}
	owner, now := c.NewID(), c.Now()
	if err := c.Sessions.LeaseSession(ctx, m.ID, s.ID, owner, now, now.Add(c.Lease)); err != nil {
		return "", err
	}
	defer c.release(context.WithoutCancel(ctx), m.ID, s.ID, owner)
	if s, err = c.Sessions.Session(ctx, m.ID, "", s.ID); err != nil {
		return "", err
	}
	// It may have been canceled while we waited for the lease.
	if err := mustLeadSomewhere(s.At(now)); err != nil {
		return "", err
	}
	return c.invoice(ctx, m, &s)
}

// mustLeadSomewhere refuses a link whose checkout has ended.
func mustLeadSomewhere(s Session) error {
	if s.Status == Escalated {
		return nil
	}
	return &Error{Kind: KindState, Code: string(s.Status), Message: fmt.Sprintf("this checkout is %s", s.Status)}
}

// payable is where the buyer pays a draft.
func payable(d Draft) (string, error) {
	if d.InvoiceURL == "" {
		return "", &Error{Kind: KindUnavailable, Message: "the shop has no payment page for this draft order yet"}
	}
	return d.InvoiceURL, nil
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

// invoice returns the payment page of the session's draft order, making the
// draft first where there is none for the cart as it is now.
func (c *Checkout) invoice(ctx context.Context, m Merchant, s *Session) (string, error) {
	h := s.Handover
	if h.DraftID != "" && h.DraftRevision == h.Revision {
		d, err := c.Drafts.AwaitDraft(ctx, m, h.DraftID)
		if err == nil {
			return payable(d)
		}
		if KindOf(err) != KindNotFound {
			return "", fmt.Errorf("read draft order: %w", err)
		}
	} else if err := c.withdraw(ctx, m, h); err != nil {
		return "", err
	}
	d, err := c.handOverDraft(ctx, m, s)
	if err != nil {
		return "", err
	}
	h.DraftID, h.DraftRevision = d.ID, h.Revision
	if h.FollowedAt.IsZero() {
		h.FollowedAt = c.Now()
	}
	if err := c.Sessions.SaveSession(ctx, s); err != nil {
		return "", err
	}
	if d, err = c.Drafts.AwaitDraft(ctx, m, d.ID); err != nil {
		return "", fmt.Errorf("wait for the draft order: %w", err)
	}
	return payable(d)
}

func (c *Checkout) handOverDraft(ctx context.Context, m Merchant, s *Session) (Draft, error) {
	reference := Attempt{Number: int(s.Handover.Revision)}.Reference(s.ID)
	d, err := c.Drafts.FindDraft(ctx, m, reference)
	if KindOf(err) != KindNotFound {
		return d, err
	}
	d, err = c.Drafts.CreateDraft(ctx, m, DraftOrder{
		Cart: s.cart(s.rate()), Session: s.ID, Reference: reference, Agent: s.Agent, Attributes: s.attributes(),
	})
	if err != nil {
		return Draft{}, Failed(KindOf(err), "create draft order", err)
	}
	return d, nil
}

// paidBy reports whether the order came out of this session's draft. The
// order's own attributes are not enough: a buyer of the online store can set
// attributes, too.
func (c *Checkout) paidBy(ctx context.Context, m Merchant, s Session, order string) (bool, error) {
	if s.Handover == nil || s.Handover.DraftID == "" {
		return false, nil
	}
	d, err := c.Drafts.Draft(ctx, m, s.Handover.DraftID)
	if KindOf(err) == KindNotFound {
		return false, nil
	}
	return err == nil && d.OrderID == order, err
}

// PaidInShop completes a session whose buyer has paid the order in Shopify's
// checkout. An order that is not the session's is left alone.
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
	ours, err := c.paidBy(ctx, m, s, o.ID)
	if err != nil || !ours {
		return err
	}
	o.URL = permalink(o, m)
	event, err := s.complete(o, c.Now())
	if err != nil {
		return err
	}
	return c.Finisher.FinishCheckout(ctx, &s, nil, event, Task{Kind: TaskSendEvents, Merchant: m.ID, Key: o.ID})
}

// resumeLater leaves an order that a running completion placed to that
// completion.
func (c *Checkout) resumeLater(ctx context.Context, s *Session) error {
	at := c.Now().Add(time.Second)
	return c.Sessions.Enqueue(ctx, Task{Kind: TaskResumeCheckout, Merchant: s.Merchant, Key: string(s.ID), RunAt: at})
}
