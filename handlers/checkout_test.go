package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

const (
	sessions   = "/acp/checkout_sessions"
	oneScarf   = `{"currency":"usd","line_items":[{"id":"101"}],"capabilities":{}}`
	scarfInUSA = `{"currency":"usd","line_items":[{"id":"101"}],"capabilities":{},"fulfillment_details":{"name":"Ada","email":"ada@example.com",` +
		`"address":{"name":"Ada","line_one":"1 Main St","city":"Austin","state":"TX","country":"US","postal_code":"78701"}}}`
)

type sessionBody struct {
	ID          string `json:"id"`
	Status      string `json:"status"`
	ContinueURL string `json:"continue_url"`
	Messages    []struct {
		Type string `json:"type"`
		Code string `json:"code"`
	} `json:"messages"`
	Options []struct {
		ID string `json:"id"`
	} `json:"fulfillment_options"`
}

type errorBody struct {
	Type     string   `json:"type"`
	Code     string   `json:"code"`
	Message  string   `json:"message"`
	Param    string   `json:"param"`
	Versions []string `json:"supported_versions"`
}

func decoded[T any](t *testing.T, w *httptest.ResponseRecorder) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatalf("%d %q: %v", w.Code, w.Body, err)
	}
	return v
}

func wantStatus(t *testing.T, w *httptest.ResponseRecorder, status int) {
	t.Helper()
	if w.Code != status {
		t.Fatalf("status %d, want %d: %s", w.Code, status, w.Body)
	}
}

func (b *bridge) created() sessionBody {
	b.t.Helper()
	w := b.agent(http.MethodPost, sessions, scarfInUSA)
	wantStatus(b.t, w, http.StatusCreated)
	return decoded[sessionBody](b.t, w)
}

func TestAnAgentOpensChangesReadsAndCancelsASession(t *testing.T) {
	b := open(t)
	s := b.created()
	if s.Status != "requires_escalation" || !strings.HasPrefix(s.ContinueURL, publicURL+"/go/") || len(s.Options) != 2 {
		t.Fatalf("created %+v", s)
	}
	w := b.agent(http.MethodPost, sessions+"/"+s.ID, `{"selected_fulfillment_options":[{"type":"shipping","option_id":"express","item_ids":["101"]}]}`)
	wantStatus(t, w, http.StatusOK)
	w = b.agent(http.MethodGet, sessions+"/"+s.ID, "")
	wantStatus(t, w, http.StatusOK)
	if decoded[sessionBody](t, w).ContinueURL != s.ContinueURL {
		t.Errorf("read %s", w.Body)
	}
	w = b.agent(http.MethodPost, sessions+"/"+s.ID+"/complete",
		`{"buyer":{"email":"ada@example.com"},"payment_data":{"handler_id":"x","instrument":{"type":"card","credential":{"type":"spt","token":"spt_1"}}}}`)
	wantStatus(t, w, http.StatusOK)
	if got := decoded[sessionBody](t, w).Status; got != "requires_escalation" {
		t.Errorf("a handed-over session completes as %s", got)
	}
	w = b.agent(http.MethodPost, sessions+"/"+s.ID+"/cancel", "")
	wantStatus(t, w, http.StatusOK)
	if got := decoded[sessionBody](t, w).Status; got != "canceled" {
		t.Errorf("canceled reads %s", got)
	}
	w = b.agent(http.MethodPost, sessions+"/"+s.ID+"/cancel", "")
	wantStatus(t, w, http.StatusMethodNotAllowed)
	if w.Header().Get("Allow") == "" {
		t.Error("405 without Allow")
	}
	wantStatus(t, b.agent(http.MethodPost, sessions+"/"+s.ID, scarfUpdate), http.StatusBadRequest)
}

const scarfUpdate = `{"line_items":[{"id":"101","quantity":2}]}`

