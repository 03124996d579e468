package stripe

import (
	"context"
	"fmt"

	stripego "github.com/stripe/stripe-go/v86"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Capture takes the reserved amount. A payment that is captured already is
// success; Stripe captures a payment once, whatever the key. Errors:
// KindRefused (canceled or lapsed: nothing is reserved), KindNotFound (not a
// payment of this account), KindThrottled, KindUnavailable (also when Stripe
// says no and still holds the money), KindUnknown.
func (p *Payments) Capture(ctx context.Context, m acp.Merchant, pay acp.Payment) (acp.Payment, error) {
	if err := p.mayFinish(m, pay); err != nil {
		return acp.Payment{}, err
	}
	amount, err := toStripe(pay.Amount)
	if err != nil {
		return acp.Payment{}, err
	}
	pi, err := p.bring(ctx, pay.ProviderID, finish{
		verb: "capture payment", key: keyOf(pay, "capture"), goal: stripego.PaymentIntentStatusSucceeded,
		call: func(ctx context.Context, key string) (*stripego.PaymentIntent, error) {
			params := &stripego.PaymentIntentCaptureParams{AmountToCapture: stripego.Int64(amount)}
			params.SetIdempotencyKey(key)
			return p.client.V1PaymentIntents.Capture(ctx, pay.ProviderID, params)
		},
	})
	if acp.KindOf(err) == acp.KindRefused && pi.Status == stripego.PaymentIntentStatusRequiresCapture {
		// The account may be restricted for a day, or the issuer out of sorts.
		// Stripe cancels the payment itself when the reservation is over
		// (docs.stripe.com/payments/capture-later).
		err = acp.Failed(acp.KindUnavailable, "the money is reserved still", err)
	}
	if err != nil {
		return acp.Payment{}, err
	}
	if pi.Status == stripego.PaymentIntentStatusCanceled {
		return acp.Payment{}, &acp.Error{
			Kind: acp.KindRefused, Code: string(acp.KindRefused), Message: "capture payment",
			Err: fmt.Errorf("the reservation is canceled (%s)", pi.CancellationReason),
		}
	}
	return p.ended(m, pay, pi)
}

// mayFinish checks what a call needs.
func (p *Payments) mayFinish(m acp.Merchant, pay acp.Payment) error {
	if err := p.serves(m); err != nil {
		return err
	}
	if pay.ProviderID == "" || pay.Session == "" {
		return acp.Invalid(acp.CodeInvalid, "", "a payment is captured and voided by its provider's id and session")
	}
	return nil
}

// keyOf is the idempotency key of one operation on a payment.
func keyOf(pay acp.Payment, operation string) string {
	return acp.Attempt{Number: pay.Attempt}.Key(pay.Session, operation)
}

// ended is the payment that the caller knows with what Stripe says became of
// it.
func (p *Payments) ended(m acp.Merchant, pay acp.Payment, pi *stripego.PaymentIntent) (acp.Payment, error) {
	now, err := p.payment(m, pi)
	if err != nil {
		return acp.Payment{}, err
	}
	pay.State, pay.Amount, pay.Provider, pay.UpdatedAt = now.State, now.Amount, now.Provider, now.UpdatedAt
	return pay, nil
}
