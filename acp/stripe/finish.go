package stripe

import (
	"context"
	"fmt"
	"net/http"

	stripego "github.com/stripe/stripe-go/v86"

	"github.com/acp-bridge/acp-bridge/acp"
)

// finish is an end that a reservation can come to, once.
type finish struct {
	verb string
	key  string // idempotency key
	goal stripego.PaymentIntentStatus
	call func(ctx context.Context, key string) (*stripego.PaymentIntent, error)
}

// bring carries a reservation to its end. Whatever goes wrong, the payment
// itself is looked at: it can reach only one end, so what it says is the
// truth, however often and however unluckily it was asked for. It returns the
// payment intent as it ended, which may be the other end; with an error, as it
// was last seen, or nil.
func (p *Payments) bring(ctx context.Context, id string, f finish) (*stripego.PaymentIntent, error) {
	var fail *failure
	var now *stripego.PaymentIntent
	for _, key := range []string{f.key, stripego.NewIdempotencyKey()} {
		var pi *stripego.PaymentIntent
		if pi, fail = p.attempt(ctx, id, key, f); fail == nil {
			return pi, nil
		}
		if fail.nothingDone() {
			break
		}
		var looked *failure
		now, looked = p.retrieve(ctx, id)
		switch {
		case looked != nil && looked.kind == acp.KindInvalid:
			return nil, acp.Failed(acp.KindNotFound, f.verb, looked.cause)
		case looked != nil:
			return nil, acp.Failed(acp.KindUnknown, f.verb, fail.cause)
		case ended(now):
			return now, nil
		}
		if !fail.stuck() {
			break
		}
	}
	return now, fail.err(f.verb)
}

// stuck is true for an answer that Stripe would repeat under its key although
// the payment stands open. A new key is safe: a payment ends only once.
func (f *failure) stuck() bool {
	return f.answered() && f.status != http.StatusConflict
}

// attempt makes the call and takes nothing but the goal for success.
func (p *Payments) attempt(ctx context.Context, id, key string, f finish) (pi *stripego.PaymentIntent, fail *failure) {
	fail = p.do(ctx, func(ctx context.Context) (err error) {
		pi, err = f.call(ctx, key)
		return err
	})
	if fail == nil && (pi.ID != id || pi.Status != f.goal) {
		fail = &failure{kind: acp.KindUnknown, cause: fmt.Errorf("the answer shows payment %q as %q", pi.ID, pi.Status)}
	}
	return pi, fail
}

func ended(pi *stripego.PaymentIntent) bool {
	return pi.Status == stripego.PaymentIntentStatusSucceeded || pi.Status == stripego.PaymentIntentStatusCanceled
}
