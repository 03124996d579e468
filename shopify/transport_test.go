package shopify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify"
	"github.com/acp-bridge/acp-bridge/shopify/schema"
)

var merchant = acp.Merchant{ID: "m_1", Shop: testShop, Profile: acp.Profile{Currency: "usd"}}

// script answers GraphQL calls one after the other; the last answer repeats.
type script struct {
	mu      sync.Mutex
	answers []http.HandlerFunc
	calls   []sentCall
}

type sentCall struct{ operation, body, token string }

// sent is what has arrived so far.
func (s *script) sent() []sentCall {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var call struct {
		Query string `json:"query"`
	}
	_ = json.Unmarshal(body, &call)
	name := ""
	if fields := strings.Fields(call.Query); len(fields) > 1 {
		name, _, _ = strings.Cut(fields[1], "(")
	}
	s.mu.Lock()
	s.calls = append(s.calls, sentCall{name, string(body), r.Header.Get("X-Shopify-Access-Token")})
	answer := s.answers[0]
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	s.mu.Unlock()
	answer(w, r)
}

func body(status int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-Id", "req-1")
		w.Header().Set("X-Shopify-API-Version", schema.APIVersion)
		w.WriteHeader(status)
		fmt.Fprint(w, text)
	}
}

func drop(w http.ResponseWriter, _ *http.Request) { hangUp(w) }

// half promises more than it sends.
func half(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "500")
	fmt.Fprint(w, `{"data":{`)
}

const (
	goodOrder = `{"data":{"orderCancel":{"job":{"id":"gid://shopify/Job/1","done":false},"orderCancelUserErrors":[]}}}`
	noDrafts  = `{"data":{"draftOrders":{"nodes":[]}}}`
	throttled = `{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],"extensions":{"cost":{"requestedQueryCost":300,` +
		`"throttleStatus":{"maximumAvailable":2000.0,"currentlyAvailable":50,"restoreRate":100.0}}}}`
	denied    = `{"data":{"orderCancel":null},"errors":[{"message":"Access denied for orderCancel field.","path":["orderCancel"],"extensions":{"code":"ACCESS_DENIED"}}]}`
	halfReady = `{"data":{"orderCancel":{"job":null,"orderCancelUserErrors":[]}},"errors":[{"message":"Access denied","path":["orderCancel","job"],"extensions":{"code":"ACCESS_DENIED"}}]}`
)

// A read (search of drafts) and a change (cancel) meet the same failures.
func TestFailuresAreToldApartByWhatMayHaveHappened(t *testing.T) {
	for name, try := range map[string]struct {
		answer       http.HandlerFunc
		read, change acp.Kind
		readCalls    int
		changeCalls  int
	}{
		"dropped":               {drop, acp.KindUnavailable, acp.KindUnknown, 4, 1},
		"cut off":               {half, acp.KindUnavailable, acp.KindUnknown, 4, 1},
		"html 502":              {body(502, "<html>"), acp.KindUnavailable, acp.KindUnknown, 4, 1},
		"503":                   {body(503, ""), acp.KindUnavailable, acp.KindUnknown, 4, 1},
		"504":                   {body(504, ""), acp.KindUnavailable, acp.KindUnknown, 4, 1},
		"json 500":              {body(500, `{"errors":"Internal Server Error"}`), acp.KindUnavailable, acp.KindUnknown, 4, 1},
		"garbage":               {body(200, "no json"), acp.KindUnavailable, acp.KindUnknown, 4, 1},
		"empty":                 {body(200, ""), acp.KindUnavailable, acp.KindUnknown, 4, 1},
		"graphql internal":      {body(200, `{"errors":[{"message":"x","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}`), acp.KindUnavailable, acp.KindUnknown, 4, 1},
		"throttled":             {body(200, throttled), acp.KindThrottled, acp.KindThrottled, 4, 4},
		"429":                   {body(429, ""), acp.KindThrottled, acp.KindThrottled, 4, 4},
		"unauthorized":          {body(401, `{"errors":"[API] Invalid API key or access token"}`), acp.KindReauthorize, acp.KindReauthorize, 1, 1},
		"frozen":                {body(402, `{"errors":"Unavailable Shop"}`), acp.KindRefused, acp.KindRefused, 1, 1},
		"closed":                {body(404, `{"errors":"Not Found"}`), acp.KindRefused, acp.KindRefused, 1, 1},
		"locked":                {body(423, `{"errors":"Locked"}`), acp.KindRefused, acp.KindRefused, 1, 1},
		"denied":                {body(200, denied), acp.KindInternal, acp.KindInternal, 1, 1},
		"denied inside":         {body(200, halfReady), acp.KindInternal, acp.KindUnknown, 1, 1},
		"denied below nothing":  {body(200, `{"data":{"orderCancel":null},"errors":[{"message":"x","path":["orderCancel","job"]}]}`), acp.KindInternal, acp.KindUnknown, 1, 1},
		"denied somewhere":      {body(200, `{"data":{"orderCancel":{"job":null}},"errors":[{"message":"x"}]}`), acp.KindInternal, acp.KindUnknown, 1, 1},
		"not in the schema":     {body(200, `{"errors":[{"message":"Field 'x' doesn't exist"}]}`), acp.KindInternal, acp.KindInternal, 1, 1},
		"data of another shape": {body(200, `{"data":{"orderCancel":7,"draftOrders":7}}`), acp.KindUnavailable, acp.KindUnknown, 1, 1},
		"redirect":              {body(302, ""), acp.KindInternal, acp.KindInternal, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			reading := &script{answers: []http.HandlerFunc{try.answer}}
			_, err := client(t, serve(t, reading.ServeHTTP), nil).FindDraft(context.Background(), merchant, "acp-1")
			wantKind(t, err, try.read)
			if got := len(reading.sent()); got != try.readCalls {
				t.Errorf("read was sent %d times, want %d", got, try.readCalls)
			}
			changing := &script{answers: []http.HandlerFunc{try.answer}}
			err = client(t, serve(t, changing.ServeHTTP), nil).CancelOrder(context.Background(), merchant, "gid://shopify/Order/1", "")
			wantKind(t, err, try.change)
			sent := 0
			for _, call := range changing.sent() {
				if call.operation == "OrderCancel" {
					sent++
				}
			}
			if sent != try.changeCalls {
				t.Errorf("change was sent %d times, want %d", sent, try.changeCalls)
			}
		})
	}
}

