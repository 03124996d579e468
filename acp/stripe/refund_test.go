package stripe_test

import (
	"net/http"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

const opRefund = "refunds.create"

func dollars(cents int64) acp.Money { return acp.Money{Amount: cents, Currency: "usd"} }

func back(reference string, cents int64) acp.RefundRequest {
	return acp.RefundRequest{Reference: reference, Key: "acp:cs_1:1:" + reference, Amount: dollars(cents), Reason: "no order came of it"}
}

// captured is a payment of 49.00 dollars whose money was taken.
func (b *bench) captured() acp.Payment {
	b.t.Helper()
	p, err := b.payments.Capture(b.t.Context(), merchant, b.authorized())
	if err != nil || p.State != acp.PaymentCaptured {
		b.t.Fatalf("capture: %+v %v", p, err)
	}
	return p
}

// refunds are those that Stripe has made of the payment.
func (b *bench) refunds(p acp.Payment) []acp.Refund {
	b.t.Helper()
	now, err := b.payments.Read(b.t.Context(), merchant, p.ProviderID)
	if err != nil {
		b.t.Fatal(err)
	}
	return now.Refunds
}

func TestARefundIsMadeOnceWhateverBreaks(t *testing.T) {
	for _, c := range []struct {
		mode  string
		first acp.Kind // what the call with the fault may come to
		made  int      // refunds at Stripe after it
	}{
		{"drop_before", acp.KindUnknown, 0},
		{"drop_after", "", 1},
		{"http_500", "", 1}, // the stored 500 is left behind with another key
		{"http_500_after", "", 1},
		{"garbage", acp.KindUnknown, 0},
		{"throttle", acp.KindThrottled, 0},
		{"user_error", acp.KindRefused, 0}, // kept under its key
	} {
		t.Run(c.mode, func(t *testing.T) {
			b := open(t)
			p := b.captured()
			b.fault(opRefund, c.mode, 1)
			_, err := b.payments.Refund(t.Context(), merchant, p, back("r1", 2000))
			wantKind(t, err, c.first)
			if n := len(b.refunds(p)); n != c.made {
				t.Fatalf("%d refunds, want %d", n, c.made)
			}
			if c.mode == "user_error" {
				return
			}
			for _, key := range []string{"", "another key"} {
				r := back("r1", 2000)
				r.Key += key
				got, err := b.payments.Refund(t.Context(), merchant, p, r)
				if err != nil || got.State != acp.RefundSucceeded || got.Amount != dollars(2000) || got.Reference != "r1" || got.ID == "" {
					t.Fatalf("again: %+v %v", got, err)
				}
			}
			if all := b.refunds(p); len(all) != 1 || all[0].Amount != dollars(2000) {
				t.Fatalf("refunds: %+v", all)
			}
		})
	}
}

func TestStored500sOfARefundAreLeftBehind(t *testing.T) {
	b := open(t)
	p := b.captured()
	b.fault(opRefund, "http_500", 2)
	if _, err := b.payments.Refund(t.Context(), merchant, p, back("r1", 1000)); err != nil {
		t.Fatal(err)
	}
	b.fault(opRefund, "http_500", 3)
	for range 2 { // every key is used up, and nothing was done
		_, err := b.payments.Refund(t.Context(), merchant, p, back("r2", 1000))
		wantKind(t, err, acp.KindUnknown)
	}
	if n := len(b.refunds(p)); n != 1 {
		t.Fatalf("%d refunds", n)
	}
}

func TestARefundThatCannotBeLookedUpIsNotMade(t *testing.T) {
	for mode, kind := range map[string]acp.Kind{"drop_before": acp.KindUnavailable, "http_500": acp.KindUnavailable, "throttle": acp.KindThrottled} {
		b := open(t)
		p := b.captured()
		b.fault("refunds.list", mode, 1)
		_, err := b.payments.Refund(t.Context(), merchant, p, back("r1", 4900))
		wantKind(t, err, kind)
		if n := len(b.refunds(p)); n != 0 {
			t.Fatalf("%s: %d refunds", mode, n)
		}
	}
}

func TestALostRefundThatCannotBeLookedUpIsUnknown(t *testing.T) {
	b := open(t)
	p := b.captured()
	lists := 0
	b.answer = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method == http.MethodGet && r.URL.Path == "/v1/refunds" {
			if lists++; lists == 2 {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
		}
		next.ServeHTTP(w, r)
	}
	b.fault(opRefund, "drop_after", 1)
	_, err := b.payments.Refund(t.Context(), merchant, p, back("r1", 4900))
	wantKind(t, err, acp.KindUnknown)
	if got, err := b.payments.Refund(t.Context(), merchant, p, back("r1", 4900)); err != nil || got.State != acp.RefundSucceeded {
		t.Fatalf("again: %+v %v", got, err)
	}
	if n := len(b.refunds(p)); n != 1 {
		t.Fatalf("%d refunds", n)
	}
}

func TestNoMoreIsRefundedThanWasTaken(t *testing.T) {
	b := open(t)
	p := b.captured()
	for _, step := range []struct {
		reference string
		cents     int64
		kind      acp.Kind
	}{{"r1", 1000, ""}, {"r2", 3901, acp.KindRefused}, {"r3", 3900, ""}, {"r4", 1, acp.KindRefused}, {"r1", 1000, ""}} {
		_, err := b.payments.Refund(t.Context(), merchant, p, back(step.reference, step.cents))
		wantKind(t, err, step.kind)
	}
	given := map[string]int64{}
	for _, r := range b.refunds(p) {
		given[r.Reference] += r.Amount.Amount
	}
	if len(given) != 2 || given["r1"] != 1000 || given["r3"] != 3900 {
		t.Fatalf("refunded: %v", given)
	}
}

func TestARefundThatFailedLaterIsMadeAnew(t *testing.T) {
	b := open(t)
	p := b.captured()
	if _, err := b.payments.Refund(t.Context(), merchant, p, back("r1", 2000)); err != nil {
		t.Fatal(err)
	}
	first := b.refunds(p)[0].ID
	b.post("/_sandbox/refunds/"+first, `{"status":"failed"}`, nil)            // the buyer's bank sends it back
	got, err := b.payments.Refund(t.Context(), merchant, p, back("r1", 2000)) // Stripe repeats the success under the first key
	if err != nil || got.ID == first || got.State != acp.RefundSucceeded {
		t.Fatalf("anew: %+v %v", got, err)
	}
	if again, err := b.payments.Refund(t.Context(), merchant, p, back("r1", 2000)); err != nil || again.ID != got.ID {
		t.Fatalf("again: %+v %v", again, err)
	}
}

func TestWhatCannotBeRefundedIsRefused(t *testing.T) {
	b := open(t)
	held := b.authorized()
	_, err := b.payments.Refund(t.Context(), merchant, held, back("r1", 100)) // held, not taken
	wantKind(t, err, acp.KindRefused)
	taken, err := b.payments.Capture(t.Context(), merchant, held)
	wantKind(t, err, "")
	b.post("/_sandbox/payments/"+taken.ProviderID+"/dispute", "", nil)
	_, err = b.payments.Refund(t.Context(), merchant, taken, back("r2", 100))
	wantKind(t, err, acp.KindRefused)
	elsewhere := taken
	elsewhere.ProviderID = "pi_elsewhere"
	_, err = b.payments.Refund(t.Context(), merchant, elsewhere, back("r3", 100))
	wantKind(t, err, acp.KindNotFound)
	for name, r := range map[string]acp.RefundRequest{"no key": {Reference: "r", Amount: dollars(1)}, "no amount": back("r", 0)} {
		if _, err := b.payments.Refund(t.Context(), merchant, taken, r); acp.KindOf(err) != acp.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = b.payments.Refund(t.Context(), stranger, taken, back("r1", 100))
	wantKind(t, err, acp.KindInvalid)
}
