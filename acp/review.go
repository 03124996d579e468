package acp

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// defaultReview is how long staff have to decide when the merchant says
	// nothing else.
	defaultReview = 24 * time.Hour
	// MaxReviewHours keeps a review within the life of an authorization: most
	// card brands hold one for seven days, but Visa, where it takes the payment
	// for one that the merchant initiated, for 4 days and 18 hours
	// (docs.stripe.com/payments/capture-later).
	MaxReviewHours = 4 * 24
)

// reviewTime is how long staff have to decide, also where they chose longer
// than may be chosen now.
func (a Acceptance) reviewTime() time.Duration {
	if a.ReviewHours > 0 {
		return time.Duration(min(a.ReviewHours, MaxReviewHours)) * time.Hour
	}
	return defaultReview
}

// captureTime is how long before a reservation lapses staff must have decided:
// capturing may have to be tried again for a while.
const captureTime = 12 * time.Hour

// reviewBy is until when staff may decide. Of a reservation that does not live
// long enough for the usual time they get all but captureTime, and at least
// half.
func (a *Attempt) reviewBy(rules Acceptance, now time.Time) time.Time {
	by := now.Add(rules.reviewTime())
	if a.CaptureBefore.IsZero() {
		return by
	}
	left := a.CaptureBefore.Sub(now)
	if last := a.CaptureBefore.Add(-min(captureTime, left/2)); last.Before(by) {
		return last
	}
	return by
}

// reviewed reports whether the attempt is one that staff have to look at.
func (a *Attempt) reviewed() bool { return a != nil && a.Verdict == Review }

// hold leaves a purchase to staff: the money is reserved, the draft holds the
// stock, and nothing is taken before they decide.
func (c *Checkout) hold(ctx context.Context, m Merchant, s *Session) error {
	if err := s.become(PendingApproval); err != nil {
		return err
	}
	s.Messages = append(s.standing(), Message{Type: Info, Text: TextInReview})
	s.Order = s.provisional(m, c.Now())
	return c.wait(ctx, s, StepReviewing)
}

// provisional is the order as the agent knows it before the shop has one. Its
// id stays the agent's name for the order afterwards.
func (s *Session) provisional(m Merchant, now time.Time) *Order {
	o := &Order{
		ID: s.Attempt.Reference(s.ID), Session: s.ID, Locale: s.Locale, URL: m.StorefrontURL, Status: OrderInReview,
		Currency: s.Currency, Totals: s.Totals, Email: s.email(), PlacedAt: now, UpdatedAt: now,
	}
	o.PublicID = o.ID
	for _, l := range s.Lines {
		o.Lines = append(o.Lines, OrderLine{
			ID: l.ID, VariantID: l.VariantID, Title: l.Title, Unit: l.UnitAmount, Ordered: l.Quantity, Current: l.Quantity,
			Subtotal: l.Subtotal(),
		})
	}
	return o
}

// publicOrderID is the agent's name for the session's order where that is not
// the shop's: of purchases that were held for review.
func (s *Session) publicOrderID() string {
	if s.Attempt.reviewed() && s.Attempt.Step != StepReleased {
		return s.Attempt.Reference(s.ID)
	}
	return ""
}

// review waits for staff, and gives everything back when their time is over,
// when the shop has left, or when the reservation is gone before they decided.
// A draft that staff made an order by hand is decided: it is approved.
func (c *Checkout) review(ctx context.Context, m Merchant, s *Session, resumed bool) error {
	if !resumed {
		return nil // it was held a moment ago
	}
	late := !c.Now().Before(s.Attempt.ReviewBy)
	if m.Status != Uninstalled {
		order, err := c.orderedByHand(ctx, m, s)
		switch {
		case order.OrderID != "":
			return c.approve(ctx, s)
		case err != nil && (!late || c.Now().Sub(s.Attempt.ReviewBy) <= patience):
			return fmt.Errorf("look at the draft order: %w", err)
		}
	}
	switch {
	case late || m.Status == Uninstalled:
		return c.endAndFail(ctx, s, Message{Type: Problem, Code: CodeConflict, Resolution: ResolveRecoverable, Text: TextReviewLate})
	case c.reservationGone(ctx, m, s):
		return c.endAndFail(ctx, s, *authorizedLate())
	}
	return nil
}

func (c *Checkout) approve(ctx context.Context, s *Session) error {
	if err := c.endReview(s); err != nil {
		return err
	}
	s.Attempt.ApprovedAt = c.Now()
	return c.advance(ctx, s, StepDrafted)
}

func (c *Checkout) endAndFail(ctx context.Context, s *Session, why Message) error {
	if err := c.endReview(s); err != nil {
		return err
	}
	return c.fail(ctx, s, why)
}

