package stripe_test

import (
	"net/http"
	"testing"
	"time"

	stripego "github.com/stripe/stripe-go/v86"
)

func TestATokenPaysOnceAndTheHoldIsCapturedLater(t *testing.T) {
	b := open(t)
	spt := b.mint(`{"max_amount":5000}`)
	pi := b.authorize(spt, 4900, "a")
	if pi.Status != stripego.PaymentIntentStatusRequiresCapture || pi.AmountCapturable != 4900 || pi.AmountReceived != 0 {
		t.Fatalf("authorized: %s capturable %d received %d", pi.Status, pi.AmountCapturable, pi.AmountReceived)
	}
	got, err := b.capture(pi.ID, "c")
	if err != nil || got.Status != stripego.PaymentIntentStatusSucceeded || got.AmountReceived != 4900 || got.AmountCapturable != 0 {
		t.Fatalf("captured: %v %+v", err, got)
	}
	_, err = b.client.V1PaymentIntents.Create(t.Context(), charge(spt, 100, "b"))
	refused := refusal(t, err)
	if refused.HTTPStatusCode != http.StatusBadRequest || refused.Code != "" ||
		refused.Msg != "The shared payment granted token cannot be used because it is already in a deactivated state." {
		t.Fatalf("second use: %v", refused)
	}
	g, err := b.inspect(spt, previewed)
	if err != nil || g.DeactivatedReason != "consumed" || g.UsageDetails.AmountCaptured.Value != 4900 {
		t.Fatalf("token: %v %+v", err, g)
	}
}

func TestAutomaticCaptureTakesTheMoneyAtOnce(t *testing.T) {
	b := open(t)
	p := charge(b.mint(`{}`), 1000, "")
	p.CaptureMethod = nil
	pi, err := b.client.V1PaymentIntents.Create(t.Context(), p)
	if err != nil || pi.Status != stripego.PaymentIntentStatusSucceeded || pi.AmountReceived != 1000 {
		t.Fatalf("create: %v %+v", err, pi)
	}
}

func TestAnIssuersRefusalNestsThePaymentAndLeavesTheTokenUsable(t *testing.T) {
	for card, want := range map[string]string{
		"pm_card_chargeDeclined":                  "generic_decline",
		"pm_card_chargeDeclinedInsufficientFunds": "insufficient_funds",
	} {
		b := open(t)
		spt := b.mint(`{"card":"` + card + `"}`)
		_, err := b.client.V1PaymentIntents.Create(t.Context(), charge(spt, 1000, "a"))
		refused := refusal(t, err)
		if refused.HTTPStatusCode != http.StatusPaymentRequired || refused.Type != stripego.ErrorTypeCard ||
			refused.Code != stripego.ErrorCodeCardDeclined || string(refused.DeclineCode) != want {
			t.Fatalf("%s: %v", card, refused)
		}
		nested := refused.PaymentIntent
		if nested == nil || nested.Status != stripego.PaymentIntentStatusRequiresPaymentMethod || nested.LastPaymentError == nil {
			t.Fatalf("%s: nested payment %+v", card, nested)
		}
		if g, err := b.inspect(spt, previewed); err != nil || g.DeactivatedReason != "" {
			t.Fatalf("%s: token %v %+v", card, err, g)
		}
	}
}

func TestATokenIsHeldToItsLimits(t *testing.T) {
	const deactivated = "The shared payment granted token cannot be used because it is already in a deactivated state."
	b := open(t)
	revoked := b.mint(`{}`)
	revoke := &stripego.RawParams{Params: stripego.Params{Context: t.Context(), Headers: http.Header{"Stripe-Version": {previewed}}}}
	if _, err := b.backend.(stripego.RawRequestBackend).RawRequest(http.MethodPost,
		"/v1/test_helpers/shared_payment/granted_tokens/"+revoked+"/revoke", secretKey, "", revoke); err != nil {
		t.Fatal(err)
	}
	expired := b.mint(`{"expires_in":60}`)
	b.clock.advance(time.Minute)
	for name, c := range map[string]struct {
		token, message, reason string
	}{
		"over the limit": {
			b.mint(`{"max_amount":999}`),
			"The requested amount is greater than the remaining amount capturable with this shared payment granted token.", "",
		},
		"expired": {expired, deactivated, "expired"},
		"revoked": {revoked, deactivated, "revoked"},
		"other currency": {
			b.mint(`{"currency":"eur"}`),
			"The currency of this payment differs from the currency of the shared payment granted token.", "",
		},
	} {
		_, err := b.client.V1PaymentIntents.Create(t.Context(), charge(c.token, 1000, ""))
		if refused := refusal(t, err); refused.HTTPStatusCode != http.StatusBadRequest || refused.Code != "" || refused.Msg != c.message {
			t.Errorf("%s: %v", name, refused)
		}
		if g, err := b.inspect(c.token, previewed); err != nil || g.DeactivatedReason != c.reason {
			t.Errorf("%s: token %v %+v", name, err, g)
		}
	}
	if n := len(b.state().Payments); n != 0 {
		t.Errorf("%d payments were made, want none", n)
	}
}

