package stripe

import (
	"cmp"
	"strconv"
	"time"

	stripego "github.com/stripe/stripe-go/v86"

	"github.com/acp-bridge/acp-bridge/acp"
)

// What a payment carries of ours in its metadata; Find looks for the first.
const (
	metaReference = "acp_reference"
	metaSession   = "acp_session"
	metaAttempt   = "acp_attempt"
)

// charge is what tells until when a reservation lives; it is shown on demand
// only.
const charge = "latest_charge"

// confirming is how long a payment that holds nothing may still be on its way
// to the issuer; older ones were never confirmed.
const confirming = 5 * time.Minute

// payment is a payment intent in the domain's words, its amount as Stripe
// names it. KindUnknown while Stripe has not decided.
func (p *Payments) payment(m acp.Merchant, pi *stripego.PaymentIntent) (acp.Payment, error) {
	state, amount, decided := p.stateOf(pi)
	if !decided {
		return acp.Payment{}, &acp.Error{Kind: acp.KindUnknown, Code: string(acp.KindUnknown), Message: "payment is still being processed"}
	}
	money, err := fromStripe(amount, string(pi.Currency))
	if err != nil {
		return acp.Payment{}, err
	}
	attempt, _ := strconv.Atoi(pi.Metadata[metaAttempt]) // 0 for a payment that is not ours
	now := p.Now()
	return acp.Payment{
		Merchant: m.ID, Session: acp.SessionID(pi.Metadata[metaSession]), Attempt: attempt, Reference: pi.Metadata[metaReference],
		ProviderID: pi.ID, Provider: providerName, Amount: money, State: state, Decline: declineOf(state, pi),
		Retryable: state == acp.PaymentDeclined && anotherTokenHelps(declineOf(state, pi)),
		CreatedAt: time.Unix(pi.Created, 0).UTC(), UpdatedAt: now, CaptureBefore: captureBefore(state, pi),
	}, nil
}

// captureBefore is when the reservation lapses, as the card's network told
// Stripe; zero where that was not shown, or nothing is reserved.
func captureBefore(state acp.PaymentState, pi *stripego.PaymentIntent) time.Time {
	c := pi.LatestCharge
	if state != acp.PaymentAuthorized || c == nil || c.PaymentMethodDetails == nil || c.PaymentMethodDetails.Card == nil ||
		c.PaymentMethodDetails.Card.CaptureBefore <= 0 {
		return time.Time{}
	}
	return time.Unix(c.PaymentMethodDetails.Card.CaptureBefore, 0).UTC()
}

func (p *Payments) stateOf(pi *stripego.PaymentIntent) (state acp.PaymentState, amount int64, decided bool) {
	switch pi.Status {
	case stripego.PaymentIntentStatusRequiresCapture:
		return acp.PaymentAuthorized, pi.AmountCapturable, true
	case stripego.PaymentIntentStatusSucceeded:
		return acp.PaymentCaptured, pi.AmountReceived, true
	case stripego.PaymentIntentStatusCanceled:
		return acp.PaymentVoided, pi.Amount, true
	case stripego.PaymentIntentStatusRequiresAction:
		return acp.PaymentNeedsAction, pi.Amount, true
	case stripego.PaymentIntentStatusRequiresPaymentMethod, stripego.PaymentIntentStatusRequiresConfirmation:
		over := pi.LastPaymentError != nil || p.Now().Sub(time.Unix(pi.Created, 0)) > confirming
		return acp.PaymentDeclined, pi.Amount, over
	default: // processing, or a status of a later version
		return "", 0, false
	}
}

func declineOf(state acp.PaymentState, pi *stripego.PaymentIntent) string {
	switch {
	case state != acp.PaymentDeclined:
		return ""
	case pi.LastPaymentError == nil:
		return "never_confirmed"
	default:
		return declineReason(pi.LastPaymentError)
	}
}

// anotherTokenHelps is false for the refusals after which Stripe asks sellers
// not to try again (docs.stripe.com/declines/codes).
func anotherTokenHelps(reason string) bool {
	switch stripego.DeclineCode(reason) {
	case stripego.DeclineCodeFraudulent, stripego.DeclineCodeStolenCard, stripego.DeclineCodeLostCard, stripego.DeclineCodePickupCard,
		stripego.DeclineCodeMerchantBlacklist, stripego.DeclineCodeSecurityViolation:
		return false
	}
	return true
}

// declined is a refusal that came without a payment intent, or with the one
// in nested.
func (p *Payments) declined(m acp.Merchant, a acp.Authorization, reason string, nested *stripego.PaymentIntent) acp.Payment {
	now := p.Now()
	declined := acp.Payment{
		Merchant: m.ID, Session: a.Session, Attempt: a.Attempt, Reference: a.Reference, Provider: providerName, Amount: a.Amount,
		State: acp.PaymentDeclined, Decline: cmp.Or(reason, "declined"), Retryable: anotherTokenHelps(reason), CreatedAt: now, UpdatedAt: now,
	}
	if nested != nil {
		declined.ProviderID = nested.ID
		if asked, err := fromStripe(nested.Amount, string(nested.Currency)); err == nil {
			declined.Amount = asked
		}
	}
	return declined
}

// refusedAmount is a payment that no token can make: nothing, less or more than
// Stripe takes, or a currency in which it does not charge.
func (p *Payments) refusedAmount(m acp.Merchant, a acp.Authorization) acp.Payment {
	declined := p.declined(m, a, "amount_not_chargeable", nil)
	declined.BadAmount, declined.Retryable = true, false
	return declined
}

// refusedToken is a payment that its token cannot make, whatever the card says.
func (p *Payments) refusedToken(m acp.Merchant, a acp.Authorization, reason string) acp.Payment {
	declined := p.declined(m, a, reason, nil)
	declined.BadToken = true
	return declined
}
