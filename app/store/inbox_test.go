package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/acp-bridge/acp-bridge/acp"
)

func TestADeliveryIsWorkedOffOnce(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		d := acp.Delivery{ID: "d_1", Merchant: b.m.ID, Topic: "orders/paid", Body: []byte(`{"id":1}`), TriggeredAt: noon, ReceivedAt: noon}
		task := acp.Task{Kind: acp.TaskProcessInbox, Merchant: b.m.ID, Key: d.ID}
		together(10, func(int) {
			if err := b.PutDelivery(t.Context(), d, task); err != nil {
				t.Error(err)
			}
		})
		got, err := b.Delivery(t.Context(), b.m.ID, d.ID)
		must(t, err)
		if diff := cmp.Diff(d, got); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		must(t, b.CloseDelivery(t.Context(), b.m.ID, d.ID))
		must(t, b.CloseDelivery(t.Context(), b.m.ID, d.ID))
		must(t, b.PutDelivery(t.Context(), d, task))
		_, err = b.Delivery(t.Context(), b.m.ID, d.ID)
		wantKind(t, err, acp.KindNotFound)
		if n := len(b.tasks.All()); n != 1 {
			t.Fatalf("%d tasks", n)
		}
		if purged, err := b.PurgeDeliveries(t.Context(), noon.Add(day)); err != nil || purged != 1 {
			t.Fatalf("purged %d: %v", purged, err)
		}
	})
}
