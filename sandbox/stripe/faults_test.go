package stripe_test

import (
	"errors"
	"net/http"
	"testing"

	stripego "github.com/stripe/stripe-go/v86"
)

func TestALostAnswerIsFoundUnderTheSameKey(t *testing.T) {
	b := open(t)
	spt := b.mint(`{}`)
	b.fault(`{"operation":"payment_intents.create","mode":"drop_after"}`)
	_, err := b.client.V1PaymentIntents.Create(t.Context(), charge(spt, 1000, "k"))
	var refused *stripego.Error
	if err == nil || errors.As(err, &refused) {
		t.Fatalf("got %v, want a broken connection", err)
	}
	if st := b.state(); len(st.Payments) != 1 || st.Payments[0].Status != "requires_capture" {
		t.Fatalf("it did not take effect: %+v", st)
	}
	pi := b.authorize(spt, 1000, "k")
	if pi.ID != b.state().Payments[0].ID || len(b.state().Payments) != 1 {
		t.Fatal("the replay is another payment")
	}
	b.fault(`{"operation":"payment_intents.capture","mode":"drop_after"}`)
	if _, err := b.capture(pi.ID, "c"); err == nil {
		t.Fatal("the capture was answered")
	}
	got, err := b.capture(pi.ID, "c")
	if err != nil || got.AmountReceived != 1000 {
		t.Fatalf("capture again: %v", err)
	}
}

func TestADropBeforeAndAThrottleLeaveNothingBehind(t *testing.T) {
	for _, mode := range []string{"drop_before", "throttle", "garbage"} {
		b := open(t)
		spt := b.mint(`{}`)
		b.fault(`{"operation":"payment_intents.create","mode":"` + mode + `"}`)
		_, err := b.client.V1PaymentIntents.Create(t.Context(), charge(spt, 1000, "k"))
		if err == nil {
			t.Fatalf("%s: no error", mode)
		}
		if mode == "throttle" {
			if refused := refusal(t, err); refused.HTTPStatusCode != http.StatusTooManyRequests || refused.Code != stripego.ErrorCodeRateLimit {
				t.Fatalf("throttle: %v", refused)
			}
		}
		if n := len(b.state().Payments); n != 0 {
			t.Fatalf("%s: %d payments, want none", mode, n)
		}
		b.authorize(spt, 1000, "k")
	}
}

func TestAServerErrorIsKeptUnderItsKey(t *testing.T) {
	b := open(t)
	spt := b.mint(`{}`)
	b.fault(`{"operation":"payment_intents.create","mode":"http_500"}`)
	for range 2 {
		_, err := b.client.V1PaymentIntents.Create(t.Context(), charge(spt, 1000, "k"))
		if refused := refusal(t, err); refused.HTTPStatusCode != http.StatusInternalServerError || refused.Type != stripego.ErrorTypeAPI {
			t.Fatalf("500: %v", refused)
		}
	}
	b.authorize(spt, 1000, "k2")
}

func TestAnOrderedDeclineIsTheIssuersRefusal(t *testing.T) {
	b := open(t)
	spt := b.mint(`{}`)
	b.fault(`{"operation":"payment_intents.create","mode":"user_error"}`)
	_, err := b.client.V1PaymentIntents.Create(t.Context(), charge(spt, 1000, "k"))
	if refused := refusal(t, err); refused.HTTPStatusCode != http.StatusPaymentRequired || refused.PaymentIntent == nil {
		t.Fatalf("create: %v", refused)
	}
	pi := b.authorize(spt, 1000, "k2")
	b.fault(`{"operation":"payment_intents.capture","mode":"user_error"}`)
	_, err = b.capture(pi.ID, "c")
	if refused := refusal(t, err); refused.HTTPStatusCode != http.StatusPaymentRequired ||
		refused.PaymentIntent.Status != stripego.PaymentIntentStatusRequiresCapture {
		t.Fatalf("capture: %v", refused)
	}
}

func TestEveryOperationCanBeToldToFail(t *testing.T) {
	b := open(t)
	spt := b.mint(`{}`)
	pi := b.authorize(spt, 1000, "")
	for operation, call := range map[string]func() error{
		"payment_intents.cancel": func() error {
			_, err := b.client.V1PaymentIntents.Cancel(t.Context(), pi.ID, nil)
			return err
		},
		"payment_intents.retrieve": func() error {
			_, err := b.client.V1PaymentIntents.Retrieve(t.Context(), pi.ID, nil)
			return err
		},
		"payment_intents.search": func() error {
			p := &stripego.PaymentIntentSearchParams{SearchParams: stripego.SearchParams{Query: `status:"canceled"`}}
			for _, err := range b.client.V1PaymentIntents.Search(t.Context(), p).All(t.Context()) {
				return err
			}
			return nil
		},
		"refunds.create": func() error {
			_, err := b.client.V1Refunds.Create(t.Context(), &stripego.RefundCreateParams{PaymentIntent: stripego.String(pi.ID)})
			return err
		},
		"granted_tokens.retrieve": func() error {
			_, err := b.inspect(spt, previewed)
			return err
		},
	} {
		b.fault(`{"operation":"` + operation + `","mode":"http_500"}`)
		if refused := refusal(t, call()); refused.HTTPStatusCode != http.StatusInternalServerError {
			t.Errorf("%s: %v", operation, refused)
		}
	}
	if got := b.state().Payments[0]; got.Status != "requires_capture" || got.Refunded != 0 {
		t.Errorf("a failed call took effect: %+v", got)
	}
	if status := b.post("/_sandbox/faults", `{"operation":"payouts.create","mode":"delay"}`, nil); status != http.StatusBadRequest {
		t.Errorf("unknown operation: status %d", status)
	}
}
