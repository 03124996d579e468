package stripe_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/stripe"
	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

func TestABrokenAnswerToAuthorizeEndsInOnePayment(t *testing.T) {
	for _, mode := range []string{"drop_before", "drop_after", "garbage"} {
		t.Run(mode, func(t *testing.T) {
			b := open(t)
			b.fault("payment_intents.create", mode, 1)
			p := b.authorized()
			if held := b.one("requires_capture"); held.ID != p.ProviderID {
				t.Fatalf("adopted %s, Stripe has %s", p.ProviderID, held.ID)
			}
		})
	}
}

func TestAPaymentWhoseAnswersAreAllLostIsFound(t *testing.T) {
	b := open(t)
	b.fault("payment_intents.create", "drop_after", 2)
	b.authorized()
	b.one("requires_capture")
}

func TestAThrottledSecondTryDoesNotHideTheFirst(t *testing.T) {
	b := open(t)
	b.fault("payment_intents.create", "drop_after", 1)
	b.fault("payment_intents.create", "throttle", 1)
	b.authorized()
	b.one("requires_capture")
}

func TestWhenNothingIsKnownTheSameKeyGoesOn(t *testing.T) {
	b := open(t)
	token := b.mint(`{}`)
	b.fault("payment_intents.create", "drop_before", 2)
	_, err := b.payments.Authorize(t.Context(), merchant, ask(token))
	wantKind(t, err, acp.KindUnknown)
	b.none()
	b.authorize(ask(token))
	b.one("requires_capture")
}

func TestAStored500IsLookedBehind(t *testing.T) {
	b := open(t)
	token := b.mint(`{}`)
	b.fault("payment_intents.create", "http_500", 1)
	for range 2 { // Stripe repeats it under the key
		_, err := b.payments.Authorize(t.Context(), merchant, ask(token))
		wantKind(t, err, acp.KindUnknown)
	}
	b.none()
	_, err := b.payments.Find(t.Context(), merchant, "acp-cs_1-1") // how the domain ends it
	wantKind(t, err, acp.KindNotFound)
}

func TestA500ThatTookEffectIsFound(t *testing.T) {
	b := open(t)
	b.answer = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method == http.MethodPost && r.URL.Path == "/v1/payment_intents" {
			next.ServeHTTP(httptest.NewRecorder(), r)
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write([]byte(`{"error":{"type":"api_error","message":"An unknown error occurred."}}`))
			return
		}
		next.ServeHTTP(w, r)
	}
	b.authorized()
	b.one("requires_capture")
}

func TestAThrottledCallDidNothing(t *testing.T) {
	b := open(t)
	token := b.mint(`{}`)
	b.fault("payment_intents.create", "throttle", 1)
	_, err := b.payments.Authorize(t.Context(), merchant, ask(token))
	wantKind(t, err, acp.KindThrottled)
	if acp.RetryAfterOf(err) != time.Second {
		t.Errorf("retry after %s", acp.RetryAfterOf(err))
	}
	b.none()
	b.authorize(ask(token))
	b.one("requires_capture")
}

func TestATimeoutLeavesOnePayment(t *testing.T) {
	b := open(t)
	token := b.mint(`{"max_amount":5000}`)
	hasty := b.adapter(func(c *stripe.Config) { c.Timeout = 50 * time.Millisecond })
	executed := make(chan struct{})
	b.answer = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method != http.MethodPost || r.URL.Path != "/v1/payment_intents" {
			next.ServeHTTP(w, r)
			return
		}
		_ = r.ParseForm() // the server notices that the caller hung up once the body is read
		<-r.Context().Done()
		next.ServeHTTP(httptest.NewRecorder(), r.WithContext(context.WithoutCancel(r.Context())))
		close(executed)
	}
	p, err := hasty.Authorize(t.Context(), merchant, ask(token))
	if acp.KindOf(err) != acp.KindUnknown && p.State != acp.PaymentAuthorized {
		t.Fatalf("got %+v %v, want the payment or an unknown outcome", p, err)
	}
	<-executed
	b.answer = nil
	b.authorize(ask(token))
	b.one("requires_capture")
}

func TestASpentTokenIsRecognisedAfterTheKeyIsForgotten(t *testing.T) {
	for name, wait := range map[string]time.Duration{"by the list": 0, "by search": 25 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			b := open(t)
			token := b.mint(`{"max_amount":5000,"expires_in":200000}`)
			first := b.authorize(ask(token))
			b.clock.advance(wait)
			again := ask(token)
			if wait == 0 {
				again.Key = "acp:cs_1:1:forgotten"
			}
			if p := b.authorize(again); p.State != acp.PaymentAuthorized || p.ProviderID != first.ProviderID {
				t.Fatalf("got %+v, want payment %s", p, first.ProviderID)
			}
			b.one("requires_capture")
		})
	}
}

func TestAServerThatIsNotThereDidNothing(t *testing.T) {
	b := open(t)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	p := b.adapter(func(c *stripe.Config) { c.BaseURL = gone.URL })
	_, err := p.Authorize(t.Context(), merchant, ask("spt_1"))
	wantKind(t, err, acp.KindUnavailable)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = b.payments.Authorize(ended, merchant, ask("spt_1"))
	wantKind(t, err, acp.KindUnavailable)
}

func TestAWrongKeyIsForTheOperator(t *testing.T) {
	b := open(t)
	p := b.adapter(func(c *stripe.Config) { c.SecretKey = "sk_test_wrong" })
	_, err := p.Authorize(t.Context(), merchant, ask(b.mint(`{}`)))
	wantKind(t, err, acp.KindUnavailable)
	b.none()
}

func TestAKeyInUseIsNotTakenForNothing(t *testing.T) {
	b := open(t)
	b.answer = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusConflict)
			_, _ = w.Write([]byte(`{"error":{"type":"invalid_request_error","code":"idempotency_key_in_use","message":"busy"}}`))
			return
		}
		next.ServeHTTP(w, r)
	}
	_, err := b.payments.Authorize(t.Context(), merchant, ask("opaque"))
	wantKind(t, err, acp.KindUnknown)
}

// net/http sends a POST with an Idempotency-Key again when a reused connection
// dies, so "too many requests" may follow a call that took effect.
func TestAThrottleAfterAResentCallIsNotTakenForNothing(t *testing.T) {
	b := open(t)
	posts := 0
	b.answer = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method != http.MethodPost || r.URL.Path != "/v1/payment_intents" {
			next.ServeHTTP(w, r)
			return
		}
		if posts++; posts == 1 {
			standin.Drop(w)
			return
		}
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(`{"error":{"type":"invalid_request_error","code":"rate_limit","message":"slower"}}`))
	}
	p := b.adapter(func(c *stripe.Config) { c.Transport = &http.Transport{} })
	if _, err := p.Find(t.Context(), merchant, "nothing"); acp.KindOf(err) != acp.KindNotFound { // warms the connection
		t.Fatal(err)
	}
	_, err := p.Authorize(t.Context(), merchant, ask("opaque"))
	wantKind(t, err, acp.KindUnknown)
	if posts != 2 {
		t.Fatalf("%d posts, want net/http to have sent two", posts)
	}
}
