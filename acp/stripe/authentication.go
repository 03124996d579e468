package stripe

import (
	stripego "github.com/stripe/stripe-go/v86"

	"github.com/acp-bridge/acp-bridge/acp"
)

// statuses3DS are the transStatus of an authentication that Stripe wants
// beside its proof.
var statuses3DS = map[string]string{"authenticated": "Y", "attempt_acknowledged": "A", "informational": "I"}

// versions3DS are the versions that Stripe knows, and how agents shorten them.
var versions3DS = map[string]string{"2.1": "2.1.0", "2.2": "2.2.0", "2.3": "2.3.0"}

// imported hands on the proof of an authentication that was carried out
// elsewhere (docs.stripe.com/payments/payment-intents/three-d-secure-import);
// nil without one.
func imported(a *acp.Authentication) *stripego.PaymentIntentCreatePaymentMethodOptionsParams {
	if a == nil {
		return nil
	}
	version, short := versions3DS[a.Version]
	if !short {
		version = a.Version
	}
	return &stripego.PaymentIntentCreatePaymentMethodOptionsParams{
		Card: &stripego.PaymentIntentCreatePaymentMethodOptionsCardParams{
			ThreeDSecure: &stripego.PaymentIntentCreatePaymentMethodOptionsCardThreeDSecureParams{
				Cryptogram: stripego.String(a.Cryptogram.Reveal()), TransactionID: stripego.String(a.TransactionID),
				Version: stripego.String(version), ElectronicCommerceIndicator: optional(a.ECI),
				AresTransStatus: optional(statuses3DS[a.Outcome]),
			},
		},
	}
}

// wantsHolder recognises the refusal of a payment that would have had to wait
// for its card holder (error_on_requires_action).
func (f *failure) wantsHolder(a acp.Authorization) bool {
	return a.NoAction && f.declined == string(stripego.ErrorCodeAuthenticationRequired)
}
