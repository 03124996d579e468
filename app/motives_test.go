package app

import (
	"html"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// attributed is a purchase that an affiliate led to.
func attributed(body map[string]any, provider, token string) map[string]any {
	body = maps.Clone(body)
	body["affiliate_attribution"] = map[string]any{
		"provider": provider, "token": token, "publisher_id": "pub_" + provider, "campaign_id": "summer",
		"sub_id": "ada@example.com", "source": map[string]any{"type": "url", "url": "https://blog.example/ada"},
		"metadata": map[string]any{"rate": 0.15},
	}
	return body
}

func TestTheOrderTellsWhoLedToItAndWhatTheBuyerAgreedTo(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	got := r.post(t, "/checkout_sessions", attributed(cart(r.item(t), 1), "first.example", "secret_first"))
	var s checkoutSession
	got.decode(t, &s)
	if got.Status != http.StatusCreated || strings.Contains(got.Raw, "first.example") {
		t.Fatalf("create: %d %s", got.Status, got.Raw)
	}
	if !strings.Contains(got.Raw, `"marketing_consent_options":[{"channel":"email","display_text":"News and offers`) {
		t.Errorf("no consent is offered: %s", got.Raw)
	}
	pay := attributed(payment(r.token(t, s.total(), "pm_card_visa")), "last.example", "secret_last")
	pay["marketing_consents"] = []map[string]any{{"channel": "email", "opted_in": true}, {"channel": "carrier_pigeon", "opted_in": true}}
	if got := r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), pay); got.Status != http.StatusOK || got.Body["status"] != "completed" {
		t.Fatalf("complete: %d %s", got.Status, got.Raw)
	}
	r.soldOnce(t, s)
	attributes := map[string]string{}
	for _, a := range r.shop(t).Orders[0].Attributes {
		attributes[a.Key] = a.Value
	}
	for key, want := range map[string]string{
		"acp_session_id": s.ID, "acp_marketing_email": "yes", "acp_marketing_carrier_pigeon": "",
		"acp_affiliate_first_provider": "first.example", "acp_affiliate_first_publisher": "pub_first.example",
		"acp_affiliate_last_provider": "last.example", "acp_affiliate_last_campaign": "summer",
	} {
		if attributes[key] != want {
			t.Errorf("%s is %q, want %q", key, attributes[key], want)
		}
	}
	for key, value := range attributes {
		if strings.Contains(value, "secret") || strings.Contains(value, "ada@") {
			t.Errorf("%s tells %s", key, value)
		}
	}
}

func TestAHandOffCarriesWhoLedToIt(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	body := attributed(cart(r.item(t), 1), "first.example", "secret_first")
	got := r.send(t, http.MethodPost, r.ACPBaseURL+"/checkout_sessions", r.HandoffBearerToken, r.key(), body)
	link, ok := got.Body["continue_url"].(string)
	if !ok || strings.Contains(got.Raw, "marketing_consent_options") {
		t.Fatalf("%d %s", got.Status, got.Raw)
	}
	complete := r.ACPBaseURL + "/checkout_sessions/" + got.Body["id"].(string) + "/complete"
	tried := r.send(t, http.MethodPost, complete, r.HandoffBearerToken, r.key(), attributed(payment("spt_none"), "last.example", "secret_last"))
	if tried.Status != http.StatusOK || tried.Body["status"] != "requires_escalation" {
		t.Fatalf("complete: %d %s", tried.Status, tried.Raw)
	}
	if got := r.send(t, http.MethodGet, link, "", "", nil); got.Status != http.StatusFound {
		t.Fatalf("the link leads to %d %s", got.Status, got.Raw)
	}
	var books struct {
		Drafts []struct {
			Attributes []struct{ Key, Value string } `json:"customAttributes"`
		} `json:"draft_orders"`
	}
	r.send(t, http.MethodGet, r.ShopifyURL+"/_sandbox/state", "", "", nil).decode(t, &books)
	for _, want := range []struct{ Key, Value string }{
		{"acp_session_id", got.Body["id"].(string)},
		{"acp_agent", "Sandbox agent (hands over)"},
		{"acp_affiliate_first_provider", "first.example"},
		{"acp_affiliate_last_provider", "last.example"},
	} {
		if len(books.Drafts) != 1 || !slices.Contains(books.Drafts[0].Attributes, want) {
			t.Errorf("%v is not in %+v", want, books.Drafts)
		}
	}
}

var embedded = regexp.MustCompile(`<iframe[^>]*\ssrc="([^"]+)"`)

// dashboard is the page that staff see in the miniature admin.
func (r *running) dashboard(t *testing.T) string {
	t.Helper()
	frame := embedded.FindStringSubmatch(r.send(t, http.MethodGet, r.AdminURL, "", "", nil).Raw)
	if frame == nil {
		t.Fatal("the admin embeds nothing")
	}
	return r.send(t, http.MethodGet, html.UnescapeString(frame[1]), "", "", nil).Raw
}

func TestTheDashboardTellsWhyBuyersLeft(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	if page := r.dashboard(t); !strings.Contains(page, "No agent has given a reason") {
		t.Error("the list is not empty at first")
	}
	for _, reason := range []string{"shipping_cost", "shipping_cost", "moon_phase"} {
		s := r.payable(t)
		got := r.post(t, "/checkout_sessions/"+s.ID+"/cancel", map[string]any{"intent_trace": map[string]any{
			"reason_code": reason, "trace_summary": "Ten dollars for standard shipping are too much.",
		}})
		if got.Status != http.StatusOK || got.Body["status"] != "canceled" || strings.Contains(got.Raw, "Ten dollars") {
			t.Fatalf("cancel: %d %s", got.Status, got.Raw)
		}
	}
	s := r.payable(t)
	if got := r.post(t, "/checkout_sessions/"+s.ID+"/cancel", map[string]any{"intent_trace": map[string]any{
		"reason_code": "other", "trace_summary": strings.Repeat("x", 501),
	}}); got.Status != http.StatusBadRequest || got.Body["param"] != "$.intent_trace.trace_summary" {
		t.Errorf("a long summary: %d %s", got.Status, got.Raw)
	}
	page := r.dashboard(t)
	for _, row := range []string{"<dt>Shipping too expensive</dt><dd>2</dd>", "<dt>Another reason</dt><dd>1</dd>"} {
		if !strings.Contains(page, row) {
			t.Errorf("lacks %s", row)
		}
	}
	if strings.Contains(page, "Ten dollars") {
		t.Error("the dashboard shows what was said of a buyer")
	}
}
