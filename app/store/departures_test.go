package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/store/storetest"
)

func TestDeparturesAreCountedByReason(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		leave := func(m acp.Merchant, id acp.SessionID, status acp.Status, at time.Time, trace *acp.IntentTrace) {
			s := sessionOf(t, m, id)
			s.Status, s.CanceledAt, s.Left = status, at, trace
			must(t, b.CreateSession(t.Context(), s))
		}
		of := func(r acp.Reason) *acp.IntentTrace { return &acp.IntentTrace{Reason: r} }
		leave(b.m, "cs_1", acp.Canceled, noon, of(acp.LeftForShipping))
		leave(b.m, "cs_2", acp.Canceled, noon.Add(time.Hour), of(acp.LeftForPrice))
		leave(b.m, "cs_3", acp.Canceled, noon.Add(time.Hour), of(acp.LeftForShipping))
		leave(b.m, "cs_before", acp.Canceled, noon.Add(-time.Millisecond), of(acp.LeftForFit))
		leave(b.m, "cs_silent", acp.Canceled, noon, nil)
		leave(b.m, "cs_paid_late", acp.Completed, noon, of(acp.LeftForLater))
		leave(storetest.Install(t, b.Store, "m_2"), "cs_other", acp.Canceled, noon, of(acp.LeftForTrust))

		sales, err := b.Sales(t.Context(), b.m, noon, 1)
		must(t, err)
		want := []acp.Departure{{Reason: acp.LeftForShipping, Sessions: 2}, {Reason: acp.LeftForPrice, Sessions: 1}}
		if diff := cmp.Diff(want, sales.Departures); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

// The reason is known from the moment at which it is told.
func TestADepartureIsCountedWhenTheSessionIsSaved(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s := sessionOf(t, b.m, "cs_1")
		s.CanceledAt, s.Left = time.Time{}, nil
		must(t, b.CreateSession(t.Context(), s))
		s.Status, s.CanceledAt, s.Left = acp.Canceled, noon, &acp.IntentTrace{Reason: acp.LeftToCompare, Summary: "Wants to compare."}
		must(t, b.SaveSession(t.Context(), &s))
		sales, err := b.Sales(t.Context(), b.m, noon, 1)
		must(t, err)
		if len(sales.Departures) != 1 || sales.Departures[0] != (acp.Departure{Reason: acp.LeftToCompare, Sessions: 1}) {
			t.Fatalf("%+v", sales.Departures)
		}
	})
}
