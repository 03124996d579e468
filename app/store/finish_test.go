package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/acp-bridge/acp-bridge/acp"
)

func TestFinishingStoresEverythingInOneCommit(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s, o := b.finished(t, "cs_1", "gid://shopify/Order/1")
		got, err := b.Session(t.Context(), b.m.ID, "", s.ID)
		must(t, err)
		if diff := cmp.Diff(s, got); diff != "" {
			t.Fatalf("session (-want +got):\n%s", diff)
		}
		known, err := b.Order(t.Context(), b.m.ID, o.ID)
		must(t, err)
		if diff := cmp.Diff(o, known.Order); diff != "" || known.Connection != "con_1" {
			t.Fatalf("order of %s (-want +got):\n%s", known.Connection, diff)
		}
		payment, err := b.Payment(t.Context(), b.m.ID, s.ID)
		must(t, err)
		if diff := cmp.Diff(*paymentOf(s, o.ID), payment); diff != "" {
			t.Fatalf("payment (-want +got):\n%s", diff)
		}
		events, err := b.PendingEvents(t.Context(), b.m.ID, o.ID)
		must(t, err)
		want := eventOf(s, o, acp.OrderCreate)
		want.Sequence = 1
		if len(events) != 1 || events[0].ID[:4] != "evt_" {
			t.Fatalf("events: %+v", events)
		}
		want.ID = events[0].ID
		if diff := cmp.Diff(want, events[0]); diff != "" {
			t.Fatalf("event (-want +got):\n%s", diff)
		}
	})
}

func TestNothingIsLeftWhenTheTasksCannotBeEnqueued(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s := sessionOf(t, b.m, "cs_1")
		must(t, b.CreateSession(t.Context(), s))
		before := s
		o := orderOf(s, "gid://shopify/Order/1")
		task := acp.Task{Kind: acp.TaskSettlePayment, Merchant: b.m.ID, Key: "cs_1"}
		b.broken.Store(true)
		s.Status, s.Order = acp.Completed, &o
		wantKind(t, b.FinishCheckout(t.Context(), &s, paymentOf(s, o.ID), eventOf(s, o, acp.OrderCreate), task), acp.KindInternal)
		wantKind(t, b.SaveSession(t.Context(), &s, task), acp.KindInternal)
		wantKind(t, b.PutDelivery(t.Context(), acp.Delivery{ID: "d", Merchant: b.m.ID}, task), acp.KindInternal)
		wantKind(t, b.MarkDirty(t.Context(), b.m.ID, []string{"p"}, task), acp.KindInternal)
		wantKind(t, b.SaveMirror(t.Context(), acp.Mirror{Merchant: b.m.ID, Generation: 9}, task), acp.KindInternal)
		b.broken.Store(false)

		got, err := b.Session(t.Context(), b.m.ID, "", s.ID)
		must(t, err)
		if diff := cmp.Diff(before, got); diff != "" || s.Revision != 0 {
			t.Fatalf("session (-want +got), revision %d:\n%s", s.Revision, diff)
		}
		_, err = b.Order(t.Context(), b.m.ID, o.ID)
		wantKind(t, err, acp.KindNotFound)
		_, err = b.Payment(t.Context(), b.m.ID, s.ID)
		wantKind(t, err, acp.KindNotFound)
		_, err = b.Delivery(t.Context(), b.m.ID, "d")
		wantKind(t, err, acp.KindNotFound)
		events, err := b.PendingEvents(t.Context(), b.m.ID, o.ID)
		must(t, err)
		marks, err := b.DirtyProducts(t.Context(), b.m.ID, 10)
		must(t, err)
		mirror, err := b.Mirror(t.Context(), b.m.ID)
		must(t, err)
		if len(events)+len(marks) > 0 || mirror.State != acp.MirrorEmpty {
			t.Fatalf("left behind: %v %v %v", events, marks, mirror)
		}
	})
}

func TestASessionNeverHasTwoOrders(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s, _ := b.finished(t, "cs_1", "gid://shopify/Order/1")
		again := s
		second := orderOf(s, "gid://shopify/Order/2")
		again.Order = &second
		err := b.FinishCheckout(t.Context(), &again, nil, eventOf(s, second, acp.OrderCreate))
		wantKind(t, err, acp.KindState)
		late := s
		late.Revision = 0
		wantKind(t, b.FinishCheckout(t.Context(), &late, nil, eventOf(s, second, acp.OrderCreate)), acp.KindStale)
		other := sessionOf(t, b.m, "cs_2")
		must(t, b.CreateSession(t.Context(), other))
		stolen := orderOf(other, "gid://shopify/Order/1")
		wantKind(t, b.FinishCheckout(t.Context(), &other, nil, eventOf(other, stolen, acp.OrderCreate)), acp.KindState)
		got, err := b.Session(t.Context(), b.m.ID, "", s.ID)
		must(t, err)
		if got.Order.ID != "gid://shopify/Order/1" || got.Revision != s.Revision {
			t.Fatalf("session has %s at revision %d", got.Order.ID, got.Revision)
		}
	})
}

