package store_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

func TestOneWorkerDeliversAnEvent(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		_, o := b.finished(t, "cs_1", "gid://shopify/Order/1")
		events, err := b.PendingEvents(t.Context(), b.m.ID, o.ID)
		must(t, err)
		e := events[0]
		var holders atomic.Int32
		together(20, func(int) {
			err := b.TakeEvent(t.Context(), e, noon, noon.Add(time.Minute))
			if err == nil {
				holders.Add(1)
			} else if acp.KindOf(err) != acp.KindInFlight {
				t.Error(err)
			}
		})
		if holders.Load() != 1 {
			t.Fatalf("%d workers deliver it", holders.Load())
		}
		must(t, b.TakeEvent(t.Context(), e, noon.Add(time.Minute), noon.Add(2*time.Minute)))
		tried := e
		tried.Attempts, tried.LastError = 1, "refused\x00"
		must(t, b.SaveEvent(t.Context(), tried))
		wantKind(t, b.TakeEvent(t.Context(), e, noon, noon.Add(time.Minute)), acp.KindInFlight) // read before that try
		must(t, b.TakeEvent(t.Context(), tried, noon, noon.Add(time.Minute)))
		e.ID = "evt_none"
		wantKind(t, b.TakeEvent(t.Context(), e, noon, noon), acp.KindNotFound)
		wantKind(t, b.SaveEvent(t.Context(), e), acp.KindNotFound)
	})
}

func TestADeliveredEventStaysDelivered(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		_, o := b.finished(t, "cs_1", "gid://shopify/Order/1")
		events, err := b.PendingEvents(t.Context(), b.m.ID, o.ID)
		must(t, err)
		delivered, slow := events[0], events[0]
		delivered.Attempts, delivered.DeliveredAt = 1, noon
		slow.Attempts, slow.LastError = 1, "timeout"
		must(t, b.SaveEvent(t.Context(), delivered))
		must(t, b.SaveEvent(t.Context(), slow))
		wantKind(t, b.TakeEvent(t.Context(), delivered, noon.Add(time.Hour), noon.Add(2*time.Hour)), acp.KindInFlight)
		events, err = b.PendingEvents(t.Context(), b.m.ID, o.ID)
		if err != nil || len(events) != 0 {
			t.Fatalf("pending again: %v %v", events, err)
		}
	})
}
