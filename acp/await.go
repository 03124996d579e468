package acp

import (
	"context"
	"fmt"
	"time"
)

// holderTime is how long a card holder may take to confirm a payment to the
// card's bank; after it the reservation is not wanted any more.
const holderTime = 10 * time.Minute

// needsHolder is where an attempt goes whose card's bank wants the holder to
// confirm: the agent is asked to have them authenticated where it can be; it
// waits where provider and agent see to that between them; and it ends where
// nobody can, or where the bank was not content with what the agent brought.
func (c *Checkout) needsHolder(ctx context.Context, m Merchant, s *Session) error {
	switch {
	case s.Attempt.Authentication != nil:
		return c.giveUp(ctx, s, declined())
	case s.Attempt.AsksAgent:
		return c.challenge(ctx, m, s)
	}
	provider, err := c.provider(s)
	if err != nil {
		return err
	}
	if !provider.Capabilities().ProviderSide3DS {
		return c.fail(ctx, s, *unconfirmed(TextConfirmationNeeded))
	}
	s.Messages = append(s.standing(), Message{Type: Info, Text: TextConfirmationAwaited})
	return c.wait(ctx, s, StepAwaiting)
}

// await looks what the card holder did. It only reads, so that any number of
// drivers may come by: a task, a webhook of the provider, a retrying agent.
func (c *Checkout) await(ctx context.Context, m Merchant, s *Session, resumed bool) error {
	if !resumed {
		return nil // the holder was asked a moment ago
	}
	provider, err := c.provider(s)
	if err != nil {
		return err
	}
	p, err := provider.Read(ctx, m, s.Attempt.PaymentID)
	if err != nil {
		return fmt.Errorf("read payment: %w", err)
	}
	now := c.Now()
	if p.State == PaymentNeedsAction && now.Sub(s.Attempt.WaitsSince) < holderTime {
		return nil
	}
	late := now.Sub(s.Attempt.WaitsSince) > holderTime+patience // nobody came by in time
	s.Messages, s.Attempt.WentOnAt = nil, now
	s.holds(p, now)
	switch p.State {
	case PaymentAuthorized, PaymentCaptured:
		switch {
		case p.Amount != s.Attempt.Amount:
			return c.fail(ctx, s, *tokenRefused())
		case late:
			return c.fail(ctx, s, *authorizedLate())
		}
		return c.advance(ctx, s, StepAuthorized)
	case PaymentNeedsAction:
		return c.fail(ctx, s, *unconfirmed(TextConfirmationLate))
	default: // a payment that failed now is voided, so that it holds nothing later
		return c.fail(ctx, s, *declined())
	}
}

func unconfirmed(text TextKey) *Message {
	return &Message{Type: Problem, Code: CodeRequires3DS, Param: "$.payment_data", Resolution: ResolveByBuyerInput, Text: text}
}
