package stripe_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stripe/stripe-mock/embedded"
	mock "github.com/stripe/stripe-mock/server"
	"github.com/stripe/stripe-mock/spec"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Stripe's own stripe-mock validates requests against Stripe's published
// description of its API, previews included. It keeps no state and declines
// nothing, so it only judges; the stand-in answers.

// asked are the operations that the adapter needs, in Stripe's paths.
var asked = map[spec.Path][]spec.HTTPVerb{
	"/v1/payment_intents":                  {"get", "post"},
	"/v1/payment_intents/search":           {"get"},
	"/v1/payment_intents/{intent}":         {"get"},
	"/v1/payment_intents/{intent}/capture": {"post"},
	"/v1/payment_intents/{intent}/cancel":  {"post"},
	"/v1/refunds":                          {"get", "post"},
	"/v1/disputes":                         {"get"},
	"/v1/shared_payment/granted_tokens/{shared_payment_granted_token}": {"get"},
}

// published builds the validators of those operations, once.
var published = sync.OnceValues(func() (*mock.StubServer, error) {
	described, err := mock.LoadSpec(embedded.BetaOpenAPISpec, "")
	if err != nil {
		return nil, err
	}
	fixtures, err := mock.LoadFixtures(embedded.BetaOpenAPIFixtures, "")
	if err != nil {
		return nil, err
	}
	for path, verbs := range asked {
		for _, verb := range verbs {
			if described.Paths[path][verb] == nil {
				return nil, fmt.Errorf("the description has no %s %s", verb, path)
			}
		}
	}
	maps.DeleteFunc(described.Paths, func(path spec.Path, _ map[spec.HTTPVerb]*spec.Operation) bool { return asked[path] == nil })
	// The description demands payment_method_data.type also beside a shared
	// payment token, whose type Stripe takes from the token: its documentation
	// sends none, and no value of the enumeration fits.
	for _, content := range described.Paths["/v1/payment_intents"]["post"].RequestBody.Content {
		data := content.Schema.Properties["payment_method_data"]
		data.Required = slices.DeleteFunc(data.Required, func(name string) bool { return name == "type" })
	}
	// It cannot make risk details up, and crashes.
	token, known := fixtures.Resources["shared_payment.granted_token"].(map[string]any)
	if !known {
		return nil, errors.New("there is no fixture of a granted token")
	}
	token["risk_details"] = map[string]any{"insights": map[string]any{
		"fraudulent_dispute": map[string]any{"score": 3, "recommended_action": "continue"},
	}}
	return mock.NewStubServer(fixtures, described, false, false)
})

// judge validates every call on its way to the stand-in, and counts the
// operations that were seen.
func judge(t *testing.T, b *bench) (seen map[string]int) {
	t.Helper()
	if testing.Short() {
		t.Skip("reads Stripe's whole description, which takes seconds: not in short mode")
	}
	stripes, err := published()
	if err != nil {
		t.Fatal(err)
	}
	seen = map[string]int{}
	b.answer = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.HasPrefix(r.URL.Path, "/_sandbox/") {
			next.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		copied := r.Clone(r.Context())
		copied.Body, r.Body = io.NopCloser(bytes.NewReader(body)), io.NopCloser(bytes.NewReader(body))
		if code, said := verdict(stripes, copied); code != http.StatusOK {
			t.Errorf("%s %s?%s %s: %d %s", r.Method, r.URL.Path, r.URL.RawQuery, body, code, said)
		}
		seen[r.Method+" "+ids.ReplaceAllString(r.URL.Path, "{id}")]++
		next.ServeHTTP(w, r)
	}
	return seen
}

// verdict is what stripe-mock answers; a crash of it is none in favour.
func verdict(stripes *mock.StubServer, r *http.Request) (code int, said string) {
	defer func() {
		if crash := recover(); crash != nil {
			code, said = 0, fmt.Sprint("stripe-mock crashed: ", crash)
		}
	}()
	w := httptest.NewRecorder()
	stripes.HandleRequest(w, r)
	return w.Code, w.Body.String()
}

