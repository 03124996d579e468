package app

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

type signInSession struct {
	checkoutSession
	ContinueURL  string `json:"continue_url"`
	Capabilities struct {
		Payment struct {
			Handlers []any `json:"handlers"`
		} `json:"payment"`
	} `json:"capabilities"`
	Messages []struct {
		Type       string `json:"type"`
		Code       string `json:"code"`
		Resolution string `json:"resolution"`
		Content    string `json:"content"`
	} `json:"messages"`
}

// signIn is the message that tells to sign in, by its words.
func (s signInSession) signIn(words string) (kind, code, resolution string) {
	for _, m := range s.Messages {
		if strings.Contains(m.Content, words) {
			return m.Type, m.Code, m.Resolution
		}
	}
	return "", "", ""
}

// Staff switch the demand on while a session is ready to be paid by token: its
// card is not charged, and its buyer is led to Shopify's checkout.
func TestABuyerWhoMustSignInIsLedToTheShop(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	ready := r.payable(t)
	demand := func(signIn bool) {
		r.send(t, http.MethodPost, r.ShopifyURL+"/_sandbox/accounts", "", "", map[string]any{"sign_in_required": signIn})
	}
	open := func(token, locale string) (s signInSession) {
		body := cart(r.item(t), 1)
		body["locale"] = locale
		r.send(t, http.MethodPost, r.ACPBaseURL+"/checkout_sessions", token, r.key(), body).decode(t, &s)
		return s
	}
	demand(true)
	r.eventually(t, "the app hears of the demand", func() bool { return open(r.BearerToken, "en").Status == "requires_escalation" })

	for locale, words := range map[string]string{"en": "sign in to the shop", "de": "melden Sie sich im Shop an"} {
		s := open(r.BearerToken, locale)
		kind, code, resolution := s.signIn(words)
		if kind != "error" || code != "requires_sign_in" || resolution != "requires_buyer_input" || s.ContinueURL == "" || len(s.Capabilities.Payment.Handlers) > 0 {
			t.Errorf("%s: %s %s %s, %+v", locale, kind, code, resolution, s)
		}
	}
	got := r.insist(t, "/checkout_sessions/"+ready.ID+"/complete", r.key(), payment(r.token(t, ready.total(), "pm_card_visa")))
	var s signInSession
	got.decode(t, &s)
	if kind, _, _ := s.signIn("sign in to the shop"); got.Status != http.StatusOK || s.Status != "requires_escalation" || kind != "error" {
		t.Fatalf("completed all the same: %d %s", got.Status, got.Raw)
	}
	r.soldNothing(t)
	if link := r.send(t, http.MethodGet, s.ContinueURL, "", "", nil); link.Status != http.StatusFound {
		t.Errorf("the link leads to %d %s", link.Status, link.Raw)
	}
	demand(false)
	r.eventually(t, "the app hears that it is gone", func() bool { return open(r.BearerToken, "en").Status != "requires_escalation" })
}

// The merchant's setting is read again with the catalog, also when no webhook
// told of it.
func TestALostWebhookLeavesNoOldProfile(t *testing.T) {
	inFull(t)
	t.Parallel()
	opened, r := startOpened(t, nil)
	r.send(t, http.MethodPost, r.ShopifyURL+"/_sandbox/accounts", "", "", map[string]any{"sign_in_required": true, "quietly": true})
	b := *opened.bridge // another clock for this work alone
	b.world.Now = func() time.Time { return time.Now().Add(b.config.MirrorEvery) }
	if err := b.mirrorDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	m, err := b.store.MerchantByShop(t.Context(), sandboxShop)
	if err != nil || !m.SignInRequired {
		t.Errorf("%+v %v", m.Profile, err)
	}
}