func TestNothingIsUnknownWhenNobodyListens(t *testing.T) {
	refused := &waits{}
	c := client(t, nobody(t), func(c *shopify.Config) { c.After = refused.After })
	wantKind(t, c.CancelOrder(context.Background(), merchant, "gid://shopify/Order/1", ""), acp.KindUnavailable)
	if len(refused.all()) != 3 {
		t.Errorf("waited %v", refused.all())
	}
}

func TestThrottleWaitsUntilTheBucketHoldsTheCost(t *testing.T) {
	waited := &waits{}
	s := &script{answers: []http.HandlerFunc{body(200, throttled), body(200, noDrafts)}}
	c := client(t, serve(t, s.ServeHTTP), func(c *shopify.Config) { c.After = waited.After })
	_, err := c.FindDraft(context.Background(), merchant, "acp-1")
	wantKind(t, err, acp.KindNotFound)
	if got := waited.all(); len(got) != 1 || got[0] != 2500*time.Millisecond {
		t.Errorf("waited %v, want (300-50)/100 s", got)
	}
}

func TestOfATryThatFailedNothingIsRead(t *testing.T) {
	const broken = `{"data":{"draftOrders":{"nodes":[{"id":"gid://shopify/DraftOrder/1","tags":["acp-1"],"order":null}]}},` +
		`"errors":[{"message":"x","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}`
	for name, whole := range map[string]string{
		"data first": `{"data":{"draftOrders":{}},"extensions":{}}`,
		"data last":  `{"extensions":{},"data":{"draftOrders":{}}}`,
	} {
		s := &script{answers: []http.HandlerFunc{body(200, broken), body(200, whole)}}
		_, err := client(t, serve(t, s.ServeHTTP), nil).FindDraft(context.Background(), merchant, "acp-1")
		if acp.KindOf(err) != acp.KindNotFound || len(s.sent()) != 2 {
			t.Errorf("%s: %v after %d calls", name, err, len(s.sent()))
		}
	}
}

func TestWhatCanBeDoneWithoutDoesNotWaitForTheBucket(t *testing.T) {
	waited := &waits{}
	s := &script{answers: []http.HandlerFunc{body(200, throttled)}}
	c := client(t, serve(t, s.ServeHTTP), func(c *shopify.Config) { c.After = waited.After })
	_, err := c.DeliveryOptions(context.Background(), merchant, oneLine())
	wantKind(t, err, acp.KindThrottled)
	if len(waited.all()) != 0 || len(s.sent()) != 1 {
		t.Errorf("waited %v, sent %d times", waited.all(), len(s.sent()))
	}
}

func TestRetryAfterIsHeeded(t *testing.T) {
	waited := &waits{}
	slow := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7.0")
		w.WriteHeader(http.StatusTooManyRequests)
	}
	s := &script{answers: []http.HandlerFunc{slow, body(200, goodOrder)}}
	c := client(t, serve(t, s.ServeHTTP), func(c *shopify.Config) { c.After = waited.After })
	if err := c.CancelOrder(context.Background(), merchant, "gid://shopify/Order/1", ""); err != nil {
		t.Fatal(err)
	}
	if got := waited.all(); len(got) != 1 || got[0] != 7*time.Second {
		t.Errorf("waited %v", got)
	}
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	s := &script{answers: []http.HandlerFunc{body(200, throttled)}}
	c := client(t, serve(t, s.ServeHTTP), func(c *shopify.Config) {
		c.After = func(time.Duration) <-chan time.Time { cancel(); return nil }
	})
	_, err := c.FindDraft(ctx, merchant, "acp-1")
	wantKind(t, err, acp.KindThrottled)
	if got := acp.RetryAfterOf(err); got != 2500*time.Millisecond {
		t.Errorf("retry after %v", got)
	}
	if got := len(s.sent()); got != 1 {
		t.Errorf("%d requests", got)
	}
}

