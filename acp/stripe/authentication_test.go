package stripe_test

import (
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/stripe"
)

func withAcquirer(c *stripe.Config) {
	c.Acquirer = &acp.Acquirer{BIN: "400000", Country: "US", MerchantID: "m-1", MerchantName: "Demo"}
}

func TestAPaymentThatMustNotWaitIsOverAndLeavesTheTokenAlive(t *testing.T) {
	b := open(t, withAcquirer)
	token := b.mint(`{"card":"pm_card_threeDSecure2Required"}`)
	first := ask(token)
	first.NoAction = true
	for range 2 { // the second time it is Stripe's repeated answer
		if p := b.authorize(first); p.State != acp.PaymentNeedsAction || p.Decline != "" {
			t.Fatalf("without a proof: %+v", p)
		}
	}
	b.one("requires_payment_method")
	for outcome, version := range map[string]string{"authenticated": "2.2.0", "attempt_acknowledged": "2.1", "informational": "2.3.1"} {
		proven := ask(b.mint(`{"card":"pm_card_threeDSecure2Required"}`))
		proven.Session, proven.Reference, proven.Key = acp.SessionID(outcome), "acp-"+outcome, "key-"+outcome
		proven.NoAction = true
		proven.Authentication = &acp.Authentication{
			Outcome: outcome, Cryptogram: "AbCdEfGhIjKlMnOpQrStUvWxY0=", ECI: "05", TransactionID: "ds-1", Version: version,
		}
		if p := b.authorize(proven); p.State != acp.PaymentAuthorized {
			t.Errorf("%s: %+v", outcome, p)
		}
	}
}

func TestTheCardBehindATokenIsKnown(t *testing.T) {
	b := open(t)
	g, err := b.payments.Inspect(t.Context(), merchant, acp.Secret(b.mint(`{}`)))
	if err != nil || g.Card != (acp.Card{Brand: "visa", Last4: "4242"}) {
		t.Errorf("%+v %v", g, err)
	}
}

func TestAgentsAuthenticateOnlyWhereTheAcquirerIsKnown(t *testing.T) {
	if p := open(t).payments; p.Capabilities().External3DS || p.Handlers(merchant)[0].Acquirer != nil {
		t.Error("offered without an acquirer")
	}
	if p := open(t, withAcquirer).payments; !p.Capabilities().External3DS || p.Handlers(merchant)[0].Acquirer == nil {
		t.Error("not offered with one")
	}
}
