package stripe_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/stripe"
)

func TestATokenIsHeldThenTakenOnce(t *testing.T) {
	b := open(t)
	p := b.authorized()
	held := b.one("requires_capture")
	if p.ProviderID != held.ID || p.Provider != "Stripe" || p.Merchant != merchant.ID || p.Session != "cs_1" || p.Attempt != 1 {
		t.Fatalf("payment: %+v", p)
	}
	if held.Metadata["acp_reference"] != "acp-cs_1-1" || held.Metadata["acp_session"] != "cs_1" || held.Metadata["acp_attempt"] != "1" {
		t.Fatalf("metadata: %v", held.Metadata)
	}
	for range 3 {
		got, err := b.payments.Capture(t.Context(), merchant, p)
		if err != nil || got.State != acp.PaymentCaptured || got.Amount.Amount != 4900 {
			t.Fatalf("capture: %+v %v", got, err)
		}
	}
	if taken := b.one("succeeded"); taken.Received != 4900 {
		t.Fatalf("received %d", taken.Received)
	}
}

func TestTheBuyersDetailsReachStripe(t *testing.T) {
	b := open(t)
	var form map[string][]string
	b.answer = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.URL.Path == "/v1/payment_intents" {
			if v := r.Header.Get("Stripe-Version"); v != "2026-04-22.preview" {
				t.Errorf("version %q", v)
			}
			if k := r.Header.Get("Idempotency-Key"); k != "acp:cs_1:1:authorize" {
				t.Errorf("key %q", k)
			}
			if err := r.ParseForm(); err != nil {
				t.Error(err)
			}
			form = r.PostForm
		}
		next.ServeHTTP(w, r)
	}
	b.authorized()
	for name, want := range map[string]string{
		"amount": "4900", "currency": "usd", "confirm": "true", "capture_method": "manual", "receipt_email": "jane@example.com",
		"shipping[name]": "Jane Doe", "shipping[address][line1]": "1 Main St", "shipping[address][postal_code]": "62701",
	} {
		if got := strings.Join(form[name], ","); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestWhatATokenCannotPayIsADecline(t *testing.T) {
	for name, c := range map[string]struct {
		mint, reason string
		amount       acp.Money
		wait         time.Duration
		retryable    bool
		attempts     int // payments at Stripe that were declined
	}{
		"the issuer declines":   {mint: `{"card":"pm_card_chargeDeclined"}`, reason: "generic_decline", retryable: true, attempts: 1},
		"no money on the card":  {mint: `{"card":"pm_card_chargeDeclinedInsufficientFunds"}`, reason: "insufficient_funds", retryable: true, attempts: 1},
		"fraud":                 {mint: `{"card":"pm_card_chargeDeclinedFraudulent"}`, reason: "fraudulent", attempts: 1},
		"more than the limit":   {mint: `{"max_amount":4899}`, reason: "token_amount_exceeded", retryable: true},
		"another currency":      {mint: `{"currency":"eur"}`, reason: "token_currency_mismatch", retryable: true},
		"expired before it got": {mint: `{"expires_in":60}`, wait: 2 * time.Minute, reason: "token_expired", retryable: true},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t)
			token := b.mint(c.mint)
			b.clock.advance(c.wait)
			for range 2 { // asked again, it is the same answer
				p := b.authorize(ask(token))
				if p.State != acp.PaymentDeclined || p.Decline != c.reason || p.Retryable != c.retryable || p.BadToken != strings.HasPrefix(c.reason, "token_") {
					t.Fatalf("got %+v, want a decline for %s", p, c.reason)
				}
			}
			if n := len(b.made()); n != c.attempts {
				t.Fatalf("%d payments at Stripe, want %d", n, c.attempts)
			}
		})
	}
}

func TestASpentTokenIsADeclineForAnybodyElse(t *testing.T) {
	b := open(t)
	token := b.mint(`{"max_amount":5000}`)
	b.authorize(ask(token))
	other := ask(token)
	other.Session, other.Reference, other.Key = "cs_2", "acp-cs_2-1", "acp:cs_2:1:authorize"
	p := b.authorize(other)
	if p.State != acp.PaymentDeclined || p.Decline != "token_consumed" || !p.Retryable {
		t.Fatalf("second use: %+v", p)
	}
	b.one("requires_capture")
}