func TestBadInputIsRefusedWithItsPlace(t *testing.T) {
	quantity := func(q string) string {
		return `{"currency":"usd","line_items":[{"id":"101","quantity":` + q + `}],"capabilities":{}}`
	}
	for name, test := range map[string]struct {
		body        string
		headers     []string
		status      int
		code, param string
	}{
		"unknown item":         {body: strings.Replace(oneScarf, "101", "999", 1), status: 400, code: "invalid", param: "$.line_items[0].id"},
		"quantity of zero":     {body: quantity("0"), status: 400, param: "$.line_items[0].quantity"},
		"negative quantity":    {body: quantity("-1"), status: 400, param: "$.line_items[0].quantity"},
		"absurd quantity":      {body: quantity("99999999"), status: 400, param: "$.line_items[0].quantity"},
		"fractional quantity":  {body: quantity("1.5"), status: 400, param: "$.line_items[0].quantity"},
		"malformed JSON":       {body: `{"currency":`, status: 400},
		"no body":              {body: "", status: 400},
		"two bodies":           {body: oneScarf + oneScarf, status: 400},
		"unknown member":       {body: strings.Replace(oneScarf, `"currency"`, `"surprise":1,"currency"`, 1), status: 400, param: "$.surprise"},
		"other currency":       {body: strings.Replace(oneScarf, "usd", "eur", 1), status: 400, param: "$.currency"},
		"body over 64 KB":      {body: `{"order_notes":"` + strings.Repeat("x", 64<<10) + `"}`, status: 413, code: "request_too_large"},
		"form":                 {body: "a=b", headers: []string{"Content-Type", "application/x-www-form-urlencoded"}, status: 415},
		"no bearer":            {body: oneScarf, headers: []string{"Authorization", ""}, status: 401, code: "unauthorized"},
		"wrong bearer":         {body: oneScarf, headers: []string{"Authorization", "Bearer acpb_wrong"}, status: 401, code: "unauthorized"},
		"wrong scheme":         {body: oneScarf, headers: []string{"Authorization", "Basic acpb_wrong"}, status: 401, code: "unauthorized"},
		"no version":           {body: oneScarf, headers: []string{"API-Version", ""}, status: 400, code: "missing_api_version"},
		"unknown version":      {body: oneScarf, headers: []string{"API-Version", "2020-01-01"}, status: 400, code: "unsupported_api_version"},
		"no idempotency key":   {body: oneScarf, headers: []string{"Idempotency-Key", ""}, status: 400, code: "idempotency_key_required"},
		"endless key":          {body: oneScarf, headers: []string{"Idempotency-Key", strings.Repeat("k", 256)}, status: 400, code: "idempotency_key_required"},
		"number beyond 2^53":   {body: quantity("9007199254740993"), status: 400},
		"item without an id":   {body: `{"currency":"usd","line_items":[{"quantity":1}],"capabilities":{}}`, status: 400, param: "$.line_items[0].id"},
		"nothing in the cart":  {body: `{"currency":"usd","line_items":[],"capabilities":{}}`, status: 400, param: "$.line_items"},
		"unknown currency":     {body: strings.Replace(oneScarf, "usd", "xyz", 1), status: 400, param: "$.currency"},
		"an array, not a cart": {body: `[]`, status: 400},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t)
			w := b.agent(http.MethodPost, sessions, test.body, append([]string{"Request-Id", "req-7"}, test.headers...)...)
			wantStatus(t, w, test.status)
			e := decoded[errorBody](t, w)
			if e.Type != "invalid_request" || e.Code == "" || e.Message == "" || (test.code != "" && e.Code != test.code) {
				t.Errorf("error %+v", e)
			}
			if test.param != "" && e.Param != test.param {
				t.Errorf("param %q, want %q", e.Param, test.param)
			}
			if w.Header().Get("Request-Id") != "req-7" || w.Header().Get("API-Version") != "2026-04-17" {
				t.Errorf("headers %v", w.Header())
			}
			if test.status == 401 && w.Header().Get("WWW-Authenticate") == "" {
				t.Error("401 without WWW-Authenticate")
			}
			if strings.HasSuffix(e.Code, "_api_version") && len(e.Versions) == 0 {
				t.Error("no supported_versions")
			}
		})
	}
}

