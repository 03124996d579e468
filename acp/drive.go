package acp

import (
	"context"
	"fmt"
	"time"
)

// patience is how long an attempt whose authorization could not even be asked
// for is tried again before it is given up; a token lives minutes, and nobody
// wants an order an hour after they closed the chat.
const patience = 10 * time.Minute

// releaseTime bounds the writes that follow an interruption.
const releaseTime = 5 * time.Second

// Resume carries on whatever an interrupted completion left. It is what the
// resume task, a provider's webhook, a retrying agent and a restart after a
// crash have in common; a session without unfinished work is left alone. A
// completion that waits for somebody outside is looked at and left waiting:
// again is then how long until it should be looked at once more.
func (c *Checkout) Resume(ctx context.Context, id MerchantID, session SessionID) (again time.Duration, err error) {
	m, err := c.Merchants.Merchant(ctx, id)
	if err != nil {
		return 0, err
	}
	bounded, cancel := context.WithTimeout(ctx, c.Budget)
	defer cancel()
	s, err := c.drive(bounded, m, session)
	if err != nil || !s.Attempt.Live() {
		return 0, err
	}
	return s.Attempt.lookAgain(c.Now()), nil
}

// drive takes the session's attempt to its end, or to a step at which somebody
// outside has to act first. Who acts while it drives finds the lease taken and
// leaves it at what they saved, so that is looked for once the lease is free.
func (c *Checkout) drive(ctx context.Context, m Merchant, id SessionID) (Session, error) {
	s, err := c.driveLeased(ctx, m, id)
	for err == nil && s.Attempt.Waits() {
		var kept Session
		if kept, err = c.Sessions.Session(ctx, m.ID, "", id); err != nil || kept.Revision == s.Revision {
			return s, err
		}
		if s, err = c.driveLeased(ctx, m, id); KindOf(err) == KindInFlight {
			return kept, nil // who acted drives it
		}
	}
	return s, err
}

// driveLeased takes the steps of the session's attempt, one foreign call each,
// from the recorded recovery point: a step that leaves the attempt where it is
// waits. The lease makes it the only driver; the revision fences off one that
// lost its lease.
func (c *Checkout) driveLeased(ctx context.Context, m Merchant, id SessionID) (Session, error) {
	owner, now := c.NewID(), c.Now()
	if err := c.Sessions.LeaseSession(ctx, m.ID, id, owner, now, now.Add(c.Lease)); err != nil {
		return Session{}, err
	}
	defer c.release(context.WithoutCancel(ctx), m.ID, id, owner)
	s, err := c.Sessions.Session(ctx, m.ID, "", id)
	if err != nil {
		return Session{}, err
	}
	if s.Attempt.Live() {
		if _, err := c.provider(&s); err != nil {
			return s, err
		}
	}
	resumed := true
	for s.Attempt.Live() {
		if err := ctx.Err(); err != nil {
			return s, Failed(KindUnknown, "complete checkout", err)
		}
		before := s.Attempt.Step
		if err := c.step(ctx, m, &s, resumed); err != nil {
			return s, fmt.Errorf("%s: %w", before, err)
		}
		if s.Attempt.Step == before {
			return s, nil
		}
		resumed = false
	}
	return s, nil
}

// provider is the one that the session's attempt is charged by.
func (c *Checkout) provider(s *Session) (Payments, error) {
	return c.Payments.Named(s.Attempt.Provider)
}

func (c *Checkout) release(ctx context.Context, m MerchantID, id SessionID, owner string) {
	bounded, cancel := context.WithTimeout(ctx, releaseTime)
	defer cancel()
	if err := c.Sessions.ReleaseSession(bounded, m, id, owner); err != nil {
		c.Log.WarnContext(ctx, "lease not released; it runs out by itself", "session", id, "error", err)
	}
}

