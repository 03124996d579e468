package store_test

import (
	"context"
	"slices"
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

// unreachable is an agent platform that is down.
type unreachable struct{ tries atomic.Int32 }

func (u *unreachable) SendOrderEvent(context.Context, acp.Connection, acp.OrderEvent) error {
	u.tries.Add(1)
	return &acp.Error{Kind: acp.KindUnavailable, Message: "the agent is down"}
}

// TestPokesDoNotUseUpAnEventsTries: tasks are not unique, and the sweep adds
// more. However many come along, an agent that is down for a day still hears
// of its orders.
func TestPokesDoNotUseUpAnEventsTries(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		must(t, b.SaveConnection(t.Context(), acp.Connection{
			ID: "con_1", Merchant: b.m.ID, Name: "Chatty", EventURL: "https://agent.example.com/events",
		}, "hash"))
		_, o := b.finished(t, "cs_1", "gid://shopify/Order/1")
		now, agent := noon, &unreachable{}
		events, err := acp.NewEvents(acp.Events{Book: b.Store, Sender: agent, Now: func() time.Time { return now }})
		must(t, err)
		for ; now.Before(noon.Add(day)); now = now.Add(10 * time.Minute) {
			for range 3 {
				again, err := events.Send(t.Context(), b.m.ID, o.ID)
				if err != nil || again <= 0 {
					t.Fatalf("after %s: again in %s, %v", now.Sub(noon), again, err)
				}
			}
		}
		if got := agent.tries.Load(); got < 8 || got > 18 {
			t.Fatalf("%d tries in a day", got)
		}
		pending, err := b.PendingEvents(t.Context(), b.m.ID, o.ID)
		if err != nil || len(pending) != 1 {
			t.Fatalf("pending: %v %v", pending, err)
		}
		tasks, err := b.Unfinished(t.Context(), now)
		if err != nil || slices.ContainsFunc(tasks, func(t acp.Task) bool { return t.Kind == acp.TaskSendEvents }) {
			t.Fatalf("swept before it is due: %v %v", tasks, err)
		}
	})
}
