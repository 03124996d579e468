package handlers_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/handlers"
)

// Each test here is a sentence of section 6 of the checkout RFC; the numbers
// are its subsections.

func Test61EveryPOSTNeedsAKey(t *testing.T) {
	b := open(t)
	s := b.created()
	at := sessions + "/" + s.ID
	for _, path := range []string{sessions, at, at + "/complete", at + "/cancel"} {
		for name, key := range map[string]string{"no key": "", "too long": strings.Repeat("é", 256), "no text": "\xff\xfe"} {
			w := b.agent(http.MethodPost, path, `{}`, "Idempotency-Key", key)
			wantStatus(t, w, http.StatusBadRequest)
			e := decoded[errorBody](t, w)
			if e.Type != "invalid_request" || e.Code != "idempotency_key_required" || !strings.Contains(e.Message, "UUID") {
				t.Errorf("%s on %s: %+v", name, path, e)
			}
		}
	}
}

func Test61AKeyIsAnyTextOfUpTo255Characters(t *testing.T) {
	b := open(t)
	for _, key := range []string{"k", strings.Repeat("k", 255), strings.Repeat("é", 255), "a key; with = odd, signs"} {
		w := b.agent(http.MethodPost, sessions, oneScarf, "Idempotency-Key", key)
		wantStatus(t, w, http.StatusCreated)
		if w.Header().Get("Idempotency-Key") != key {
			t.Errorf("%q comes back as %q", key, w.Header().Get("Idempotency-Key"))
		}
	}
	r := b.agent(http.MethodPost, sessions, oneScarf, "Idempotency-Key", "K")
	wantStatus(t, r, http.StatusCreated)
	if r.Header().Get("Idempotent-Replayed") != "" {
		t.Error("keys that differ in case count as one")
	}
}

func Test61AKeyThatIsSentTwiceIsRefused(t *testing.T) {
	b := open(t)
	w := b.request(http.MethodPost, sessions, oneScarf, func(r *http.Request) { r.Header["Idempotency-Key"] = []string{"one", "two"} })
	wantStatus(t, w, http.StatusBadRequest)
}

func Test61AKeyIsScopedToWhoCallsAndWhere(t *testing.T) {
	b := open(t)
	other := must(b.access.Connect(t.Context(), b.merchant(), acp.NewConnection{Name: "Helm", Completion: acp.HandOff}))
	first := b.agent(http.MethodPost, sessions, oneScarf, keyed...)
	wantStatus(t, first, http.StatusCreated)
	second := b.agent(http.MethodPost, sessions, scarfInUSA, append(keyed, "Authorization", "Bearer "+other.BearerToken.Reveal())...)
	wantStatus(t, second, http.StatusCreated)
	at := sessions + "/" + decoded[sessionBody](t, first).ID
	wantStatus(t, b.agent(http.MethodPost, at, scarfUpdate, keyed...), http.StatusOK)
	wantStatus(t, b.agent(http.MethodPost, at+"/cancel", "", keyed...), http.StatusOK)
}

func Test62EquivalenceIsOfTheBodyOnly(t *testing.T) {
	const body = `{"currency":"usd","line_items":[{"id":"101","quantity":1},{"id":"101","quantity":2}],"capabilities":{}}`
	for name, test := range map[string]struct {
		body    string
		headers []string
		same    bool
	}{
		"another order of members": {`{"capabilities":{},"line_items":[{"quantity":1,"id":"101"},{"quantity":2,"id":"101"}],"currency":"usd"}`, nil, true},
		"trailing zeros":           {strings.NewReplacer(`:1}`, `:1.0}`, `:2}`, `:0.2e1}`).Replace(body), nil, true},
		"white space":              {" " + strings.ReplaceAll(body, ",", " ,\n"), nil, true},
		"escapes":                  {strings.ReplaceAll(body, "usd", `\u0075sd`), nil, true},
		"other headers":            {body, []string{"Accept-Language", "fr", "User-Agent", "other", "Request-Id", "r2", "Timestamp", "x", "Signature", "y"}, true},
		"null where nothing was":   {strings.Replace(body, `{"currency"`, `{"buyer":null,"currency"`, 1), nil, false},
		"another order of a list":  {strings.NewReplacer(`:1}`, `:2}`, `:2}`, `:1}`).Replace(body), nil, false},
		"text instead of a number": {strings.Replace(body, `:1}`, `:"1"}`, 1), nil, false},
		"a member of an extension": {strings.Replace(body, `{"currency"`, `{"discounts":{"codes":["A"]},"currency"`, 1), nil, false}, // 6.7
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t)
			first := b.agent(http.MethodPost, sessions, body, keyed...)
			wantStatus(t, first, http.StatusCreated)
			again := b.agent(http.MethodPost, sessions, test.body, append(keyed, test.headers...)...)
			replayed := again.Header().Get("Idempotent-Replayed") == "true" && again.Body.String() == first.Body.String()
			if test.same && (again.Code != http.StatusCreated || !replayed) {
				t.Errorf("is another request: %d %s", again.Code, again.Body)
			}
			if !test.same && (again.Code != http.StatusUnprocessableEntity || decoded[errorBody](t, again).Code != "idempotency_conflict") {
				t.Errorf("is the same request: %d %s", again.Code, again.Body)
			}
		})
	}
}

