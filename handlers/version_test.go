package handlers_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/acp/wire/wiretest"
)

const postal = `{"name":"Ada","line_one":"1 Main St","city":"Austin","state":"TX","country":"US","postal_code":"78701"}`

// scarfIn is a body that opens a session with an address, in the names of a
// date.
func scarfIn(v wire.Version, quantity string) string {
	switch {
	case v.Before(wire.V20251212):
		return fmt.Sprintf(`{"items":[{"id":"101","quantity":%s}],"fulfillment_address":%s}`, quantity, postal)
	case v.Before(wire.V20260130):
		return fmt.Sprintf(`{"items":[{"id":"101","quantity":%s}],"fulfillment_details":{"address":%s}}`, quantity, postal)
	default:
		return fmt.Sprintf(`{"currency":"usd","capabilities":{},"line_items":[{"id":"101","quantity":%s}],"fulfillment_details":{"address":%s}}`, quantity, postal)
	}
}

// spoken are all dates, with the name that OpenAI has for the first.
func spoken() []wire.Version { return append(wire.Supported(), wire.V20250912) }

func TestASessionOpenedInOneDateReadsInAnyOther(t *testing.T) {
	b := open(t)
	for _, opened := range spoken() {
		w := b.agent(http.MethodPost, sessions, scarfIn(opened, "2"), "API-Version", string(opened))
		wantStatus(t, w, http.StatusCreated)
		path := sessions + "/" + decoded[sessionBody](t, w).ID
		for _, read := range spoken() {
			w := b.agent(http.MethodGet, path, "", "API-Version", string(read))
			wantStatus(t, w, http.StatusOK)
			if got := w.Header().Get("API-Version"); got != string(read) {
				t.Errorf("asked for %s, answered in %s", read, got)
			}
			wiretest.Validate(t, string(read.Released()), "CheckoutSession", w.Body.Bytes())
			s := decoded[sessionBody](t, w)
			escalated := s.Status == "requires_escalation" && s.ContinueURL != ""
			told := s.Status == "not_ready_for_payment" && strings.Contains(w.Body.String(), "own checkout: "+publicURL+"/go/")
			if len(s.Options) != 2 || (read.Before(wire.V20260130) && !told) || (!read.Before(wire.V20260130) && !escalated) {
				t.Errorf("opened in %s, read in %s: %s", opened, read, w.Body)
			}
		}
	}
}

func TestAnOptionIsChosenInTheWordsOfEachDate(t *testing.T) {
	b := open(t)
	path := sessions + "/" + b.created().ID
	for i, v := range spoken() {
		option := []string{"express", "standard"}[i%2]
		body := fmt.Sprintf(`{"selected_fulfillment_options":[{"type":"shipping","option_id":%q,"item_ids":["101"]}]}`, option)
		switch {
		case v.Before(wire.V20251212):
			body = fmt.Sprintf(`{"fulfillment_option_id":%q}`, option)
		case v.Before(wire.V20260130):
			body = fmt.Sprintf(`{"selected_fulfillment_options":[{"type":"shipping","shipping":{"option_id":%q,"item_ids":["101"]}}]}`, option)
		}
		wantStatus(t, b.agent(http.MethodPost, path, body, "API-Version", string(v)), http.StatusOK)
		w := b.agent(http.MethodGet, path, "", "API-Version", "2025-09-29")
		if !strings.Contains(w.Body.String(), fmt.Sprintf(`"fulfillment_option_id":%q`, option)) {
			t.Errorf("%s chose %s: %s", v, option, w.Body)
		}
	}
}

func TestARefusalNamesTheMembersOfTheAskedDate(t *testing.T) {
	b := open(t)
	path := sessions + "/" + b.created().ID
	for _, v := range spoken() {
		items, option := "line_items", "$.selected_fulfillment_options[0].option_id"
		chosen := `{"selected_fulfillment_options":[{"type":"shipping","option_id":"x","item_ids":[]}]}`
		switch {
		case v.Before(wire.V20251212):
			items, option, chosen = "items", "$.fulfillment_option_id", `{"fulfillment_option_id":"x"}`
		case v.Before(wire.V20260130):
			items, option = "items", "$.selected_fulfillment_options[0]"
			chosen = `{"selected_fulfillment_options":[{"type":"shipping","shipping":{"option_id":"x","item_ids":[]}}]}`
		}
		for body, c := range map[string]struct{ path, param string }{
			scarfIn(v, "0"):     {sessions, "$." + items + "[0].quantity"}, // said by the domain
			scarfIn(v, "1.5"):   {sessions, "$." + items + "[0].quantity"}, // said by the decoder
			scarfIn(v, "10000"): {sessions, "$." + items + "[0].quantity"}, // said by the domain
			strings.Replace(scarfIn(v, "1"), "101", "7", 1): {sessions, "$." + items + "[0].id"},
			chosen: {path, option},
		} {
			w := b.agent(http.MethodPost, c.path, body, "API-Version", string(v))
			wantStatus(t, w, http.StatusBadRequest)
			wiretest.Validate(t, string(v.Released()), "Error", w.Body.Bytes())
			if e := decoded[errorBody](t, w); e.Param != c.param || w.Header().Get("API-Version") != string(v) {
				t.Errorf("%s: %+v", v, e)
			}
		}
	}
}

func TestAReusedKeyIsToldAsItsDateTellsIt(t *testing.T) {
	b := open(t)
	for v, want := range map[wire.Version]struct {
		status int
		kind   string
	}{
		wire.V20250912: {http.StatusConflict, "request_not_idempotent"},
		wire.V20250929: {http.StatusConflict, "request_not_idempotent"},
		wire.V20251212: {http.StatusConflict, "request_not_idempotent"},
		wire.V20260116: {http.StatusConflict, "request_not_idempotent"},
		wire.V20260130: {http.StatusUnprocessableEntity, "request_not_idempotent"},
		wire.V20260417: {http.StatusUnprocessableEntity, "invalid_request"},
	} {
		headers := []string{"API-Version", string(v), "Idempotency-Key", "key-of-" + string(v)}
		wantStatus(t, b.agent(http.MethodPost, sessions, scarfIn(v, "1"), headers...), http.StatusCreated)
		w := b.agent(http.MethodPost, sessions, scarfIn(v, "2"), headers...)
		wantStatus(t, w, want.status)
		wiretest.Validate(t, string(v.Released()), "Error", w.Body.Bytes())
		if e := decoded[errorBody](t, w); e.Type != want.kind || e.Code != "idempotency_conflict" {
			t.Errorf("%s: %+v", v, e)
		}
	}
}

// Nobody is guessed a version for, and even the refusal can be read.
func TestADateThatIsMissingOrUnknownIsRefusedWithTheOnesToChooseFrom(t *testing.T) {
	b := open(t)
	newestFirst := []string{"2026-04-17", "2026-01-30", "2026-01-16", "2025-12-12", "2025-09-29"}
	for asked, code := range map[string]string{
		"": "missing_api_version", "2025-09-13": "unsupported_api_version", "unreleased": "unsupported_api_version", "v1": "unsupported_api_version",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			path := sessions
			if method == http.MethodGet {
				path += "/cs_1"
			}
			w := b.agent(method, path, oneScarf, "API-Version", asked)
			wantStatus(t, w, http.StatusBadRequest)
			wiretest.Validate(t, "2026-04-17", "Error", w.Body.Bytes())
			e := decoded[errorBody](t, w)
			if e.Code != code || !slices.Equal(e.Versions, newestFirst) || w.Header().Get("API-Version") != "2026-04-17" {
				t.Errorf("%s %q: %+v", method, asked, e)
			}
		}
	}
}