func TestAMissingKeyIsExplainedToALanguageModel(t *testing.T) {
	w := open(t).agent(http.MethodPost, sessions, oneScarf, "Idempotency-Key", "")
	if m := decoded[errorBody](t, w).Message; !strings.Contains(m, "Idempotency-Key") || !strings.Contains(m, "UUID") {
		t.Errorf("message %q", m)
	}
}

func TestAnAddressThatCannotBeShippedToIsAMessage(t *testing.T) {
	b := open(t)
	w := b.agent(http.MethodPost, sessions, strings.Replace(scarfInUSA, `"country":"US"`, `"country":"FR"`, 1))
	wantStatus(t, w, http.StatusCreated)
	s := decoded[sessionBody](t, w)
	if len(s.Messages) == 0 || s.Messages[0].Code != "region_restricted" {
		t.Errorf("messages %+v", s.Messages)
	}
}

func TestASessionOfAnotherConnectionDoesNotExist(t *testing.T) {
	b := open(t)
	s := b.created()
	other := must(b.access.Connect(t.Context(), b.merchant(), acp.NewConnection{Name: "Other", Completion: acp.HandOff}))
	for _, w := range []*httptest.ResponseRecorder{
		b.agent(http.MethodGet, sessions+"/"+s.ID, "", "Authorization", "Bearer "+other.BearerToken.Reveal()),
		b.agent(http.MethodGet, sessions+"/cs_unknown", ""),
		b.agent(http.MethodPost, sessions+"/cs_unknown/cancel", ""),
	} {
		wantStatus(t, w, http.StatusNotFound)
		if e := decoded[errorBody](t, w); e.Type != "invalid_request" || e.Code != "not_found" {
			t.Errorf("error %+v", e)
		}
	}
}

func TestWhatTheShopAnswersBecomesAStatus(t *testing.T) {
	for name, test := range map[string]struct {
		err     error
		status  int
		kind    string
		shown   string
		waiting bool
	}{
		"throttled":        {err: &acp.Error{Kind: acp.KindThrottled, Message: "inside"}, status: 503, kind: "service_unavailable", waiting: true},
		"unreachable":      {err: &acp.Error{Kind: acp.KindUnavailable, Message: "inside"}, status: 503, kind: "service_unavailable", waiting: true},
		"outcome unknown":  {err: &acp.Error{Kind: acp.KindUnknown, Message: "inside"}, status: 503, kind: "service_unavailable", waiting: true},
		"access gone":      {err: &acp.Error{Kind: acp.KindReauthorize, Message: "inside"}, status: 503, kind: "service_unavailable", waiting: true},
		"refused":          {err: &acp.Error{Kind: acp.KindRefused, Message: "the shop says no"}, status: 400, kind: "invalid_request", shown: "the shop says no"},
		"defect":           {err: &acp.Error{Kind: acp.KindInternal, Message: "inside"}, status: 500, kind: "processing_error"},
		"error without us": {err: http.ErrBodyNotAllowed, status: 500, kind: "processing_error"},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t)
			b.shop.failing("quote", test.err)
			w := b.agent(http.MethodPost, sessions, oneScarf, "Request-Id", "req-7")
			wantStatus(t, w, test.status)
			e := decoded[errorBody](t, w)
			if e.Type != test.kind || !strings.Contains(e.Message, test.shown) || strings.Contains(w.Body.String(), "inside") {
				t.Errorf("error %+v", e)
			}
			if (w.Header().Get("Retry-After") != "") != test.waiting {
				t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
			}
			if test.status == 500 && !strings.Contains(e.Message, "req-7") {
				t.Errorf("message %q does not name the request", e.Message)
			}
		})
	}
}
