package acp

import (
	"context"
	"slices"
)

// Providers are the payment providers of this installation, in the order in
// which sessions offer their ways to pay. None: every buyer is handed over.
type Providers []Payments

// Handlers are the ways to pay of all providers.
func (ps Providers) Handlers(m Merchant) []PaymentHandler {
	var all []PaymentHandler
	for _, p := range ps {
		all = append(all, p.Handlers(m)...)
	}
	return all
}

// offering finds the provider and its way to pay behind the handler that an
// agent named, by its id or, as the older protocol dates do, by the provider's
// own name. It is never guessed from the token.
func (ps Providers) offering(m Merchant, handler string) (Payments, PaymentHandler, bool) {
	for _, p := range ps {
		ways := p.Handlers(m)
		at := slices.IndexFunc(ways, func(h PaymentHandler) bool { return h.ID == handler || h.PSP == handler })
		if at >= 0 {
			return p, ways[at], true
		}
	}
	return nil, PaymentHandler{}, false
}

// Named finds the provider that made a payment; without a name, from books
// older than the second provider, it is the first. KindUnavailable when it is
// not configured any more: its payments cannot be carried on without it.
func (ps Providers) Named(name string) (Payments, error) {
	at := slices.IndexFunc(ps, func(p Payments) bool { return name == "" || p.Name() == name })
	if at < 0 {
		return nil, &Error{Kind: KindUnavailable, Message: "the payment provider " + name + " is not configured"}
	}
	return ps[at], nil
}

// giveBack returns what a payment holds or has taken: a reservation is voided,
// and money that was taken, be it by another hand a moment ago, is refunded
// under the given request. It returns the payment as it ended; without a refund
// when others have given all of it back.
func giveBack(ctx context.Context, by Payments, m Merchant, p Payment, r RefundRequest) (Payment, *Refund, error) {
	if by.Capabilities().SeparateCapture && p.State != PaymentCaptured {
		voided, err := by.Void(ctx, m, p)
		if err != nil {
			return p, nil, Failed(KindOf(err), "void payment", err)
		}
		if voided.State != PaymentCaptured {
			return voided, nil, nil
		}
		p = voided
	}
	r.Amount = p.Amount
	back, err := by.Refund(ctx, m, p, r)
	if KindOf(err) == KindRefused {
		back, err = refundRest(ctx, by, m, p, r, err)
	}
	if err != nil {
		return p, nil, Failed(KindOf(err), "refund payment", err)
	}
	if back.State == RefundFailed {
		return p, &back, &Error{Kind: KindRefused, Message: "the provider could not give the money back"}
	}
	p.State = PaymentRefunded
	if back.ID == "" {
		return p, nil, nil
	}
	return p, &back, nil
}

// refundRest gives back what somebody else has left of a payment, nothing when
// they gave it back themselves. When nobody did, the refusal stands.
func refundRest(ctx context.Context, by Payments, m Merchant, p Payment, r RefundRequest, refusal error) (Refund, error) {
	seen, err := by.Read(ctx, m, p.ProviderID)
	if err != nil {
		return Refund{}, err
	}
	r.Amount.Amount = leftOf(seen)
	switch {
	case r.Amount == p.Amount:
		return Refund{}, refusal
	case r.Amount.Amount <= 0:
		return Refund{}, nil
	}
	r.Key += ":rest"
	return by.Refund(ctx, m, p, r)
}
