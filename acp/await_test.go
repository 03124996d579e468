package acp_test

import (
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// awaited is a purchase whose card's bank wants the holder to confirm, at a
// provider that has them asked.
func awaited(w *world) acp.SessionID {
	w.payments.abilities.ProviderSide3DS = true
	w.payments.state = acp.PaymentNeedsAction
	return w.complete(w.create(delegated))
}

func (w *world) says(id acp.SessionID, code string) bool {
	for _, m := range w.session(id).Messages {
		if m.Code == code {
			return true
		}
	}
	return false
}

// look is one visit of the resume task.
func (w *world) look(id acp.SessionID) time.Duration {
	w.t.Helper()
	again, err := w.checkout.Resume(w.t.Context(), w.merchant.ID, id)
	w.must(err)
	return again
}

func TestWhatTheHolderDoesDecidesAPaymentThatNeedsThem(t *testing.T) {
	for name, c := range map[string]struct {
		answer acp.PaymentState
		after  time.Duration
		status acp.Status
		code   string
		voided int
	}{
		"confirmed":                            {acp.PaymentAuthorized, time.Minute, acp.Completed, "", 0},
		"confirmed late":                       {acp.PaymentAuthorized, 9 * time.Minute, acp.Completed, "", 0},
		"taken at once":                        {acp.PaymentCaptured, time.Minute, acp.Completed, "", 0},
		"failed":                               {acp.PaymentDeclined, time.Minute, acp.Ready, acp.CodePaymentDeclined, 1},
		"canceled at the side":                 {acp.PaymentVoided, time.Minute, acp.Ready, acp.CodePaymentDeclined, 1},
		"nothing":                              {acp.PaymentNeedsAction, 9 * time.Minute, acp.InProgress, "", 0},
		"nothing for too long":                 {acp.PaymentNeedsAction, 10 * time.Minute, acp.Ready, acp.CodeRequires3DS, 1},
		"confirmed, and nobody looked in time": {acp.PaymentAuthorized, 45 * time.Minute, acp.Ready, acp.CodePaymentDeclined, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			id := awaited(w)
			if got := w.status(id); got != acp.InProgress {
				t.Fatalf("while it waits it is %s", got)
			}
			w.clock = w.clock.Add(c.after)
			w.payments.state = c.answer
			w.look(id)
			if got := w.status(id); got != c.status || (c.code != "" && !w.says(id, c.code)) || w.payments.voided != c.voided {
				t.Errorf("%s, %d voided, %+v", got, w.payments.voided, w.session(id).Messages)
			}
		})
	}
}

// A task that finds nothing new is no failure: it comes again, ever less often.
func TestAPaymentThatWaitsIsLookedAtLessAndLessOften(t *testing.T) {
	w := openWorld(t)
	id := awaited(w)
	for _, step := range []struct{ after, again time.Duration }{
		{0, 2 * time.Second}, {8 * time.Second, 2 * time.Second}, {time.Minute, 17 * time.Second}, {5 * time.Minute, 30 * time.Second},
	} {
		w.clock = w.clock.Add(step.after)
		if again := w.look(id); again != step.again {
			t.Errorf("after another %s: again in %s, want %s", step.after, again, step.again)
		}
	}
	w.payments.state = acp.PaymentAuthorized
	if again := w.look(id); again != 0 || w.status(id) != acp.Completed {
		t.Errorf("it is %s, again in %s", w.status(id), again)
	}
}

// An agent that sends the same purchase under a new key is told how it stands;
// another token would be another purchase beside it.
func TestARepeatedPurchaseThatWaitsIsToldSo(t *testing.T) {
	w := openWorld(t)
	id := awaited(w)
	s, err := w.checkout.Complete(t.Context(), w.caller(delegated), id, acp.CompleteRequest{Handler: "card", Token: "spt_1"})
	if err != nil || s.Status != acp.InProgress {
		t.Errorf("the same token: %s, %v", s.Status, err)
	}
	if _, err := w.checkout.Complete(t.Context(), w.caller(delegated), id, acp.CompleteRequest{Handler: "card", Token: "spt_2"}); acp.KindOf(err) != acp.KindInFlight {
		t.Errorf("another token: %v", err)
	}
}

// The provider's answer was lost, or its driver died before it was written
// down: asking again under the same key brings the same payment.
func TestAWaitThatWasNotWrittenDownIsFoundAgain(t *testing.T) {
	w := openWorld(t)
	w.payments.abilities.ProviderSide3DS = true
	id := w.inProgress()
	w.payments.fail, w.payments.state = nil, acp.PaymentNeedsAction
	if again := w.look(id); again == 0 || w.status(id) != acp.InProgress || w.payments.voided != 0 {
		t.Fatalf("it is %s, again in %s", w.status(id), again)
	}
	w.payments.state = acp.PaymentAuthorized
	w.look(id)
	if got := w.status(id); got != acp.Completed {
		t.Errorf("it is %s", got)
	}
}