// step takes one step and saves where it got to. resumed says that an earlier
// driver may already have sent the foreign call of this step.
func (c *Checkout) step(ctx context.Context, m Merchant, s *Session, resumed bool) error {
	switch s.Attempt.Step {
	case StepStarted:
		return c.recheck(ctx, m, s)
	case StepAssessing:
		return c.vet(ctx, m, s)
	case StepAuthorizing:
		return c.authorize(ctx, m, s, resumed)
	case StepAwaiting:
		return c.await(ctx, m, s, resumed)
	case StepAuthorized:
		return c.advance(ctx, s, StepDrafting)
	case StepDrafting:
		return c.draft(ctx, m, s, resumed)
	case StepDrafted:
		return c.verify(ctx, m, s)
	case StepReviewing:
		return c.review(ctx, m, s, resumed)
	case StepCompleting:
		return c.place(ctx, m, s)
	case StepPlaced:
		return c.finish(ctx, m, s)
	case StepWithdrawing:
		return c.retract(ctx, m, s)
	case StepReleasing:
		return c.undo(ctx, m, s)
	case StepDiscarding:
		return c.tidy(ctx, m, s)
	default:
		return &Error{Kind: KindInternal, Message: fmt.Sprintf("attempt in unknown step %q", s.Attempt.Step)}
	}
}

func (c *Checkout) advance(ctx context.Context, s *Session, to Step, tasks ...Task) error {
	s.Attempt.Step = to
	s.UpdatedAt = c.Now()
	return c.Sessions.SaveSession(ctx, s, tasks...)
}

// wait leaves the attempt at a step at which somebody outside has to act. The
// task that looks after it is enqueued in the same commit.
func (c *Checkout) wait(ctx context.Context, s *Session, at Step) error {
	now := c.Now()
	s.Attempt.WaitsSince, s.Attempt.Step = now, at
	return c.advance(ctx, s, at, Task{
		Kind: TaskResumeCheckout, Merchant: s.Merchant, Key: string(s.ID), RunAt: now.Add(s.Attempt.lookAgain(now)),
	})
}

// recheck prices the session again before any money moves. A total that
// changed, or stock that ran out, is told instead of charged.
func (c *Checkout) recheck(ctx context.Context, m Merchant, s *Session) error {
	seen, selected := s.Attempt.Amount, s.Selected
	if err := c.price(ctx, m, s, pricing{Shown: s.prices()}); err != nil {
		return c.recheckFailed(ctx, s, err)
	}
	switch {
	case s.Status != Ready:
		return c.giveUp(ctx, s, nil)
	case s.Total() != seen:
		return c.giveUp(ctx, s, &Message{
			Type: Warning, Code: CodePriceChange, Param: "$.totals", Resolution: ResolveByBuyerReview,
			Text: TextTotalChanged, Args: []Argument{moneyOf("from", seen), moneyOf("to", s.Total())},
		})
	case s.Selected != selected:
		return c.giveUp(ctx, s, fulfillmentChanged())
	}
	if err := s.become(InProgress); err != nil {
		return err
	}
	if s.Attempt.AsksAgent || m.Acceptance.asks() {
		return c.advance(ctx, s, StepAssessing)
	}
	return c.advance(ctx, s, StepAuthorizing)
}

// recheckFailed tells a refusal to the buyer, and leaves anything else for the
// next try: nothing has happened yet. A shop that stays out of reach ends the
// attempt.
func (c *Checkout) recheckFailed(ctx context.Context, s *Session, err error) error {
	switch {
	case KindOf(err) == KindRefused || KindOf(err) == KindInvalid:
		return c.giveUp(ctx, s, &Message{
			Type: Problem, Code: CodeConflict, Param: "$.line_items", Resolution: ResolveByBuyerReview,
			Text: TextCartRefused,
		})
	case c.Now().Sub(s.Attempt.StartedAt) > patience:
		return c.giveUp(ctx, s, &Message{
			Type: Problem, Code: CodeConflict, Resolution: ResolveRecoverable,
			Text: TextShopUnreachable,
		})
	}
	return err
}

// giveUp ends an attempt that holds nothing anywhere; the session is payable
// again, or says what has to change first.
func (c *Checkout) giveUp(ctx context.Context, s *Session, why *Message) error {
	switch {
	case s.Attempt.Cancels:
		if err := s.cancel(s.CanceledBy, CancelRequest{Trace: s.Left}, c.Now()); err != nil {
			return err
		}
	case s.Status == InProgress:
		if err := s.become(Ready); err != nil {
			return err
		}
	}
	if why != nil {
		s.Messages = append(s.Messages, *why)
	}
	s.Attempt.Failure = why
	s.Attempt.spend()
	return c.advance(ctx, s, StepReleased)
}

// fail starts to undo an attempt that may hold an authorization or a draft.
func (c *Checkout) fail(ctx context.Context, s *Session, why Message) error {
	s.Attempt.Failure = &why
	return c.advance(ctx, s, StepReleasing)
}