func TestSlowAnswerToAChangeIsUnknown(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	ctx, cancel := context.WithCancel(context.Background())
	base := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		close(arrived)
		<-release
	})
	done := make(chan error, 1)
	go func() { done <- client(t, base, nil).CancelOrder(ctx, merchant, "gid://shopify/Order/1", "") }()
	<-arrived
	cancel()
	wantKind(t, <-done, acp.KindUnknown)
}

func TestRejectedTokenIsRenewedOnce(t *testing.T) {
	s := &script{answers: []http.HandlerFunc{body(401, `{"errors":"[API] Invalid API key or access token"}`), body(200, goodOrder)}}
	c := client(t, serve(t, s.ServeHTTP), func(c *shopify.Config) { c.Tokens = fixedToken{renewed: "shpat_new"} })
	if err := c.CancelOrder(context.Background(), merchant, "gid://shopify/Order/1", ""); err != nil {
		t.Fatal(err)
	}
	if got := s.sent(); len(got) != 2 || got[0].token != "shpat_old" || got[1].token != "shpat_new" {
		t.Errorf("sent %v", got)
	}
	always := &script{answers: []http.HandlerFunc{body(401, `{}`)}}
	c = client(t, serve(t, always.ServeHTTP), func(c *shopify.Config) { c.Tokens = fixedToken{renewed: "shpat_new"} })
	wantKind(t, c.CancelOrder(context.Background(), merchant, "gid://shopify/Order/1", ""), acp.KindReauthorize)
	if got := len(always.sent()); got != 2 {
		t.Errorf("%d tries", got)
	}
}

func TestAnotherAPIVersionIsWarnedAboutOnce(t *testing.T) {
	var log bytes.Buffer
	older := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Shopify-API-Version", "2026-01")
		fmt.Fprint(w, noDrafts)
	}
	s := &script{answers: []http.HandlerFunc{older}}
	c := client(t, serve(t, s.ServeHTTP), func(c *shopify.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	for range 3 {
		_, err := c.FindDraft(context.Background(), merchant, "acp-1")
		wantKind(t, err, acp.KindNotFound)
	}
	if strings.Count(log.String(), "answered=2026-01") != 1 {
		t.Errorf("log: %s", log.String())
	}
}

// Shopify reads an explicit null as "clear this".
func TestUnsetFieldsAreNotSentAsNulls(t *testing.T) {
	s := &script{answers: []http.HandlerFunc{body(200, `{"data":{"draftOrderCalculate":{"calculatedDraftOrder":null,"userErrors":[{"field":null,"message":"no"}]}}}`)}}
	_, err := client(t, serve(t, s.ServeHTTP), nil).Quote(context.Background(), merchant, acp.Cart{
		Currency: "usd", Lines: []acp.CartLine{{VariantID: "gid://shopify/ProductVariant/9007199254740993", Quantity: 1}},
	})
	wantKind(t, err, acp.KindRefused)
	if sent := s.sent()[0].body; strings.Contains(sent, "null") || !strings.Contains(sent, "9007199254740993") {
		t.Errorf("sent %s", sent)
	}
}

func TestConcurrentCallsShareNothing(t *testing.T) {
	s := &script{answers: []http.HandlerFunc{body(200, noDrafts)}}
	c := client(t, serve(t, s.ServeHTTP), nil)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, err := c.FindDraft(context.Background(), merchant, "acp-1"); acp.KindOf(err) != acp.KindNotFound {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestShopOfAnotherKindIsNeverCalled(t *testing.T) {
	s := &script{answers: []http.HandlerFunc{body(200, noDrafts)}}
	_, err := client(t, serve(t, s.ServeHTTP), nil).FindDraft(context.Background(), acp.Merchant{Shop: "evil.example/?x=.myshopify.com"}, "acp-1")
	wantKind(t, err, acp.KindInvalid)
	if len(s.sent()) != 0 {
		t.Error("it was called")
	}
}

// A redirect names a host of somebody else's choice, and Go would send it the access token.
func TestAccessTokenDoesNotFollowARedirect(t *testing.T) {
	s := &script{answers: []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://evil.example/stolen", http.StatusTemporaryRedirect)
	}}}
	_, err := client(t, serve(t, s.ServeHTTP), nil).FindDraft(context.Background(), merchant, "acp-1")
	wantKind(t, err, acp.KindInternal)
	if got := len(s.sent()); got != 1 {
		t.Errorf("%d requests", got)
	}
}