func TestAStepUpNeedsActionAndCanBeVoided(t *testing.T) {
	b := open(t)
	p := b.authorize(ask(b.mint(`{"card":"pm_card_threeDSecure2Required"}`)))
	if p.State != acp.PaymentNeedsAction || p.ProviderID == "" {
		t.Fatalf("authorize: %+v", p)
	}
	if _, err := b.payments.Capture(t.Context(), merchant, p); acp.KindOf(err) != acp.KindRefused {
		t.Fatalf("capture of what is not held: %v", err)
	}
	got, err := b.payments.Void(t.Context(), merchant, p)
	if err != nil || got.State != acp.PaymentVoided {
		t.Fatalf("void: %+v %v", got, err)
	}
	b.one("canceled")
}

func TestAFinishedStepUpIsSeenThroughTheRepeatedAnswer(t *testing.T) {
	b := open(t)
	token := b.mint(`{"card":"pm_card_threeDSecure2Required"}`)
	p := b.authorize(ask(token))
	b.post("/_sandbox/payments/"+p.ProviderID+"/authenticate", `{"outcome":"authenticated"}`, nil)
	if again := b.authorize(ask(token)); again.State != acp.PaymentAuthorized || again.ProviderID != p.ProviderID {
		t.Fatalf("after the step-up: %+v", again)
	}
}

// No token pays an amount that Stripe cannot charge.
func TestAnAmountThatCannotBeChargedIsADeclineOfItsOwn(t *testing.T) {
	for name, amount := range map[string]acp.Money{
		"nothing":                   {Amount: 0, Currency: "usd"},
		"less than Stripe takes":    {Amount: 49, Currency: "usd"},
		"a currency without charge": {Amount: 4900, Currency: "ugx"},
	} {
		b := open(t)
		a := ask(b.mint(`{}`))
		a.Amount = amount
		for range 2 {
			p := b.authorize(a)
			if p.State != acp.PaymentDeclined || !p.BadAmount || p.BadToken || p.Retryable {
				t.Errorf("%s: %+v", name, p)
			}
		}
		b.none()
	}
}

func TestAnUnknownTokenIsInvalid(t *testing.T) {
	b := open(t)
	_, err := b.payments.Authorize(t.Context(), merchant, ask("spt_nobody"))
	wantKind(t, err, acp.KindInvalid)
	b.none()
}

func TestATokenThatCannotBeInspectedIsTried(t *testing.T) {
	for _, mode := range []string{"drop_before", "http_500", "throttle", "garbage", "user_error"} {
		b := open(t)
		b.fault("granted_tokens.retrieve", mode, 1)
		b.authorized()
		b.one("requires_capture")
	}
}

func TestAKeyWithOtherParametersIsADefect(t *testing.T) {
	b := open(t)
	token := b.mint(`{"max_amount":9000}`)
	b.authorize(ask(token))
	changed := ask(token)
	changed.Amount.Amount = 5000
	_, err := b.payments.Authorize(t.Context(), merchant, changed)
	wantKind(t, err, acp.KindInternal)
	b.one("requires_capture")
}

func TestAnotherMerchantIsNotServed(t *testing.T) {
	b := open(t)
	p := b.authorized()
	if len(b.payments.Handlers(stranger)) != 0 {
		t.Error("handlers for a stranger")
	}
	for name, call := range map[string]func() error{
		"authorize": func() error { _, err := b.payments.Authorize(t.Context(), stranger, ask("spt_1")); return err },
		"find":      func() error { _, err := b.payments.Find(t.Context(), stranger, p.Reference); return err },
		"capture":   func() error { _, err := b.payments.Capture(t.Context(), stranger, p); return err },
		"void":      func() error { _, err := b.payments.Void(t.Context(), stranger, p); return err },
	} {
		if err := call(); acp.KindOf(err) != acp.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.one("requires_capture")
	h := b.payments.Handlers(merchant)
	if len(h) != 1 || h[0].ID != stripe.HandlerID || h[0].PSP != "stripe" || h[0].Account != "profile_test_1" || !h[0].Sandbox {
		t.Errorf("handlers: %+v", h)
	}
}