// reservationGone reports whether the provider certainly holds nothing any
// more. What cannot be read is asked again before the order is placed.
func (c *Checkout) reservationGone(ctx context.Context, m Merchant, s *Session) bool {
	p, err := c.payment(ctx, m, s)
	return err == nil && !p.pays(s.Attempt.Amount)
}

// payment is that of the attempt as its provider sees it now; one that the
// provider does not know holds nothing.
func (c *Checkout) payment(ctx context.Context, m Merchant, s *Session) (Payment, error) {
	provider, err := c.provider(s)
	if err != nil {
		return Payment{}, err
	}
	p, err := provider.Read(ctx, m, s.Attempt.PaymentID)
	if err != nil && KindOf(err) != KindNotFound {
		return Payment{}, fmt.Errorf("read payment: %w", err)
	}
	return p, nil
}

// pays reports whether the whole amount is reserved, or taken and still there.
func (p Payment) pays(amount Money) bool {
	there := p.State == PaymentAuthorized || p.State == PaymentCaptured && len(p.Refunds) == 0
	return there && p.Amount == amount
}

// confirm looks whether a purchase that waited for staff is paid for still: a
// reservation may have lapsed in the meantime, or staff canceled or took it at
// the provider.
func (c *Checkout) confirm(ctx context.Context, m Merchant, s *Session) error {
	p, err := c.payment(ctx, m, s)
	switch {
	case err != nil:
		return c.outOfPatience(ctx, s, err)
	case !p.pays(s.Attempt.Amount):
		return c.fail(ctx, s, *authorizedLate())
	}
	if p.State != s.Attempt.Holds {
		s.holds(p, c.Now())
	}
	return c.advance(ctx, s, StepCompleting)
}

func (c *Checkout) endReview(s *Session) error {
	s.Order, s.Messages, s.Attempt.WentOnAt = nil, nil, c.Now()
	return s.become(InProgress)
}

// Decide carries out what staff decided about a purchase that is held for
// review: it goes on, its total checked again, or everything is given back.
// KindState when it was decided, canceled or given back already: of several
// decisions and the end of the time, one wins. A run that takes longer than
// the context goes on by itself, as does one that somebody else's look at the
// purchase keeps from starting.
func (c *Checkout) Decide(ctx context.Context, m Merchant, id SessionID, approve bool) (Session, error) {
	s, err := c.Sessions.Session(ctx, m.ID, "", id)
	if err != nil {
		return Session{}, err
	}
	if s.Status != PendingApproval || s.Attempt.Step != StepReviewing || !c.Now().Before(s.Attempt.ReviewBy) {
		return Session{}, decided(s.Status)
	}
	if err := c.endReview(&s); err != nil {
		return Session{}, err
	}
	if approve {
		s.Attempt.ApprovedAt, s.Attempt.Step = c.Now(), StepDrafted
	} else {
		s.Attempt.Failure, s.Attempt.Step = declined(), StepReleasing
	}
	done, err := c.leave(ctx, m, s)
	if KindOf(err) == KindInFlight {
		return s, nil
	}
	return done, err
}

func decided(now Status) error {
	return &Error{Kind: KindState, Code: "invalid_session_state", Message: fmt.Sprintf("this purchase is not waiting any more; it is %s", now)}
}

// leave saves a session that stops waiting, with the task that carries it on,
// and carries it on.
func (c *Checkout) leave(ctx context.Context, m Merchant, s Session) (Session, error) {
	s.UpdatedAt = c.Now()
	resume := Task{Kind: TaskResumeCheckout, Merchant: s.Merchant, Key: string(s.ID), RunAt: c.Now().Add(c.Lease)}
	if err := c.Sessions.SaveSession(ctx, &s, resume); err != nil {
		if KindOf(err) == KindStale {
			return Session{}, decided("being decided by somebody else")
		}
		return Session{}, err
	}
	return c.run(ctx, m, s)
}

// recall cancels a purchase that is held for review: nothing is taken, so
// the agent may, as it may cancel before it pays.
func (c *Checkout) recall(ctx context.Context, who Caller, s Session, r CancelRequest) (Session, error) {
	switch order, err := c.orderedByHand(ctx, who.Merchant, &s); {
	case err != nil:
		return Session{}, fmt.Errorf("look at the draft order: %w", err)
	case order.OrderID != "":
		return Session{}, errors.Join(decided("being placed"), c.resumeLater(ctx, &s))
	}
	if err := c.endReview(&s); err != nil {
		return Session{}, err
	}
	s.Attempt.Cancels, s.Attempt.Step = true, StepReleasing
	s.CanceledBy, s.Left = who.Claim, r.Trace
	return c.leave(ctx, who.Merchant, s)
}
