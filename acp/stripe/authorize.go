package stripe

import (
	"context"
	"errors"

	stripego "github.com/stripe/stripe-go/v86"

	"github.com/acp-bridge/acp-bridge/acp"
)

const authorizing = "authorize payment"

// Authorize reserves the amount with a payment intent that is captured later.
// Asking again under the same Key finds the same payment, also when the token
// is spent by then. An amount that Stripe cannot charge is a decline. Errors:
// KindInvalid (not this shop, unknown token), KindRefused (Stripe does not
// accept the request), KindUnavailable and KindThrottled (nothing was sent or done),
// KindUnknown (Stripe gave no answer and shows no such payment yet),
// KindInternal (the key was used with other parameters).
func (p *Payments) Authorize(ctx context.Context, m acp.Merchant, a acp.Authorization) (acp.Payment, error) {
	if err := p.serves(m); err != nil {
		return acp.Payment{}, err
	}
	amount, err := toStripe(a.Amount)
	if err != nil {
		return p.refusedAmount(m, a), nil //nolint:nilerr // it is the answer: a decline is no error
	}
	if a.Key == "" || a.Reference == "" || a.Token.Empty() {
		return acp.Payment{}, acp.Invalid(acp.CodeInvalid, "", "an authorization needs a key, a reference and a token")
	}
	token := p.inspect(ctx, a.Token)
	if why := token.neverPays(amount, a.Amount.Currency); why != "" {
		return p.refusedToken(m, a, why), nil
	}
	pi, fail := p.create(ctx, a, amount)
	switch {
	case fail == nil:
		return p.current(ctx, m, pi)
	case fail.wantsHolder(a):
		asks := p.declined(m, a, "", fail.nested)
		asks.State, asks.Decline = acp.PaymentNeedsAction, ""
		return asks, nil
	case fail.badAmount:
		return p.refusedAmount(m, a), nil
	case fail.declined != "":
		return p.declined(m, a, fail.declined, fail.nested), nil
	case fail.tokenDead:
		return p.spent(ctx, m, a, token)
	case fail.kind == acp.KindUnknown:
		return p.adopt(ctx, m, a, fail)
	default:
		return acp.Payment{}, fail.err(authorizing)
	}
}

// create asks for the payment, and once more under the same key when the
// connection broke before an answer came: Stripe then repeats its answer, or
// hears the question for the first time.
func (p *Payments) create(ctx context.Context, a acp.Authorization, amount int64) (*stripego.PaymentIntent, *failure) {
	pi, fail := p.createOnce(ctx, a, amount)
	if fail == nil || fail.kind != acp.KindUnknown || fail.answered() || errors.Is(fail.cause, context.DeadlineExceeded) {
		return pi, fail
	}
	again, failAgain := p.createOnce(ctx, a, amount)
	if failAgain != nil && failAgain.nothingDone() {
		return nil, fail // of the first try nothing is known still
	}
	return again, failAgain
}

func (p *Payments) createOnce(ctx context.Context, a acp.Authorization, amount int64) (pi *stripego.PaymentIntent, fail *failure) {
	fail = p.do(ctx, func(ctx context.Context) (err error) {
		pi, err = p.client.V1PaymentIntents.Create(ctx, p.creation(a, amount))
		return err
	})
	if fail == nil && pi.ID == "" {
		fail = &failure{kind: acp.KindUnknown, cause: errors.New("the answer holds no payment")}
	}
	return pi, fail
}

// current is the payment as it stands. A repeated answer shows it as it was
// when it was first given, so it is read again.
func (p *Payments) current(ctx context.Context, m acp.Merchant, pi *stripego.PaymentIntent) (acp.Payment, error) {
	if repeated(pi.LastResponse) {
		fresh, fail := p.retrieve(ctx, pi.ID)
		if fail != nil {
			return acp.Payment{}, acp.Failed(acp.KindUnknown, authorizing, fail.err("read payment"))
		}
		pi = fresh
	}
	now, err := p.payment(m, pi)
	return released(now), err
}

// repeated is true for an answer that Stripe has given before under its key.
func repeated(answer *stripego.APIResponse) bool {
	return answer != nil && answer.Header.Get("Idempotent-Replayed") == "true"
}

// spent tells a token that cannot pay from one that has paid: for this very
// attempt, whose answer was lost and whose key Stripe has forgotten.
func (p *Payments) spent(ctx context.Context, m acp.Merchant, a acp.Authorization, token *grantedToken) (acp.Payment, error) {
	found, err := p.Find(ctx, m, a.Reference)
	switch {
	case acp.KindOf(err) == acp.KindNotFound:
		return p.refusedToken(m, a, token.whyDead(p.Now().Unix())), nil
	case err != nil:
		return acp.Payment{}, acp.Failed(acp.KindUnknown, authorizing, err)
	}
	return released(found), nil
}

// released is a payment whose reservation is gone by now, for somebody who
// asked for one: it pays nothing, and a new token is needed.
func released(found acp.Payment) acp.Payment {
	if found.State == acp.PaymentVoided {
		found.State, found.Decline, found.Retryable = acp.PaymentDeclined, "reservation_canceled", true
	}
	return found
}

// adopt looks for a payment whose creation had an unknown outcome. It also
// ends the loop of a stored 500, which Stripe repeats for as long as the key
// lives.
func (p *Payments) adopt(ctx context.Context, m acp.Merchant, a acp.Authorization, fail *failure) (acp.Payment, error) {
	found, err := p.Find(ctx, m, a.Reference)
	if err != nil {
		return acp.Payment{}, fail.err(authorizing)
	}
	return released(found), nil
}
