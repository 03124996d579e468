package wire_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/acp/wire/wiretest"
)

// withPolicy is a shop whose privacy policy can be opened.
func withPolicy(address string) acp.Merchant {
	m := demoMerchant()
	m.Policies = []acp.Link{{Type: "privacy_policy", URL: address}}
	return m
}

func TestConsentIsOfferedWhereItCanBeGiven(t *testing.T) {
	const policy = "https://demo.example.com/policies/privacy"
	handed, done := readySession(), completedSession()
	handed.Handover = &acp.Handover{Token: "t"}
	for name, c := range map[string]struct {
		view wire.View
		want string
	}{
		"with a policy":     {wire.View{Session: readySession(), Merchant: withPolicy(policy), Language: "fr"}, `[{"channel":"email","display_text":"Actualités et offres de la boutique par e-mail","privacy_policy_url":"` + policy + `"}]`},
		"without one":       {wire.View{Session: readySession()}, ""},
		"policy unusable":   {wire.View{Session: readySession(), Merchant: withPolicy("/privacy")}, ""},
		"handed over":       {wire.View{Session: handed, Merchant: withPolicy(policy)}, ""},
		"already completed": {wire.View{Session: done, Merchant: withPolicy(policy)}, ""},
	} {
		body, err := wire.EncodeSession(v, c.view)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(member(t, body, "marketing_consent_options")); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		wiretest.Validate(t, string(v), "CheckoutSession", body)
	}
}

// Attribution is write-only, and why a buyer left is for the shop.
func TestMotivesAreNotGivenBack(t *testing.T) {
	s := readySession()
	s.FirstTouch = &acp.Attribution{Provider: "hidden", Token: "hidden", PublisherID: "hidden"}
	s.LastTouch, s.Left = s.FirstTouch, &acp.IntentTrace{Reason: acp.LeftForOther, Summary: "hidden"}
	s.Status, s.Consents = acp.Canceled, []acp.Consent{{Channel: "email", OptedIn: true}}
	body, err := wire.EncodeSession(v, wire.View{Session: s, Merchant: demoMerchant()})
	if err != nil || bytes.Contains(body, []byte("hidden")) || bytes.Contains(body, []byte("opted_in")) {
		t.Fatalf("%v %s", err, body)
	}
}

func TestACompanyAndATimeZoneAreEchoed(t *testing.T) {
	s := readySession()
	s.Timezone = "Europe/Paris"
	s.Buyer = &acp.Buyer{FullName: "Ada Lovelace", Email: "ada@example.com", Company: "Engines", TaxID: "FR1", Department: "Looms", CostCenter: "7"}
	body, err := wire.EncodeSession(v, wire.View{Session: s, Merchant: demoMerchant()})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"full_name":"Ada Lovelace","email":"ada@example.com","company":{"name":"Engines","tax_id":"FR1","department":"Looms","cost_center":"7"}}`
	if got := string(member(t, body, "buyer")); got != want || string(member(t, body, "timezone")) != `"Europe/Paris"` {
		t.Errorf("%s", body)
	}
	wiretest.Validate(t, string(v), "CheckoutSession", body)
}

func TestAReasonOfALaterDateMeansOther(t *testing.T) {
	for code, want := range map[string]acp.Reason{"shipping_cost": acp.LeftForShipping, "moon_phase": acp.LeftForOther, "": acp.LeftForOther} {
		r, err := wire.DecodeCancel(v, []byte(`{"intent_trace":{"reason_code":"`+code+`","trace_summary":"x","metadata":{"a":1}}}`))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&acp.IntentTrace{Reason: want, Summary: "x", Metadata: []byte(`{"a":1}`)}, r.Trace); diff != "" {
			t.Errorf("%q (-want +got):\n%s", code, diff)
		}
	}
	if r, err := wire.DecodeCancel(v, []byte(`{}`)); err != nil || r.Trace != nil {
		t.Errorf("%+v %v", r, err)
	}
}

func TestAnAffiliateNeedsAProviderAndATokenOrAPublisher(t *testing.T) {
	for body, param := range map[string]string{
		`{"provider":"p"}`:                                        "$.affiliate_attribution.token",
		`{"publisher_id":"x"}`:                                    "$.affiliate_attribution.provider",
		`{"provider":" ","token":"x"}`:                            "$.affiliate_attribution.provider",
		`{"provider":"p","token":""}`:                             "$.affiliate_attribution.token",
		`{"provider":"p","token":"x","issued_at":"yesterday"}`:    "$.affiliate_attribution.issued_at",
		`{"provider":"p","token":"x","metadata":{"a":{}}}`:        "$.affiliate_attribution.metadata.a",
		`{"provider":"p","token":"x","source":{"type":"dream"}}`:  "$.affiliate_attribution.source.type",
		`{"provider":"p","token":"x","touchpoint":"in_between"}`:  "$.affiliate_attribution.touchpoint",
		`{"provider":"p","token":{"value":"x"},"campaign_id":""}`: "$.affiliate_attribution.token",
	} {
		_, err := wire.DecodeCreate(v, []byte(createWith("affiliate_attribution", body)))
		if e, ok := errors.AsType[*acp.Error](err); !ok || e.Kind != acp.KindInvalid || e.Param != param {
			t.Errorf("%s: %v", body, err)
		}
	}
	r, err := wire.DecodeCreate(v, []byte(createWith("affiliate_attribution",
		`{"provider":"p","token":"t","issued_at":"2026-02-11T11:00:00+01:00","source":{"type":"url","url":"https://x.example/y"},"later":{}}`)))
	if err != nil || r.Attribution.Token.Reveal() != "t" || r.Attribution.IssuedAt.Hour() != 10 || r.Attribution.SourceURL != "https://x.example/y" {
		t.Errorf("%+v %v", r.Attribution, err)
	}
}

// Only the newest date knows consents; each shows the rest in a valid session.
func TestOlderDatesOfferNoConsent(t *testing.T) {
	s := readySession()
	s.Timezone, s.Buyer.Company = "Europe/Paris", "Engines"
	for _, version := range wire.Supported() {
		body, err := wire.EncodeSession(version, wire.View{Session: s, Merchant: withPolicy("https://demo.example.com/privacy"), Language: "ja"})
		if err != nil {
			t.Fatal(err)
		}
		offered := bytes.Contains(body, []byte("marketing_consent_options"))
		if offered != (version == wire.Newest()) {
			t.Errorf("%s: %s", version, body)
		}
		wiretest.Validate(t, string(version.Released()), "CheckoutSession", body)
	}
}
