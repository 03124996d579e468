package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// half is a session whose completion was begun.
func half(t *testing.T, b *books, id acp.SessionID) acp.Session {
	t.Helper()
	s := sessionOf(t, b.m, id)
	s.Status = acp.InProgress
	must(t, b.CreateSession(t.Context(), s))
	return s
}

func TestWorkThatARowSaysIsNotDoneGetsATaskAgain(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s := half(t, b, "cs_half")
		p := *paymentOf(s, "gid://shopify/Order/1")
		p.Session = "cs_paid"
		must(t, b.SavePayment(t.Context(), p, nil))
		d := acp.Delivery{ID: "w_1", Merchant: b.m.ID, Topic: "orders/paid", Body: []byte("{}"), ReceivedAt: noon}
		if err := b.PutDelivery(t.Context(), d, acp.Task{Kind: acp.TaskProcessInbox, Merchant: b.m.ID, Key: "w_1"}); err != nil {
			t.Fatal(err)
		}
		if err := b.SaveMirror(t.Context(), acp.Mirror{Merchant: b.m.ID, State: acp.MirrorRunning, StartedAt: noon}); err != nil {
			t.Fatal(err)
		}
		handed := sessionOf(t, b.m, "cs_handed")
		handed.Handover.DueAt = noon
		must(t, b.CreateSession(t.Context(), handed))
		tasks, err := b.Unfinished(t.Context(), noon.Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []acp.Task{
			{Kind: acp.TaskResumeCheckout, Merchant: b.m.ID, Key: string(s.ID), IfAbsent: true},
			{Kind: acp.TaskSettlePayment, Merchant: b.m.ID, Key: "cs_paid", IfAbsent: true},
			{Kind: acp.TaskWatchHandOff, Merchant: b.m.ID, Key: string(handed.ID), IfAbsent: true},
			{Kind: acp.TaskProcessInbox, Merchant: b.m.ID, Key: "w_1", IfAbsent: true},
			{Kind: acp.TaskMirrorCatalog, Merchant: b.m.ID, IfAbsent: true},
		} {
			if !slices.Contains(tasks, want) {
				t.Errorf("no task %+v among %+v", want, tasks)
			}
		}
		if early, err := b.Unfinished(t.Context(), noon); err != nil || slices.ContainsFunc(early, func(t acp.Task) bool { return t.Kind == acp.TaskSettlePayment }) {
			t.Errorf("work that may still be in hand was found: %+v, %v", early, err)
		}
	})
}

func TestLeasesOfADeadProcessEndOnSQLiteOnly(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s := half(t, b, "cs_half")
		if err := b.LeaseSession(t.Context(), b.m.ID, s.ID, "dead", noon, noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if err := b.Recover(t.Context()); err != nil {
			t.Fatal(err)
		}
		err := b.LeaseSession(t.Context(), b.m.ID, s.ID, "new", noon, noon.Add(time.Hour))
		if alone := b.config.Path != ""; alone && err != nil {
			t.Errorf("the only process has to wait for itself: %v", err)
		} else if !alone && acp.KindOf(err) != acp.KindInFlight {
			t.Errorf("took what another instance has in hand: %v", err)
		}
	})
}
