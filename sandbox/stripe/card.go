package stripe

// card is one of Stripe's test payment methods (docs.stripe.com/testing): its name
// decides how the issuer answers.
type card struct {
	brand, last4 string
	declineCode  string // empty: the issuer agrees
	message      string
	stepUp       bool // the issuer wants 3D Secure first
	slowRefund   bool // the issuer takes a refund later than it is made
}

func knownCard(name string) (card, bool) {
	switch name {
	case "pm_card_visa":
		return card{brand: "visa", last4: "4242"}, true
	case "pm_card_mastercard":
		return card{brand: "mastercard", last4: "4444"}, true
	case "pm_card_threeDSecure2Required":
		return card{brand: "visa", last4: "3220", stepUp: true}, true
	case "pm_card_pendingRefund":
		return card{brand: "visa", last4: "7726", slowRefund: true}, true
	case "pm_card_chargeDeclined":
		return card{brand: "visa", last4: "0002", declineCode: "generic_decline", message: "Your card was declined."}, true
	case "pm_card_chargeDeclinedInsufficientFunds":
		return card{brand: "visa", last4: "9995", declineCode: "insufficient_funds", message: "Your card has insufficient funds."}, true
	case "pm_card_chargeDeclinedFraudulent": // what a block by Radar looks like
		return card{brand: "visa", last4: "0019", declineCode: "fraudulent", message: "Your card was declined."}, true
	}
	return card{}, false
}

// declined is the issuer's refusal of this card as Stripe words it.
func (c card) declined(charge string) errorBody {
	code, message := c.declineCode, c.message
	if code == "" { // an ordered fault refuses a card that the issuer would accept
		code, message = "generic_decline", "Your card was declined."
	}
	return errorBody{
		Type: "card_error", Code: "card_declined", DeclineCode: code, AdviceCode: "try_again_later",
		DocURL: "https://stripe.com/docs/error-codes/card-declined", Message: message, Charge: charge,
	}
}
