package pay

import (
	"context"
	"errors"
	"net/url"
	"strconv"

	"github.com/acp-bridge/acp-bridge/acp"
)

const authorizing = "authorize payment"

// Authorize takes the money at once: the payment comes back captured, or
// declined. The request is named after the Key, so asking again finds the same
// sale however much later. Errors: KindInvalid (not this shop, unknown token),
// KindRefused, KindUnavailable and KindThrottled (nothing was done),
// KindUnknown, KindInternal (the key was used with other parameters).
func (p *Payments) Authorize(ctx context.Context, m acp.Merchant, a acp.Authorization) (acp.Payment, error) {
	if err := p.serves(m); err != nil {
		return acp.Payment{}, err
	}
	if a.Key == "" || a.Reference == "" || a.Token.Empty() || a.Amount.Amount <= 0 {
		return acp.Payment{}, acp.Invalid(acp.CodeInvalid, "", "an authorization needs a key, a reference, a token and an amount")
	}
	made, fail := p.sell(ctx, a)
	if fail != nil && fail.kind == acp.KindUnknown && ctx.Err() == nil {
		// Nobody can look it up: asking again is the way to learn of it.
		again, failAgain := p.sell(ctx, a)
		if failAgain == nil || !failAgain.nothingDone() {
			made, fail = again, failAgain
		}
	}
	if fail != nil {
		return acp.Payment{}, fail.err(authorizing)
	}
	return p.payment(m, made)
}

func (p *Payments) sell(ctx context.Context, a acp.Authorization) (sale, *failure) {
	var made sale
	fail := p.put(ctx, "/v1/sales/"+url.PathEscape(a.Key), map[string]any{
		"token": a.Token.Reveal(), "amount": a.Amount.Decimal(), "currency": a.Amount.Currency.Upper(), "order": a.Reference,
		"email": a.Email, "labels": map[string]string{labelSession: string(a.Session), labelAttempt: strconv.Itoa(a.Attempt)},
	}, &made)
	if fail == nil && (made.ID == "" || made.Request != a.Key) {
		fail = &failure{kind: acp.KindUnknown, cause: errors.New("the answer is about something else")}
	}
	return made, fail
}
