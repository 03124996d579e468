package stripe_test

import (
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

func TestReadSaysWhatBecameOfAPayment(t *testing.T) {
	b := open(t)
	held := b.authorized()
	read := func() acp.Payment {
		t.Helper()
		p, err := b.payments.Read(t.Context(), merchant, held.ProviderID)
		if err != nil || p.Reference != held.Reference || p.Session != "cs_1" || p.Attempt != 1 || p.Amount != dollars(4900) {
			t.Fatalf("read: %+v %v", p, err)
		}
		return p
	}
	if p := read(); p.State != acp.PaymentAuthorized || len(p.Refunds)+len(p.Disputes) != 0 {
		t.Fatalf("held: %+v", p)
	}
	b.post("/_sandbox/payments/"+held.ProviderID+"/capture", "", nil) // by staff, in the dashboard
	if p := read(); p.State != acp.PaymentCaptured {
		t.Fatalf("captured: %+v", p)
	}
	if _, err := b.payments.Refund(t.Context(), merchant, held, back("r1", 1000)); err != nil {
		t.Fatal(err)
	}
	b.clock.advance(time.Second)
	b.post("/_sandbox/payments/"+held.ProviderID+"/refund", `{"amount":500}`, nil)
	p := read()
	if len(p.Refunds) != 2 {
		t.Fatalf("refunds: %+v", p.Refunds)
	}
	staffs, ours := p.Refunds[0], p.Refunds[1] // the newest first
	if ours.Reference != "r1" || ours.Amount != dollars(1000) || staffs.Reference != "" || staffs.Amount != dollars(500) ||
		staffs.State != acp.RefundSucceeded || !staffs.At.Equal(b.clock.now()) {
		t.Fatalf("refunds: %+v", p.Refunds)
	}
	for status, want := range map[string]acp.DisputeState{"needs_response": acp.DisputeOpen, "won": acp.DisputeWon, "lost": acp.DisputeLost} {
		b.post("/_sandbox/payments/"+held.ProviderID+"/dispute", `{"status":"`+status+`"}`, nil)
		if p := read(); len(p.Disputes) != 1 || p.Disputes[0].State != want || p.Disputes[0].Amount != dollars(4900) ||
			p.Disputes[0].Reason != "fraudulent" || !p.Disputes[0].At.Equal(b.clock.now()) {
			t.Fatalf("%s: %+v", status, p.Disputes)
		}
	}
}

// Until when the money can be taken is told as long as it is only reserved,
// however the payment was learned of.
func TestAReservationSaysWhenItLapses(t *testing.T) {
	b := open(t)
	for mint, lives := range map[string]time.Duration{`{}`: 7 * 24 * time.Hour, `{"held_for":36000}`: 10 * time.Hour} {
		lapses := b.clock.now().Add(lives)
		a := ask(b.mint(mint))
		a.Reference, a.Key = a.Reference+mint, a.Key+mint
		for range 2 { // the second time it is read after Stripe's repeated answer
			if p := b.authorize(a); !p.CaptureBefore.Equal(lapses) {
				t.Errorf("%s: authorized until %s, want %s", mint, p.CaptureBefore, lapses)
			}
		}
		p, err := b.payments.Find(t.Context(), merchant, a.Reference)
		if err != nil || !p.CaptureBefore.Equal(lapses) {
			t.Errorf("%s: found until %s, want %s (%v)", mint, p.CaptureBefore, lapses, err)
		}
		if p, err = b.payments.Read(t.Context(), merchant, p.ProviderID); err != nil || !p.CaptureBefore.Equal(lapses) {
			t.Errorf("%s: read until %s, want %s (%v)", mint, p.CaptureBefore, lapses, err)
		}
		if _, err = b.payments.Capture(t.Context(), merchant, p); err != nil {
			t.Fatal(err)
		}
		if p, err = b.payments.Read(t.Context(), merchant, p.ProviderID); err != nil || !p.CaptureBefore.IsZero() {
			t.Errorf("%s: taken, until %s (%v)", mint, p.CaptureBefore, err)
		}
	}
}

func TestAPaymentThatStaffCanceledIsVoided(t *testing.T) {
	b := open(t)
	held := b.authorized()
	b.post("/_sandbox/payments/"+held.ProviderID+"/cancel", "", nil)
	p, err := b.payments.Read(t.Context(), merchant, held.ProviderID)
	if err != nil || p.State != acp.PaymentVoided {
		t.Fatalf("read: %+v %v", p, err)
	}
	_, err = b.payments.Capture(t.Context(), merchant, held)
	wantKind(t, err, acp.KindRefused)
}

func TestAReadThatFailsSaysNothingOfThePayment(t *testing.T) {
	for _, operation := range []string{"payment_intents.retrieve", "refunds.list", "disputes.list"} {
		for mode, kind := range map[string]acp.Kind{
			"drop_before": acp.KindUnavailable, "drop_after": acp.KindUnavailable, "http_500": acp.KindUnavailable,
			"garbage": acp.KindUnavailable, "throttle": acp.KindThrottled,
		} {
			b := open(t)
			p := b.captured()
			b.fault(operation, mode, 1)
			if _, err := b.payments.Read(t.Context(), merchant, p.ProviderID); acp.KindOf(err) != kind {
				t.Errorf("%s %s: %v", operation, mode, err)
			}
		}
	}
	b := open(t)
	_, err := b.payments.Read(t.Context(), merchant, "pi_elsewhere")
	wantKind(t, err, acp.KindNotFound)
	_, err = b.payments.Read(t.Context(), stranger, "pi_elsewhere")
	wantKind(t, err, acp.KindInvalid)
}

func TestReservedListsWhatIsHeldOrWaits(t *testing.T) {
	b := open(t)
	start := b.clock.now()
	pay := func(session acp.SessionID, mint string) acp.Payment {
		t.Helper()
		a := ask(b.mint(mint))
		a.Session, a.Reference, a.Key = session, "acp-"+string(session)+"-1", "acp:"+string(session)+":1:authorize"
		p, err := b.payments.Authorize(t.Context(), merchant, a)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	pay("held", `{}`)
	pay("waits", `{"card":"pm_card_threeDSecure2Required"}`)
	pay("declined", `{"card":"pm_card_chargeDeclined"}`)
	for _, end := range []func(acp.Payment) error{
		func(p acp.Payment) error { _, err := b.payments.Capture(t.Context(), merchant, p); return err },
		func(p acp.Payment) error { _, err := b.payments.Void(t.Context(), merchant, p); return err },
	} {
		if err := end(pay(acp.SessionID("ended-"+b.mint(`{}`).Reveal()), `{}`)); err != nil {
			t.Fatal(err)
		}
	}
	b.clock.advance(time.Hour)
	pay("later", `{}`)
	for name, c := range map[string]struct {
		from, to time.Time
		want     map[acp.SessionID]acp.PaymentState
	}{
		"the first hour": {start, start.Add(time.Hour), map[acp.SessionID]acp.PaymentState{"held": acp.PaymentAuthorized, "waits": acp.PaymentNeedsAction}},
		"the next":       {start.Add(time.Hour), start.Add(2 * time.Hour), map[acp.SessionID]acp.PaymentState{"later": acp.PaymentAuthorized}},
		"before":         {start.Add(-time.Hour), start, nil},
	} {
		held, err := b.payments.Reserved(t.Context(), merchant, c.from, c.to)
		if err != nil || len(held) != len(c.want) {
			t.Fatalf("%s: %+v %v", name, held, err)
		}
		for _, p := range held {
			if c.want[p.Session] != p.State || p.Reference != "acp-"+string(p.Session)+"-1" || p.ProviderID == "" {
				t.Errorf("%s: %+v", name, p)
			}
		}
	}
	for mode, kind := range map[string]acp.Kind{"drop_before": acp.KindUnavailable, "http_500": acp.KindUnavailable, "throttle": acp.KindThrottled} {
		b.fault("payment_intents.list", mode, 1)
		_, err := b.payments.Reserved(t.Context(), merchant, start, start.Add(time.Hour))
		wantKind(t, err, kind)
	}
	_, err := b.payments.Reserved(t.Context(), stranger, start, start.Add(time.Hour))
	wantKind(t, err, acp.KindInvalid)
}

// Payments of the same account that others made carry no reference of ours.
func TestReservedLeavesForeignPaymentsAlone(t *testing.T) {
	b := open(t)
	b.answerWith("requires_capture", time.Minute)
	held, err := b.payments.Reserved(t.Context(), merchant, b.clock.now().Add(-time.Hour), b.clock.now())
	if err != nil || len(held) != 1 {
		t.Fatalf("ours: %+v %v", held, err)
	}
	b.answerWithout("acp_reference")
	held, err = b.payments.Reserved(t.Context(), merchant, b.clock.now().Add(-time.Hour), b.clock.now())
	if err != nil || len(held) != 0 {
		t.Fatalf("foreign: %+v %v", held, err)
	}
}
