package stripe_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/acp-bridge/acp-bridge/acp"
)

func TestATokenIsInspectedBeforeItPays(t *testing.T) {
	b := open(t)
	got, err := b.payments.Inspect(t.Context(), merchant, b.mint(`{"max_amount":5000,"currency":"eur","expires_in":60,"card":"pm_card_mastercard","risk":{"stolen_card":91,"bot":0.875}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := acp.Grant{
		Limit: acp.Money{Amount: 5000, Currency: "eur"}, ExpiresAt: b.clock.now().Add(time.Minute), Card: acp.Card{Brand: "mastercard", Last4: "4444"},
		Risks: []acp.Risk{
			{Kind: "bot", Score: "0.875", Action: "continue"},
			{Kind: "card_issuer_decline", Score: "0.05", Action: "continue"},
			{Kind: "card_testing", Score: "0.02", Action: "continue"},
			{Kind: "fraudulent_dispute", Score: "3", Action: "continue"},
			{Kind: "stolen_card", Score: "91", Action: "block"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestADeadTokenSaysWhy(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(b *bench, token acp.Secret)
		dead string
	}{
		"alive":   {func(*bench, acp.Secret) {}, ""},
		"paid":    {func(b *bench, token acp.Secret) { b.authorize(ask(token)) }, "consumed"},
		"expired": {func(b *bench, _ acp.Secret) { b.clock.advance(time.Hour) }, "expired"},
		"revoked": {func(b *bench, token acp.Secret) { b.post("/_sandbox/tokens/"+token.Reveal()+"/revoke", "", nil) }, "revoked"},
	} {
		b := open(t)
		token := b.mint(`{}`)
		c.end(b, token)
		if got, err := b.payments.Inspect(t.Context(), merchant, token); err != nil || got.Dead != c.dead {
			t.Errorf("%s: %q %v", name, got.Dead, err)
		}
	}
}

func TestWhatCannotBeInspectedIsNoLimit(t *testing.T) {
	b := open(t)
	token := b.mint(`{}`)
	for _, mode := range []string{"drop_before", "drop_after", "http_500", "throttle", "garbage"} {
		b.fault("granted_tokens.retrieve", mode, 1)
		got, err := b.payments.Inspect(t.Context(), merchant, token)
		if diff := cmp.Diff(acp.Grant{}, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", mode, err, diff)
		}
	}
	if got, err := b.payments.Inspect(t.Context(), merchant, "opaque"); err != nil || cmp.Diff(acp.Grant{}, got) != "" {
		t.Errorf("another's token: %+v %v", got, err)
	}
	_, err := b.payments.Inspect(t.Context(), merchant, "spt_nobody")
	wantKind(t, err, acp.KindNotFound)
	_, err = b.payments.Inspect(t.Context(), stranger, token)
	wantKind(t, err, acp.KindInvalid)
}

// The insights are a preview: an account that may not expand them still reads
// the limits, and a token may say nothing of the card.
func TestLimitsAreReadWithoutInsightsAndCard(t *testing.T) {
	b := open(t)
	b.answer = func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		if strings.Contains(r.URL.RawQuery, "expand") {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"error":{"type":"invalid_request_error","message":"This property cannot be expanded (risk_details)."}}`))
			return
		}
		_, _ = w.Write([]byte(`{"id":"spt_1","usage_limits":{"currency":"usd","max_amount":5000,"expires_at":null},"payment_method_details":null,"risk_details":null}`))
	}
	got, err := b.payments.Inspect(t.Context(), merchant, "spt_1")
	if diff := cmp.Diff(acp.Grant{Limit: dollars(5000)}, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}
