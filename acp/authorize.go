package acp

import (
	"context"
	"fmt"
)

// authorize reserves the amount. The provider's key comes from session and
// attempt, so that asking again after a lost answer finds the same payment.
func (c *Checkout) authorize(ctx context.Context, m Merchant, s *Session, resumed bool) error {
	if resumed && c.Now().Sub(s.Attempt.StartedAt) > patience {
		return c.abandonAuthorization(ctx, m, s, Message{
			Type: Problem, Code: CodePaymentDeclined, Param: "$.payment_data", Resolution: ResolveRecoverable,
			Text: TextAuthorizationLate,
		})
	}
	a := s.Attempt
	p, err := c.Payments.Authorize(ctx, m, Authorization{
		Session: s.ID, Attempt: a.Number, Reference: a.Reference(s.ID), Key: a.Key(s.ID, "authorize"),
		Token: a.Token, Amount: a.Amount, Email: s.email(), Billing: a.Billing, Shipping: s.Fulfillment,
	})
	switch KindOf(err) {
	case "":
		return c.authorized(ctx, s, p)
	case KindInvalid, KindRefused:
		if resumed { // an earlier driver may have been luckier with the same token
			return c.abandonAuthorization(ctx, m, s, *tokenRefused())
		}
		return c.giveUp(ctx, s, tokenRefused())
	default:
		return fmt.Errorf("authorize payment: %w", err)
	}
}

func (c *Checkout) authorized(ctx context.Context, s *Session, p Payment) error {
	s.Attempt.PaymentID = p.ProviderID
	switch p.State {
	case PaymentAuthorized, PaymentCaptured:
		if p.Amount != s.Attempt.Amount {
			return c.fail(ctx, s, *tokenRefused())
		}
		return c.advance(ctx, s, StepAuthorized)
	case PaymentNeedsAction:
		return c.fail(ctx, s, Message{
			Type: Problem, Code: CodeRequires3DS, Param: "$.payment_data", Resolution: ResolveByBuyerInput,
			Text: TextConfirmationNeeded,
		})
	case PaymentDeclined:
		return c.giveUp(ctx, s, declined())
	default:
		return &Error{Kind: KindInternal, Message: fmt.Sprintf("payment %s is %s after authorizing", p.ProviderID, p.State)}
	}
}

// abandonAuthorization gives up an authorization that could not be asked for
// in time, or is refused by now. Whether an earlier driver got one is resolved
// by looking.
func (c *Checkout) abandonAuthorization(ctx context.Context, m Merchant, s *Session, gone Message) error {
	p, err := c.Payments.Find(ctx, m, s.Attempt.Reference(s.ID))
	switch {
	case KindOf(err) == KindNotFound:
		return c.giveUp(ctx, s, &gone)
	case err != nil:
		return fmt.Errorf("look for the payment: %w", err)
	}
	s.Attempt.PaymentID = p.ProviderID
	return c.fail(ctx, s, gone)
}

func declined() *Message {
	return &Message{
		Type: Problem, Code: CodePaymentDeclined, Param: "$.payment_data", Resolution: ResolveByBuyerInput,
		Text: TextPaymentDeclined,
	}
}

func tokenRefused() *Message {
	return &Message{
		Type: Problem, Code: CodePaymentDeclined, Param: "$.payment_data.instrument.credential.token",
		Resolution: ResolveRecoverable, Text: TextTokenRefused,
	}
}