func Test63TheOriginalAnswerIsReplayedOnEveryOperation(t *testing.T) {
	b := open(t)
	s := b.created()
	at := sessions + "/" + s.ID
	complete := `{"buyer":{"email":"ada@example.com"},"payment_data":{"handler_id":"x","instrument":{"type":"card","credential":{"type":"spt","token":"spt_1"}}}}`
	for _, step := range []struct {
		name, path, body string
		status           int
	}{
		{"create", sessions, oneScarf, http.StatusCreated},
		{"update", at, scarfUpdate, http.StatusOK},
		{"complete", at + "/complete", complete, http.StatusOK},
		{"cancel", at + "/cancel", "", http.StatusOK},
		{"refused update", at, scarfUpdate, http.StatusBadRequest},
		{"unknown session", sessions + "/cs_none", scarfUpdate, http.StatusNotFound},
		{"cancel of a canceled session", at + "/cancel", `{}`, http.StatusMethodNotAllowed},
	} {
		key := []string{"Idempotency-Key", step.name}
		first := b.agent(http.MethodPost, step.path, step.body, key...)
		wantStatus(t, first, step.status)
		quotes := b.shop.quotes
		b.clock.advance(time.Minute)
		again := b.agent(http.MethodPost, step.path, step.body, key...)
		wantStatus(t, again, step.status)
		if again.Body.String() != first.Body.String() || again.Header().Get("Idempotent-Replayed") != "true" {
			t.Errorf("%s: %v %s, first it was %s", step.name, again.Header(), again.Body, first.Body)
		}
		for _, name := range []string{"Content-Type", "API-Version", "Idempotency-Key", "Cache-Control", "Allow"} {
			if again.Header().Get(name) != first.Header().Get(name) {
				t.Errorf("%s: %s is %q, first it was %q", step.name, name, again.Header().Get(name), first.Header().Get(name))
			}
		}
		if b.shop.quotes != quotes {
			t.Errorf("%s was carried out again", step.name)
		}
	}
}

func Test63AReplaySaysInWhichVersionItIs(t *testing.T) {
	versions := wire.SupportedNewestFirst()
	if len(versions) < 2 {
		t.Skip("there is one version only")
	}
	b := open(t)
	at := sessions + "/" + b.created().ID + "/cancel"
	first := b.agent(http.MethodPost, at, "", append(keyed, "API-Version", versions[1])...)
	wantStatus(t, first, http.StatusOK)
	again := b.agent(http.MethodPost, at, "", append(keyed, "API-Version", versions[0])...)
	if again.Body.String() != first.Body.String() || again.Header().Get("API-Version") != versions[1] {
		t.Errorf("%s: %s", again.Header().Get("API-Version"), again.Body)
	}
}

func Test64AConflictIsPermanentAndTheFirstAnswerStays(t *testing.T) {
	b := open(t)
	first := b.agent(http.MethodPost, sessions, oneScarf, keyed...)
	for range 2 {
		w := b.agent(http.MethodPost, sessions, scarfInUSA, keyed...)
		wantStatus(t, w, http.StatusUnprocessableEntity)
		if e := decoded[errorBody](t, w); e.Type != "invalid_request" || e.Code != "idempotency_conflict" || w.Header().Get("Retry-After") != "" {
			t.Errorf("%+v %v", e, w.Header())
		}
	}
	if again := b.agent(http.MethodPost, sessions, oneScarf, keyed...); again.Body.String() != first.Body.String() {
		t.Errorf("then the first request is answered %s", again.Body)
	}
}

