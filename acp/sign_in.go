package acp

import "context"

// A shop may demand that buyers sign in before they pay (Shopify:
// CustomerAccountsV2.loginRequiredAtCheckout). Shopify's own checkout sees to
// that; an order that is placed through its API would be sold past it. So such
// a shop takes no payment tokens: whoever buys is handed over, also where
// merchant and connection agreed on delegated payment.

// assessSignIn tells that the buyer will be asked to sign in. Where the shop
// would have taken a token otherwise, that is what keeps the agent from paying.
func (s *Session) assessSignIn(m Merchant) {
	if !m.SignInRequired {
		return
	}
	told := Message{Type: Info, Resolution: ResolveByBuyerInput, Text: TextSignInRequired}
	if m.Completion == Delegated || s.Handover == nil {
		told.Type, told.Code = Problem, CodeRequiresSignIn
	}
	s.say(told)
}

// newHandover begins a hand-off. Its drafts are numbered after those that
// attempts to pay by token may have made.
func (c *Checkout) newHandover(s Session) *Handover {
	h := &Handover{Token: c.NewID(), Revision: 1}
	if s.Attempt != nil {
		h.Revision += int64(s.Attempt.Number)
	}
	return h
}

// handOverInstead turns a session that was to be paid by token into one that
// the buyer finishes in Shopify's checkout, because the shop has come to demand
// that since the session was priced. Nothing is charged.
func (c *Checkout) handOverInstead(ctx context.Context, m Merchant, s Session) (Session, error) {
	s.Handover = c.newHandover(s)
	if err := s.assess(m, s.prices()); err != nil {
		return Session{}, err
	}
	s.UpdatedAt = c.Now()
	if err := c.Sessions.SaveSession(ctx, &s); err != nil {
		if KindOf(err) == KindStale {
			return Session{}, &Error{Kind: KindInFlight, Code: "checkout_in_progress", Message: "the session is being changed"}
		}
		return Session{}, err
	}
	return s, nil
}
