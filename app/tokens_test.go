package app

import (
	"maps"
	"net/http"
	"slices"
	"testing"
)

// tokenMessage is what the session says of a token that does not pay.
type tokenMessage struct{ param, resolution string }

var (
	byBuyer = tokenMessage{"$.payment_data", "requires_buyer_input"}
	byAgent = tokenMessage{"$.payment_data.instrument.credential.token", "recoverable"}
)

// mint grants a token at a provider's stand-in.
func (r *running) mint(t *testing.T, standIn string, body map[string]any) string {
	t.Helper()
	got := r.send(t, http.MethodPost, standIn+"/_sandbox/tokens", "", "", body)
	id, ok := got.Body["id"].(string)
	if !ok {
		t.Fatalf("token: %d %s", got.Status, got.Raw)
	}
	return id
}

// TestWhatBecomesOfAToken is the table of docs/payments.md. One session is
// refused in every way: each refusal leaves it to be paid with the next token.
func TestWhatBecomesOfAToken(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	s := r.payable(t)
	stripes := func(change map[string]any) string {
		grant := map[string]any{"max_amount": s.total()}
		maps.Copy(grant, change)
		return r.mint(t, r.StripeURL, grant)
	}
	expired, revoked, reused := stripes(map[string]any{"expires_in": 1}), stripes(nil), stripes(map[string]any{"max_amount": 10 * s.total()})
	r.send(t, http.MethodPost, r.StripeURL+"/_sandbox/tokens/"+revoked+"/revoke", "", "", nil)
	if first := r.complete(t, r.payable(t), payment(reused)); first.Status != "completed" {
		t.Fatalf("the first use: %+v", first)
	}
	r.eventually(t, "a token expires", func() bool { return r.dead(t, expired) == "expired" })
	for _, c := range []struct {
		name, token string
		says        tokenMessage
	}{
		{"declined", stripes(map[string]any{"card": "pm_card_chargeDeclined"}), byBuyer},
		{"insufficient funds", stripes(map[string]any{"card": "pm_card_chargeDeclinedInsufficientFunds"}), byBuyer},
		{"fraud", stripes(map[string]any{"card": "pm_card_chargeDeclinedFraudulent"}), byBuyer},
		{"over its limit", stripes(map[string]any{"max_amount": s.total() - 1}), byAgent},
		{"wrong currency", stripes(map[string]any{"currency": "eur"}), byAgent},
		{"expired", expired, byAgent},
		{"revoked", revoked, byAgent},
		{"reused", reused, byAgent},
		{"unknown", "spt_nobody_granted_this", byAgent},
		{"of another provider", r.tillToken(t, s.total(), "good"), byAgent},
	} {
		t.Run(c.name, func(t *testing.T) {
			s = r.complete(t, s, payment(c.token))
			r.refusedToken(t, s, c.says)
		})
	}
	if s = r.complete(t, s, payment(stripes(nil))); s.Status != "completed" {
		t.Fatalf("paid at last: %+v", s)
	}
}

// dead is why Stripe says that a token pays nothing any more.
func (r *running) dead(t *testing.T, id string) string {
	t.Helper()
	var books struct {
		Tokens []struct {
			ID     string `json:"id"`
			Reason string `json:"deactivated_reason"`
		} `json:"tokens"`
	}
	r.send(t, http.MethodGet, r.StripeURL+"/_sandbox/state", "", "", nil).decode(t, &books)
	for _, token := range books.Tokens {
		if token.ID == id {
			return token.Reason
		}
	}
	return ""
}

// refusedToken checks that the session can be paid, says what the token lacks,
// and that it holds nothing at Stripe or in the shop.
func (r *running) refusedToken(t *testing.T, s checkoutSession, want tokenMessage) {
	t.Helper()
	said := slices.ContainsFunc(s.Messages, func(m sessionMessage) bool {
		return m.Type == "error" && m.Code == "payment_declined" && m.Param == want.param && m.Resolution == want.resolution
	})
	if s.Status != "ready_for_payment" || s.Order != nil || !said {
		t.Errorf("the session is %s and says %+v, want %+v", s.Status, s.Messages, want)
	}
	for _, p := range r.money(t).Payments {
		if p.Metadata["acp_session"] == s.ID && (p.Capturable != 0 || p.Received != 0) {
			t.Errorf("%d are held, %d taken", p.Capturable, p.Received)
		}
	}
	for _, o := range r.shop(t).Orders {
		for _, a := range o.Attributes {
			if a.Value == s.ID {
				t.Errorf("order %s", o.ID)
			}
		}
	}
}

func TestAHandlerThatIsNotOfferedIsInvalid(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	s := r.payable(t)
	body := payment(r.token(t, s.total(), "pm_card_visa"))
	body["payment_data"].(map[string]any)["handler_id"] = "paypal_wallet"
	got := r.post(t, "/checkout_sessions/"+s.ID+"/complete", body)
	if got.Status != http.StatusBadRequest || got.Body["code"] != "invalid" || got.Body["param"] != "$.payment_data.handler_id" {
		t.Errorf("%d %s", got.Status, got.Raw)
	}
	r.soldNothing(t)
}
