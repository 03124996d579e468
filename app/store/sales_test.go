package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/acp-bridge/acp-bridge/acp"
)

func TestSalesAreSummedUpForThePeriod(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		must(t, b.SaveConnection(t.Context(), acp.Connection{ID: "con_1", Merchant: b.m.ID, Name: "Chatty"}, "hash"))
		sell := func(id string, change func(*acp.Session, *acp.Order)) acp.Order {
			s := sessionOf(t, b.m, acp.SessionID("cs_"+id))
			s.CreatedAt = noon
			o := orderOf(s, "gid://shopify/Order/"+id)
			change(&s, &o)
			must(t, b.CreateSession(t.Context(), s))
			s.Status, s.Order = acp.Completed, &o
			must(t, b.FinishCheckout(t.Context(), &s, paymentOf(s, o.ID), eventOf(s, o, acp.OrderCreate)))
			return o
		}
		sell("old", func(s *acp.Session, o *acp.Order) { s.CreatedAt, o.PlacedAt = noon.Add(-day), noon.Add(-day) })
		sell("1", func(*acp.Session, *acp.Order) {})
		sell("2", func(_ *acp.Session, o *acp.Order) {
			o.PlacedAt, o.Refunded, o.Paid, o.Status = noon.Add(time.Minute), 1200, true, acp.OrderConfirmed
		})
		sell("canceled", func(_ *acp.Session, o *acp.Order) { o.Status = acp.OrderCanceled })
		sell("euro", func(_ *acp.Session, o *acp.Order) { o.Currency = "eur" })
		open := sessionOf(t, b.m, "cs_open")
		open.CreatedAt = noon
		must(t, b.CreateSession(t.Context(), open))
		lost := *paymentOf(open, "gid://shopify/Order/1")
		lost.State = acp.PaymentLost
		must(t, b.SavePayment(t.Context(), lost, nil))
		for order, tries := range map[string]int{"gid://shopify/Order/1": 20, "gid://shopify/Order/2": 0} {
			events, err := b.PendingEvents(t.Context(), b.m.ID, order)
			must(t, err)
			events[0].DeadAt, events[0].Attempts = noon, tries
			must(t, b.SaveEvent(t.Context(), events[0]))
		}

		got, err := b.Sales(t.Context(), b.m, noon, 2)
		must(t, err)
		want := acp.Sales{
			Since: noon, Orders: 4, Revenue: acp.Money{Amount: 4200 + 3000, Currency: "usd"}, Sessions: 5, Finished: 4,
			DeadEvents: 1, Mirror: acp.Mirror{Merchant: b.m.ID, State: acp.MirrorEmpty},
			Latest: []acp.Sale{
				{
					OrderID: "gid://shopify/Order/2", Name: "#1001", Agent: "Chatty", Total: acp.Money{Amount: 4200, Currency: "usd"},
					Refunded: 1200, Status: acp.OrderConfirmed, Paid: true, PlacedAt: noon.Add(time.Minute),
				},
				{
					OrderID: "gid://shopify/Order/euro", Name: "#1001", Agent: "Chatty", Total: acp.Money{Amount: 4200, Currency: "eur"},
					Status: acp.OrderCreated, PlacedAt: noon,
				},
			},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

func TestWorkThatHangsForAnHourIsShownToStaff(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s := sessionOf(t, b.m, "cs_hangs")
		s.Status, s.CreatedAt = acp.InProgress, noon
		must(t, b.CreateSession(t.Context(), s))
		b.finished(t, "cs_paid", "gid://shopify/Order/1")
		b.finished(t, "cs_recorded", "gid://shopify/Order/2")
		recorded := *paymentOf(sessionOf(t, b.m, "cs_recorded"), "gid://shopify/Order/2")
		recorded.State = acp.PaymentRecorded
		must(t, b.SavePayment(t.Context(), recorded, nil))
		for wait, want := range map[time.Duration]int64{30 * time.Minute: 0, 61 * time.Minute: 1} {
			b.set(noon.Add(wait))
			got, err := b.Sales(t.Context(), b.m, noon.Add(-day), 2)
			must(t, err)
			if got.LatePayments != want || got.StuckCheckouts != want {
				t.Errorf("after %s: %d late payments, %d stuck checkouts", wait, got.LatePayments, got.StuckCheckouts)
			}
		}
	})
}