func TestAnUnknownTokenOrAmountIsRefusedBeforeAnythingHappens(t *testing.T) {
	b := open(t)
	spt := b.mint(`{}`)
	asMethod := charge("", 1000, "")
	asMethod.Extra = nil
	asMethod.PaymentMethod = stripego.String(spt)
	obsolete := charge(spt, 1000, "")
	obsolete.AddExtra("shared_payment_granted_token", spt)
	future := charge(spt, 1000, "")
	future.SetupFutureUsage = stripego.String("off_session")
	foreign := charge(spt, 1000, "")
	foreign.Currency = stripego.String("xyz")
	for name, c := range map[string]struct {
		params *stripego.PaymentIntentCreateParams
		code   stripego.ErrorCode
	}{
		"unknown token":           {charge("spt_unknown", 1000, ""), stripego.ErrorCodeResourceMissing},
		"token as payment method": {asMethod, stripego.ErrorCodeResourceMissing},
		"obsolete parameter":      {obsolete, stripego.ErrorCodeParameterUnknown},
		"setup for later":         {future, ""},
		"nothing":                 {charge(spt, 0, ""), stripego.ErrorCodeParameterInvalidInteger},
		"below the minimum":       {charge(spt, 49, ""), stripego.ErrorCodeAmountTooSmall},
		"beyond eight digits":     {charge(spt, 100_000_000, ""), stripego.ErrorCodeAmountTooLarge},
		"unknown currency":        {foreign, ""},
	} {
		_, err := b.client.V1PaymentIntents.Create(t.Context(), c.params)
		if refused := refusal(t, err); refused.HTTPStatusCode != http.StatusBadRequest || refused.Code != c.code {
			t.Errorf("%s: %v", name, refused)
		}
	}
	b.authorize(spt, 1000, "") // none of it used the token up
}

func TestAStepUpWaitsForTheAgentsBuyer(t *testing.T) {
	b := open(t)
	for outcome, want := range map[string]stripego.PaymentIntentStatus{
		"authenticated": stripego.PaymentIntentStatusRequiresCapture,
		"failed":        stripego.PaymentIntentStatusRequiresPaymentMethod,
	} {
		pi := b.authorize(b.mint(`{"card":"pm_card_threeDSecure2Required"}`), 1000, "")
		if pi.Status != stripego.PaymentIntentStatusRequiresAction || pi.NextAction == nil || pi.AmountCapturable != 0 {
			t.Fatalf("before: %+v", pi)
		}
		_, err := b.capture(pi.ID, "")
		if refused := refusal(t, err); refused.Code != stripego.ErrorCodePaymentIntentUnexpectedState {
			t.Fatalf("capture before: %v", refused)
		}
		path := "/_sandbox/payments/" + pi.ID + "/authenticate"
		if status := b.post(path, `{"outcome":"`+outcome+`"}`, nil); status != http.StatusOK {
			t.Fatalf("authenticate: status %d", status)
		}
		got, err := b.client.V1PaymentIntents.Retrieve(t.Context(), pi.ID, nil)
		if err != nil || got.Status != want {
			t.Fatalf("%s: %v %+v", outcome, err, got)
		}
		if status := b.post(path, ``, nil); status != http.StatusConflict {
			t.Fatalf("authenticate twice: status %d", status)
		}
	}
	p := charge(b.mint(`{"card":"pm_card_threeDSecure2Required"}`), 1000, "")
	p.ErrorOnRequiresAction = stripego.Bool(true)
	_, err := b.client.V1PaymentIntents.Create(t.Context(), p)
	if refused := refusal(t, err); refused.HTTPStatusCode != http.StatusPaymentRequired || refused.Code != stripego.ErrorCodeAuthenticationRequired {
		t.Fatalf("refuse to wait: %v", refused)
	}
}

func TestWrongKeysAreTurnedAway(t *testing.T) {
	b := open(t)
	b.connect("sk_test_other")
	_, err := b.client.V1PaymentIntents.Retrieve(t.Context(), "pi_1", nil)
	if refused := refusal(t, err); refused.HTTPStatusCode != http.StatusUnauthorized {
		t.Fatalf("wrong key: %v", refused)
	}
}

func TestTokensAreHiddenFromVersionsThatDoNotHaveThem(t *testing.T) {
	b := open(t)
	spt := b.mint(`{"max_amount":1234,"currency":"eur","expires_in":60,"card":"pm_card_chargeDeclinedFraudulent"}`)
	_, err := b.inspect(spt, "2026-08-26.dahlia")
	if refused := refusal(t, err); refused.HTTPStatusCode != http.StatusNotFound {
		t.Fatalf("without preview: %v", refused)
	}
	g, err := b.inspect(spt, previewed, "risk_details")
	if err != nil || g.UsageLimits.MaxAmount != 1234 || g.UsageLimits.Currency != "eur" ||
		g.UsageLimits.ExpiresAt != b.clock.now().Add(time.Minute).Unix() || len(g.RiskDetails) == 0 {
		t.Fatalf("with preview: %v %+v", err, g)
	}
	_, err = b.inspect("spt_unknown", previewed)
	if refused := refusal(t, err); refused.HTTPStatusCode != http.StatusNotFound || refused.Code != stripego.ErrorCodeResourceMissing {
		t.Fatalf("unknown: %v", refused)
	}
}

func TestNonsenseTokensAreNotMinted(t *testing.T) {
	b := open(t)
	for _, body := range []string{
		`{"max_amount":0}`, `{"max_amount":-5}`, `{"max_amount":12.5}`, `{"expires_in":0}`, `{"expires_in":99999999999}`,
		`{"currency":"zzz"}`, `{"card":"pm_card_gold"}`, `{"limit":5}`, `[`, `{} {}`,
	} {
		if status := b.post("/_sandbox/tokens", body, nil); status != http.StatusBadRequest {
			t.Errorf("%s: status %d, want 400", body, status)
		}
	}
}
