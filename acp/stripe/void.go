package stripe

import (
	"context"

	stripego "github.com/stripe/stripe-go/v86"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Void gives the reserved amount back. Canceled already is success; a payment
// that turns out to be captured is returned as PaymentCaptured, without an
// error. Errors: KindNotFound (not a payment of this account), KindRefused,
// KindThrottled, KindUnavailable, KindUnknown.
func (p *Payments) Void(ctx context.Context, m acp.Merchant, pay acp.Payment) (acp.Payment, error) {
	if err := p.mayFinish(m, pay); err != nil {
		return acp.Payment{}, err
	}
	pi, err := p.bring(ctx, pay.ProviderID, finish{
		verb: "void payment", key: keyOf(pay, "void"), goal: stripego.PaymentIntentStatusCanceled,
		call: func(ctx context.Context, key string) (*stripego.PaymentIntent, error) {
			params := &stripego.PaymentIntentCancelParams{CancellationReason: stripego.String("abandoned")}
			params.SetIdempotencyKey(key)
			return p.client.V1PaymentIntents.Cancel(ctx, pay.ProviderID, params)
		},
	})
	if err != nil {
		return acp.Payment{}, err
	}
	return p.ended(m, pay, pi)
}