var ids = regexp.MustCompile(`(pi|spt)_[a-z0-9]+`)

func TestStripesDescriptionAcceptsWhatIsSent(t *testing.T) {
	b := open(t, withAcquirer)
	seen := judge(t, b)
	token := b.mint(`{"max_amount":5000}`)
	if g, err := b.payments.Inspect(t.Context(), merchant, token); err != nil || len(g.Risks) == 0 {
		t.Fatalf("inspected: %+v %v", g, err)
	}
	p := b.authorize(ask(token))
	proven := ask(b.mint(`{"card":"pm_card_threeDSecure2Required"}`))
	proven.Session, proven.Reference, proven.Key, proven.NoAction = "cs_2", "acp-cs_2-1", "acp:cs_2:1:authorize", true
	proven.Authentication = &acp.Authentication{
		Outcome: "authenticated", Cryptogram: "AbCdEfGhIjKlMnOpQrStUvWxY0=", ECI: "05", TransactionID: "ds-1", Version: "2.2.0",
	}
	held := b.authorize(proven)
	b.clock.advance(2 * time.Minute)
	found, err := b.payments.Find(t.Context(), merchant, "acp-cs_nobody-1") // by search and by list
	if acp.KindOf(err) != acp.KindNotFound {
		t.Fatalf("found %+v %v", found, err)
	}
	_, err = b.payments.Reserved(t.Context(), merchant, b.clock.now().Add(-time.Hour), b.clock.now())
	wantKind(t, err, "")
	_, err = b.payments.Capture(t.Context(), merchant, p)
	wantKind(t, err, "")
	_, err = b.payments.Void(t.Context(), merchant, held)
	wantKind(t, err, "")
	_, err = b.payments.Refund(t.Context(), merchant, p, back("r1", 1000))
	wantKind(t, err, "")
	_, err = b.payments.Read(t.Context(), merchant, p.ProviderID)
	wantKind(t, err, "")
	for path, verbs := range asked {
		for _, verb := range verbs {
			operation := strings.ToUpper(string(verb)) + " " + pathParameter.ReplaceAllString(string(path), "{id}")
			if seen[operation] == 0 {
				t.Errorf("%s was not sent; sent were %v", operation, slices.Sorted(maps.Keys(seen)))
			}
			delete(seen, operation)
		}
	}
	if len(seen) != 0 {
		t.Errorf("sent beside what is listed: %v", seen)
	}
}

var pathParameter = regexp.MustCompile(`\{[a-z_]+\}`)

// The gate can fail: what Stripe does not know is refused.
func TestStripesDescriptionRefusesWhatItDoesNotKnow(t *testing.T) {
	if testing.Short() {
		t.Skip("reads Stripe's whole description, which takes seconds: not in short mode")
	}
	stripes, err := published()
	if err != nil {
		t.Fatal(err)
	}
	good := url.Values{
		"amount": {"4900"}, "currency": {"usd"}, "confirm": {"true"}, "capture_method": {"manual"},
		"payment_method_data[shared_payment_granted_token]": {"spt_1"},
	}
	for name, c := range map[string]struct {
		field, value string
		status       int
	}{
		"as it is sent":               {"capture_method", "manual", http.StatusOK},
		"a field of an older preview": {"shared_payment_granted_token", "spt_1", http.StatusBadRequest},
		"a misspelt field":            {"reciept_email", "jane@example.com", http.StatusBadRequest},
		"a value that is none":        {"capture_method", "later", http.StatusBadRequest},
		"an amount that is no number": {"amount", "49.00", http.StatusBadRequest},
		"a token's type":              {"payment_method_data[type]", "card", http.StatusBadRequest},
	} {
		form := maps.Clone(good)
		form.Set(c.field, c.value)
		r := httptest.NewRequest(http.MethodPost, "/v1/payment_intents", strings.NewReader(form.Encode()))
		r.Header.Set("Authorization", "Bearer sk_test_123")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if code, said := verdict(stripes, r); code != c.status {
			t.Errorf("%s: %d %.300s", name, code, said)
		}
	}
}