func TestOrderEventsAreNumberedWithoutGapsOrDoubles(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s, o := b.finished(t, "cs_1", "gid://shopify/Order/1")
		const updates = 15
		together(updates, func(i int) {
			for stale := true; stale; { // somebody else was first
				fresh, err := b.Order(t.Context(), b.m.ID, o.ID)
				if err != nil {
					t.Error(err)
				}
				fresh.Name = fmt.Sprint("#", i)
				err = b.SaveOrder(t.Context(), fresh.Order, fresh.Revision, eventOf(s, fresh.Order, acp.OrderUpdate))
				if stale = acp.KindOf(err) == acp.KindStale; err != nil && !stale {
					t.Error(err)
				}
			}
		})
		events, err := b.PendingEvents(t.Context(), b.m.ID, o.ID)
		must(t, err)
		numbers := make([]int64, len(events))
		want := make([]int64, updates+1)
		for i := range want {
			want[i] = int64(i + 1)
		}
		for i, e := range events {
			numbers[i] = e.Sequence
		}
		if !slices.Equal(numbers, want) {
			t.Fatalf("numbers %v", numbers)
		}
		last, err := b.Order(t.Context(), b.m.ID, o.ID)
		must(t, err)
		if last.Name != events[updates].Order.Name {
			t.Fatalf("the last event tells %s, stored is %s", events[updates].Order.Name, last.Name)
		}
	})
}

func TestAnOlderOrderDoesNotOverwriteANewerOne(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s, o := b.finished(t, "cs_1", "gid://shopify/Order/1")
		stored, err := b.Order(t.Context(), b.m.ID, o.ID)
		must(t, err)
		newer, older := stored.Order, stored.Order
		newer.UpdatedAt, newer.Status = noon.Add(time.Minute), acp.OrderFulfilled
		older.UpdatedAt, older.Status = noon.Add(time.Second), acp.OrderShipped
		must(t, b.SaveOrder(t.Context(), newer, stored.Revision, eventOf(s, newer, acp.OrderUpdate)))
		wantKind(t, b.SaveOrder(t.Context(), older, stored.Revision+1, eventOf(s, older, acp.OrderUpdate)), acp.KindStale)
		got, err := b.Order(t.Context(), b.m.ID, o.ID)
		must(t, err)
		older.UpdatedAt = got.UpdatedAt // read in the same second
		wantKind(t, b.SaveOrder(t.Context(), older, stored.Revision, eventOf(s, older, acp.OrderUpdate)), acp.KindStale)
		older.UpdatedAt = noon // or served by a copy that lags
		wantKind(t, b.SaveOrder(t.Context(), older, got.Revision, eventOf(s, older, acp.OrderUpdate)), acp.KindStale)
		events, err := b.PendingEvents(t.Context(), b.m.ID, o.ID)
		must(t, err)
		if got.Status != acp.OrderFulfilled || len(events) != 2 {
			t.Fatalf("order is %s with %d events", got.Status, len(events))
		}
		unknown := orderOf(s, "gid://shopify/Order/404")
		wantKind(t, b.SaveOrder(t.Context(), unknown, 0, eventOf(s, unknown, acp.OrderUpdate)), acp.KindNotFound)
	})
}

func TestAPaymentNeverGoesBack(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s, o := b.finished(t, "cs_1", "gid://shopify/Order/1")
		p := *paymentOf(s, o.ID)
		steps := []struct {
			state acp.PaymentState
			want  acp.Kind
		}{
			{acp.PaymentLost, ""},
			{acp.PaymentCaptured, ""},
			{acp.PaymentLost, acp.KindStale},
			{acp.PaymentAuthorized, acp.KindStale},
			{acp.PaymentCaptured, ""},
			{acp.PaymentRecorded, ""},
			{acp.PaymentCaptured, acp.KindStale},
			{acp.PaymentRecorded, ""},
		}
		for _, step := range steps {
			p.State = step.state
			before := len(b.tasks.All())
			err := b.SavePayment(t.Context(), p, nil, acp.Task{Kind: acp.TaskRefreshOrder, Merchant: b.m.ID})
			wantKind(t, err, step.want)
			if enqueued := len(b.tasks.All()) > before; enqueued != (step.want == "") {
				t.Fatalf("%s: task enqueued: %v", step.state, enqueued)
			}
		}
		got, err := b.Payment(t.Context(), b.m.ID, s.ID)
		if err != nil || got.State != acp.PaymentRecorded {
			t.Fatalf("payment is %s: %v", got.State, err)
		}
	})
}