func Test64AConflictIsToldWhileTheFirstRequestRuns(t *testing.T) {
	b := open(t)
	first, release := b.slow()
	wantStatus(t, b.agent(http.MethodPost, sessions, scarfInUSA, keyed...), http.StatusUnprocessableEntity)
	w := b.agent(http.MethodPost, sessions, oneScarf, keyed...)
	wantStatus(t, w, http.StatusConflict)
	e := decoded[errorBody](t, w)
	if e.Type != "invalid_request" || e.Code != "idempotency_in_flight" || w.Header().Get("Retry-After") != "2" {
		t.Errorf("%+v %v", e, w.Header())
	}
	release()
	<-first
}

func Test65AFailureOfOursIsNeverKept(t *testing.T) {
	b := open(t)
	for _, failure := range []error{
		&acp.Error{Kind: acp.KindUnavailable, Message: "down"}, &acp.Error{Kind: acp.KindUnknown, Message: "lost"},
		&acp.Error{Kind: acp.KindThrottled, Message: "busy"}, errors.New("defect"),
	} {
		b.shop.failing("quote", failure)
		w := b.agent(http.MethodPost, sessions, oneScarf, keyed...)
		if w.Code < 500 || w.Header().Get("Idempotent-Replayed") != "" {
			t.Errorf("%v: %d %s", failure, w.Code, w.Body)
		}
	}
	b.shop.failing("quote", nil)
	w := b.agent(http.MethodPost, sessions, oneScarf, keyed...)
	wantStatus(t, w, http.StatusCreated)
	if w.Header().Get("Idempotent-Replayed") != "" {
		t.Error("the first success says that it is a replay")
	}
}

func Test66AnAnswerIsKeptFor24HoursAndThenForgotten(t *testing.T) {
	b := open(t)
	first, release := b.slow()
	b.clock.advance(20 * time.Second) // the time counts from the answer
	release()
	original := <-first
	b.clock.advance(24*time.Hour - time.Second)
	w := b.agent(http.MethodPost, sessions, oneScarf, keyed...)
	if w.Header().Get("Idempotent-Replayed") != "true" || w.Body.String() != original.Body.String() {
		t.Errorf("forgotten early: %v %s", w.Header(), w.Body)
	}
	b.clock.advance(2 * time.Second)
	other := b.agent(http.MethodPost, sessions, scarfInUSA, keyed...)
	wantStatus(t, other, http.StatusCreated)
	if other.Header().Get("Idempotent-Replayed") != "" {
		t.Error("a new request with an expired key is answered from memory")
	}
}

func TestTheKeyAndTheRequestAreNamedOnEveryAnswer(t *testing.T) {
	b := open(t, func(c *handlers.Config) { c.PerConnection = handlers.Rate{PerSecond: 1, Burst: 8} })
	big := `{"currency":"` + strings.Repeat("u", 70<<10) + `"}`
	for _, test := range []struct {
		name, path, body string
		headers          []string
		status           int
	}{
		{"no bearer", sessions, oneScarf, []string{"Authorization", ""}, 401},
		{"unknown path", "/acp/nothing", oneScarf, nil, 404},
		{"unknown session", sessions + "/cs_none", scarfUpdate, nil, 404},
		{"trailing slash", sessions + "/cs_1/cancel/", "", nil, 404},
		{"unknown version", sessions, oneScarf, []string{"API-Version", "1999-01-01"}, 400},
		{"no version", sessions, oneScarf, []string{"API-Version", ""}, 400},
		{"no JSON", sessions, oneScarf, []string{"Content-Type", "text/plain"}, 415},
		{"large body", sessions, big, nil, 413},
		{"malformed", sessions, `{`, nil, 400},
		{"refused", sessions, strings.Replace(oneScarf, "usd", "eur", 1), nil, 400},
		{"created", sessions, oneScarf, nil, 201},
		{"too often", sessions, oneScarf, nil, 429},
	} {
		w := b.agent(http.MethodPost, test.path, test.body, append([]string{"Idempotency-Key", "key of " + test.name, "Request-Id", "r-1"}, test.headers...)...)
		if w.Code != test.status {
			t.Errorf("%s: %d %s", test.name, w.Code, w.Body)
		}
		h := w.Header()
		if h.Get("Idempotency-Key") != "key of "+test.name || h.Get("Request-Id") != "r-1" || h.Get("API-Version") != "2026-04-17" {
			t.Errorf("%s: headers %v", test.name, h)
		}
	}
}
