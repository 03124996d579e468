package stripe_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/stripe"
)

const (
	opCapture = "payment_intents.capture"
	opCancel  = "payment_intents.cancel"
)

func TestACaptureIsTakenOnceWhateverBreaks(t *testing.T) {
	for _, c := range []struct {
		mode  string
		first acp.Kind // what the call with the fault may come to
		then  string   // what Stripe has after it
	}{
		{"drop_before", acp.KindUnknown, "requires_capture"},
		{"drop_after", "", "succeeded"},
		{"http_500", "", "succeeded"}, // the stored 500 is left behind with a new key
		{"garbage", acp.KindUnknown, "requires_capture"},
		{"throttle", acp.KindThrottled, "requires_capture"},
	} {
		t.Run(c.mode, func(t *testing.T) {
			b := open(t)
			p := b.authorized()
			b.fault(opCapture, c.mode, 1)
			got, err := b.payments.Capture(t.Context(), merchant, p)
			wantKind(t, err, c.first)
			if err == nil && (got.State != acp.PaymentCaptured || got.Amount != p.Amount) {
				t.Fatalf("captured: %+v", got)
			}
			b.one(c.then)
			if got, err = b.payments.Capture(t.Context(), merchant, p); err != nil || got.State != acp.PaymentCaptured {
				t.Fatalf("again: %+v %v", got, err)
			}
			if taken := b.one("succeeded"); taken.Received != 4900 {
				t.Fatalf("received %d", taken.Received)
			}
		})
	}
}

func TestAVoidGivesBackOnceWhateverBreaks(t *testing.T) {
	for _, c := range []struct {
		mode  string
		first acp.Kind
	}{
		{"drop_before", acp.KindUnknown},
		{"drop_after", ""},
		{"http_500", ""},
		{"garbage", acp.KindUnknown},
		{"throttle", acp.KindThrottled},
	} {
		t.Run(c.mode, func(t *testing.T) {
			b := open(t)
			p := b.authorized()
			b.fault(opCancel, c.mode, 1)
			_, err := b.payments.Void(t.Context(), merchant, p)
			wantKind(t, err, c.first)
			for range 2 {
				got, err := b.payments.Void(t.Context(), merchant, p)
				if err != nil || got.State != acp.PaymentVoided {
					t.Fatalf("again: %+v %v", got, err)
				}
			}
			b.one("canceled")
		})
	}
}

func TestACaptureOfWhatIsGoneIsRefused(t *testing.T) {
	b := open(t)
	p := b.authorized()
	b.clock.advance(8 * 24 * time.Hour) // the card network has let go
	_, err := b.payments.Capture(t.Context(), merchant, p)
	wantKind(t, err, acp.KindRefused)
	b.one("canceled")
}

// A refusal is not the end of a reservation: an account that is restricted
// today captures tomorrow, and Stripe says itself when the reservation is gone.
func TestACaptureThatIsRefusedMayBeTriedAsLongAsTheMoneyIsReserved(t *testing.T) {
	for status, answer := range map[int]string{
		http.StatusBadRequest:      `{"error":{"type":"invalid_request_error"}}`,
		http.StatusPaymentRequired: `{"error":{"type":"card_error","code":"card_declined"}}`,
	} {
		b := open(t)
		p := b.authorized()
		kept := map[string]bool{} // Stripe repeats a refusal under its key
		refusing := true
		b.answer = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			key := r.Header.Get("Idempotency-Key")
			if !strings.HasSuffix(r.URL.Path, "/capture") || !refusing && !kept[key] {
				next.ServeHTTP(w, r)
				return
			}
			kept[key] = true
			w.WriteHeader(status)
			_, _ = w.Write([]byte(answer))
		}
		_, err := b.payments.Capture(t.Context(), merchant, p)
		wantKind(t, err, acp.KindUnavailable)
		b.one("requires_capture")
		refusing = false
		if got, err := b.payments.Capture(t.Context(), merchant, p); err != nil || got.State != acp.PaymentCaptured {
			t.Fatalf("%d, again: %+v %v", status, got, err)
		}
		b.one("succeeded")
	}
}

func TestAVoidAfterACaptureSaysSo(t *testing.T) {
	b := open(t)
	p := b.authorized()
	if _, err := b.payments.Capture(t.Context(), merchant, p); err != nil {
		t.Fatal(err)
	}
	got, err := b.payments.Void(t.Context(), merchant, p)
	if err != nil || got.State != acp.PaymentCaptured || got.Amount.Amount != 4900 {
		t.Fatalf("void: %+v %v", got, err)
	}
	b.one("succeeded")
}

func TestAPaymentOfAnotherAccountIsNotLost(t *testing.T) {
	b := open(t)
	p := acp.Payment{ProviderID: "pi_elsewhere", Session: "cs_1", Attempt: 1, Amount: acp.Money{Amount: 100, Currency: "usd"}}
	_, err := b.payments.Capture(t.Context(), merchant, p)
	wantKind(t, err, acp.KindNotFound)
	_, err = b.payments.Void(t.Context(), merchant, p)
	wantKind(t, err, acp.KindNotFound)
}

