package acp

import (
	"context"
	"fmt"
	"time"
)

// authorize reserves the amount. The provider's key comes from session and
// attempt, so that asking again after a lost answer finds the same payment.
func (c *Checkout) authorize(ctx context.Context, m Merchant, s *Session, resumed bool) error {
	a := s.Attempt
	provider, err := c.provider(s)
	if err != nil {
		return err
	}
	late := c.Now().Sub(a.StartedAt) > patience
	if late && !resumed {
		return c.giveUp(ctx, s, authorizedLate()) // it died before it asked, and was carried on late
	}
	if late && provider.Capabilities().FindByReference {
		return c.abandonAuthorization(ctx, m, s, *authorizedLate())
	}
	p, err := provider.Authorize(ctx, m, Authorization{
		Session: s.ID, Attempt: a.Number, Reference: a.Reference(s.ID), Key: a.Key(s.ID, "authorize"),
		Token: a.Token, Amount: a.Amount, Email: s.email(), Billing: a.Billing, Shipping: s.Fulfillment,
		Authentication: a.Authentication.proof(), NoAction: a.AsksAgent || a.Authentication != nil,
	})
	switch KindOf(err) {
	case "":
		return c.authorized(ctx, m, s, p, late)
	case KindInvalid, KindRefused:
		if resumed { // an earlier driver may have been luckier with the same token
			return c.abandonAuthorization(ctx, m, s, *tokenRefused())
		}
		return c.giveUp(ctx, s, tokenRefused())
	default:
		return fmt.Errorf("authorize payment: %w", err)
	}
}

func (c *Checkout) authorized(ctx context.Context, m Merchant, s *Session, p Payment, late bool) error {
	s.Attempt.PaymentID = p.ProviderID
	s.holds(p, c.Now())
	switch p.State {
	case PaymentAuthorized, PaymentCaptured:
		switch {
		case p.Amount != s.Attempt.Amount:
			return c.fail(ctx, s, *tokenRefused())
		case late: // nobody wants an order an hour after they closed the chat
			return c.fail(ctx, s, *authorizedLate())
		}
		return c.advance(ctx, s, StepAuthorized)
	case PaymentNeedsAction:
		if late {
			return c.fail(ctx, s, *authorizedLate())
		}
		return c.needsHolder(ctx, m, s)
	case PaymentDeclined:
		switch {
		case p.BadAmount:
			return c.giveUp(ctx, s, amountRefused())
		case p.BadToken:
			return c.giveUp(ctx, s, tokenRefused())
		}
		return c.giveUp(ctx, s, declined())
	case PaymentVoided, PaymentRefunded: // taken back by another hand before we heard of it
		return c.giveUp(ctx, s, authorizedLate())
	default:
		return &Error{Kind: KindInternal, Message: fmt.Sprintf("payment %s is %s after authorizing", p.ProviderID, p.State)}
	}
}

// holds notes what the payment of the attempt has reserved or taken.
func (s *Session) holds(p Payment, now time.Time) {
	switch p.State {
	case PaymentAuthorized:
		s.move(MoveAuthorize, p.Amount, p.ProviderID, "", now)
	case PaymentCaptured:
		s.move(MoveCapture, p.Amount, p.ProviderID, "taken when it was authorized", now)
	default:
		return
	}
	s.Attempt.Holds, s.Attempt.Held, s.Attempt.CaptureBefore = p.State, p.Amount, p.CaptureBefore
}

// abandonAuthorization gives up an authorization that could not be asked for
// in time, or is refused by now. Whether an earlier driver got one is resolved
// by looking.
func (c *Checkout) abandonAuthorization(ctx context.Context, m Merchant, s *Session, gone Message) error {
	provider, err := c.provider(s)
	if err != nil {
		return err
	}
	if !provider.Capabilities().FindByReference {
		return c.giveUp(ctx, s, &gone) // its keys last: had it taken the money, it would have said so again
	}
	p, err := provider.Find(ctx, m, s.Attempt.Reference(s.ID))
	switch {
	case KindOf(err) == KindNotFound:
		return c.giveUp(ctx, s, &gone)
	case err != nil:
		return fmt.Errorf("look for the payment: %w", err)
	}
	s.Attempt.PaymentID = p.ProviderID
	s.holds(p, c.Now())
	return c.fail(ctx, s, gone)
}

func authorizedLate() *Message {
	return &Message{
		Type: Problem, Code: CodePaymentDeclined, Param: "$.payment_data", Resolution: ResolveRecoverable,
		Text: TextAuthorizationLate,
	}
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

// amountRefused is not for another token, nor for another card: the cart has to
// change, or be bought in the shop itself.
func amountRefused() *Message {
	return &Message{
		Type: Problem, Code: CodeInvalid, Param: "$.totals", Resolution: ResolveByBuyerReview, Text: TextAmountRefused,
	}
}
