package stripe_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// answerWith makes Stripe show one payment in a status that the stand-in never
// has, wherever payments are asked for.
func (b *bench) answerWith(status string, age time.Duration) {
	pi := fmt.Sprintf(`{"id":"pi_1","object":"payment_intent","amount":4900,"amount_capturable":0,"amount_received":0,"currency":"usd",`+
		`"status":%q,"created":%d,"metadata":{"acp_reference":"acp-cs_1-1","acp_session":"cs_1","acp_attempt":"1"}}`,
		status, b.clock.now().Add(-age).Unix())
	b.answer = func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		switch {
		case r.Method == http.MethodPost, strings.HasSuffix(r.URL.Path, "/pi_1"):
			_, _ = w.Write([]byte(pi))
		default:
			_, _ = w.Write([]byte(`{"object":"list","has_more":false,"data":[` + pi + `]}`))
		}
	}
}

// answerWithout takes a piece of metadata out of what answerWith shows.
func (b *bench) answerWithout(metadata string) {
	shown := b.answer
	b.answer = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		rec := httptest.NewRecorder()
		shown(rec, r, next)
		_, _ = w.Write([]byte(strings.ReplaceAll(rec.Body.String(), metadata, "theirs")))
	}
}

func TestAPaymentThatStripeHasNotDecidedIsUnknown(t *testing.T) {
	for _, status := range []string{"processing", "requires_payment_method", "requires_confirmation", "a_status_of_tomorrow"} {
		b := open(t)
		b.answerWith(status, time.Second)
		_, err := b.payments.Authorize(t.Context(), merchant, ask("opaque"))
		wantKind(t, err, acp.KindUnknown)
		_, err = b.payments.Find(t.Context(), merchant, "acp-cs_1-1")
		wantKind(t, err, acp.KindUnknown)
	}
}

func TestAPaymentThatWasNeverConfirmedHoldsNothing(t *testing.T) {
	b := open(t)
	b.answerWith("requires_confirmation", time.Hour)
	p, err := b.payments.Find(t.Context(), merchant, "acp-cs_1-1")
	if err != nil || p.State != acp.PaymentDeclined || p.Decline != "never_confirmed" {
		t.Fatalf("%+v %v", p, err)
	}
}

func TestACaptureThatIsStillProcessingIsUnknown(t *testing.T) {
	b := open(t)
	p := b.authorized()
	b.answerWith("processing", time.Second)
	p.ProviderID = "pi_1"
	_, err := b.payments.Capture(t.Context(), merchant, p)
	wantKind(t, err, acp.KindUnknown)
}

func TestAnAnswerWithoutAPaymentIsUnknown(t *testing.T) {
	b := open(t)
	b.answer = func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { _, _ = w.Write([]byte(`{}`)) }
	_, err := b.payments.Authorize(t.Context(), merchant, ask("opaque"))
	wantKind(t, err, acp.KindUnknown)
}