func TestACaptureThatCannotBeLookedUpIsUnknown(t *testing.T) {
	b := open(t)
	p := b.authorized()
	b.fault(opCapture, "drop_after", 1)
	b.fault("payment_intents.retrieve", "http_500", 1)
	_, err := b.payments.Capture(t.Context(), merchant, p)
	wantKind(t, err, acp.KindUnknown)
	got, err := b.payments.Capture(t.Context(), merchant, p)
	if err != nil || got.State != acp.PaymentCaptured {
		t.Fatalf("again: %+v %v", got, err)
	}
}

func TestFindSeesThroughTheIndexLag(t *testing.T) {
	b := open(t)
	p := b.authorized()
	for name, wait := range map[string]time.Duration{"at once": 0, "a day later": 24 * time.Hour} {
		b.clock.advance(wait)
		got, err := b.payments.Find(t.Context(), merchant, p.Reference)
		if err != nil || got.ProviderID != p.ProviderID || got.State != acp.PaymentAuthorized || got.Amount != p.Amount ||
			got.Session != "cs_1" || got.Attempt != 1 || got.Reference != p.Reference {
			t.Fatalf("%s: %+v %v", name, got, err)
		}
	}
	if _, err := b.payments.Void(t.Context(), merchant, p); err != nil {
		t.Fatal(err)
	}
	got, err := b.payments.Find(t.Context(), merchant, p.Reference)
	if err != nil || got.State != acp.PaymentVoided {
		t.Fatalf("voided: %+v %v", got, err)
	}
	_, err = b.payments.Find(t.Context(), merchant, "acp-cs_1-2")
	wantKind(t, err, acp.KindNotFound)
}

func TestASearchThatFailsNeverMeansNotFound(t *testing.T) {
	b := open(t)
	p := b.authorized()
	for mode, kind := range map[string]acp.Kind{
		"http_500": acp.KindUnavailable, "drop_before": acp.KindUnavailable, "garbage": acp.KindUnavailable, "throttle": acp.KindThrottled,
	} {
		b.fault("payment_intents.search", mode, 1)
		_, err := b.payments.Find(t.Context(), merchant, "acp-cs_9-1")
		wantKind(t, err, kind)
		b.fault("payment_intents.search", mode, 1)
		got, err := b.payments.Find(t.Context(), merchant, p.Reference) // the list still knows
		if err != nil || got.ProviderID != p.ProviderID {
			t.Fatalf("%s: %+v %v", mode, got, err)
		}
	}
}

func TestAListThatFailsNeverMeansNotFound(t *testing.T) {
	b := open(t)
	b.answer = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.URL.Path == "/v1/payment_intents" {
			w = httptest.NewRecorder()
			defer panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	}
	_, err := b.payments.Find(t.Context(), merchant, "acp-cs_9-1")
	wantKind(t, err, acp.KindUnavailable)
}

func TestFindReadsEveryPageOfTheLastHour(t *testing.T) {
	b := open(t)
	p := b.authorized()
	b.clock.advance(time.Second)
	for range 120 { // more than a page, all newer
		a := ask(b.mint(`{}`))
		a.Session, a.Reference = "cs_2", "acp-cs_2-1"
		a.Key = "acp:cs_2:" + a.Token.Reveal()
		if _, err := b.payments.Authorize(t.Context(), merchant, a); err != nil {
			t.Fatal(err)
		}
	}
	got, err := b.payments.Find(t.Context(), merchant, p.Reference)
	if err != nil || got.ProviderID != p.ProviderID {
		t.Fatalf("found %+v %v", got, err)
	}
}

func TestNothingThatIsSaidHoldsASecret(t *testing.T) {
	b := open(t)
	var said strings.Builder
	for _, mode := range []string{"drop_before", "http_500", "throttle", "garbage", "user_error"} {
		token := b.mint(`{}`)
		a := ask(token)
		a.Key += mode
		b.fault("granted_tokens.retrieve", mode, 1)
		b.fault("payment_intents.create", mode, 2)
		b.fault("payment_intents.search", mode, 1)
		p, err := b.payments.Authorize(t.Context(), merchant, a)
		if err != nil {
			said.WriteString(err.Error())
		}
		said.WriteString(p.Decline + p.LastError)
	}
	_, err := b.payments.Authorize(t.Context(), merchant, ask("spt_nobody"))
	said.WriteString(err.Error())
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	unreachable := b.adapter(func(c *stripe.Config) { c.BaseURL = gone.URL })
	_, err = unreachable.Authorize(t.Context(), merchant, ask("spt_nobody"))
	said.WriteString(err.Error() + b.log.text())
	for _, secret := range []string{"spt_", secretKey, "jane@", "_secret", "Jane"} {
		if strings.Contains(said.String(), secret) {
			t.Errorf("%q is in %s", secret, said.String())
		}
	}
	if !strings.Contains(said.String(), "req_") {
		t.Error("no request id to look it up by")
	}
}
