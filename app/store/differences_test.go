package store_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

func differenceOf(t *testing.T, m acp.Merchant, id acp.SessionID, kind acp.DifferenceKind) acp.Difference {
	t.Helper()
	d := filled[acp.Difference](t)
	d.Merchant, d.Session, d.Kind, d.Provider, d.PaymentID = m.ID, id, kind, "Demo", "pi_1"
	d.OrderID, d.OrderName, d.What, d.Expected, d.Found = "gid://shopify/Order/1", "#1001", "a is not b", "a", "b"
	d.FirstSeen, d.LastSeen, d.ResolvedAt = noon, noon, time.Time{}
	return d
}

// A difference keeps when it was first seen, is closed when it has gone, and
// is another one when it comes back.
func TestADifferenceIsClosedNotDeleted(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		d := differenceOf(t, b.m, "cs_1", acp.DifferRefund)
		other := differenceOf(t, b.m, "cs_1", acp.DifferTotal)
		other.PaymentID = "pi_2"
		night := func(at time.Time, found ...acp.Difference) []acp.Difference {
			t.Helper()
			for i := range found {
				found[i].FirstSeen, found[i].LastSeen = at, at
			}
			must(t, b.SaveComparison(t.Context(), acp.Comparison{
				Merchant: b.m.ID, Session: "cs_1", Compared: []acp.PaymentKey{{Provider: "Demo", ID: "pi_1"}}, Differences: found, At: at,
			}))
			open, err := b.OpenDifferences(t.Context(), b.m.ID, "cs_1")
			must(t, err)
			return open
		}
		must(t, b.NoteDifference(t.Context(), other))
		night(noon, d)
		d.What = "a is still not b"
		again := d
		again.LastSeen = noon.Add(24 * time.Hour)
		if got := night(noon.Add(24*time.Hour), d); !reflect.DeepEqual(got, []acp.Difference{again, other}) {
			t.Fatalf("second night %+v", got)
		}
		if got := night(noon.Add(48 * time.Hour)); !reflect.DeepEqual(got, []acp.Difference{other}) {
			t.Fatalf("it has gone, and a payment that was not compared stays: %+v", got)
		}
		night(noon.Add(72*time.Hour), d)
		var rows, closed int
		must(t, b.Database.SQL().QueryRowContext(t.Context(),
			"SELECT COUNT(*), SUM(CASE WHEN resolved_at > 0 THEN 1 ELSE 0 END) FROM payment_differences WHERE payment_id = 'pi_1'").Scan(&rows, &closed))
		if rows != 2 || closed != 1 {
			t.Errorf("%d rows, %d of them closed", rows, closed)
		}
	})
}

func TestSessionsToCompareAreListedPageByPage(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		moved := func(id acp.SessionID, at time.Time) {
			t.Helper()
			v := movementOf(acp.Session{Merchant: b.m.ID, ID: id}, acp.MoveCapture, "pi_"+string(id))
			v.At = at
			must(t, b.AppendMovements(t.Context(), []acp.Movement{v}))
		}
		for i := range 5 {
			moved(acp.SessionID(fmt.Sprintf("cs_%d", i)), noon.Add(time.Duration(i)*time.Hour))
		}
		old := noon.Add(-7 * 24 * time.Hour)
		moved("cs_old", old)
		must(t, b.NoteDifference(t.Context(), differenceOf(t, b.m, "cs_open", acp.DifferRefund)))
		must(t, b.SaveComparison(t.Context(), acp.Comparison{Merchant: b.m.ID, Session: "cs_unread", Later: "no answer", At: noon}))
		late := *paymentOf(acp.Session{Merchant: b.m.ID, ID: "cs_late"}, "gid://shopify/Order/1")
		must(t, b.SavePayment(t.Context(), late, nil))
		tried := sessionOf(t, b.m, "cs_tried")
		tried.CreatedAt = noon
		must(t, b.CreateSession(t.Context(), tried))
		list := func(attempted acp.Span, spans ...acp.Span) (all []acp.SessionID) {
			t.Helper()
			for after := acp.SessionID(""); ; after = all[len(all)-1] {
				page, err := b.SessionsToCompare(t.Context(), b.m.ID, spans, attempted, after, 2)
				must(t, err)
				all = append(all, page...)
				if len(page) < 2 {
					return all
				}
			}
		}
		span := acp.Span{From: noon.Add(time.Hour), To: noon.Add(3 * time.Hour)}
		always := []acp.SessionID{"cs_late", "cs_open", "cs_unread"}
		if got := list(acp.Span{}); !slices.Equal(got, always) {
			t.Errorf("without a span %v", got)
		}
		if got, want := list(acp.Span{}, span), append([]acp.SessionID{"cs_1", "cs_2"}, always...); !slices.Equal(got, want) {
			t.Errorf("in the span %v, want %v", got, want)
		}
		all := []acp.SessionID{"cs_1", "cs_2", "cs_late", "cs_old", "cs_open", "cs_tried", "cs_unread"}
		if got := list(acp.Span{From: noon, To: noon.Add(time.Minute)}, span, acp.Span{From: old, To: old.Add(time.Minute)}); !slices.Equal(got, all) {
			t.Errorf("in two spans, and tried: %v, want %v", got, all)
		}
		must(t, b.SaveComparison(t.Context(), acp.Comparison{Merchant: b.m.ID, Session: "cs_unread", At: noon}))
		for range 2 { // news come twice
			must(t, b.CompareAgain(t.Context(), b.m.ID, "cs_heard", "news of it"))
		}
		if got, want := list(acp.Span{}), []acp.SessionID{"cs_heard", "cs_late", "cs_open"}; !slices.Equal(got, want) {
			t.Errorf("after news of it: %v", got)
		}
		must(t, b.SaveComparison(t.Context(), acp.Comparison{Merchant: b.m.ID, Session: "cs_heard", At: noon}))
		if got := list(acp.Span{}); !slices.Equal(got, always[:2]) {
			t.Errorf("after it was read: %v", got)
		}
	})
}

func TestOneProcessComparesAtATime(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		run, err := b.TakeReconciliation(t.Context(), b.m.ID, "one", noon, noon.Add(time.Minute))
		must(t, err)
		_, err = b.TakeReconciliation(t.Context(), b.m.ID, "two", noon, noon.Add(time.Minute))
		wantKind(t, err, acp.KindInFlight)
		_, err = b.TakeReconciliation(t.Context(), b.m.ID, "two", noon.Add(time.Minute), noon.Add(time.Hour))
		must(t, err)
		wantKind(t, b.SaveReconciliation(t.Context(), run, time.Time{}), acp.KindStale)

		kept := filled[acp.Reconciliation](t)
		kept.Merchant, kept.Owner, kept.Cursor, kept.LastError = b.m.ID, "two", "cs_1", "no answer"
		must(t, b.SaveReconciliation(t.Context(), kept, time.Time{}))
		got, err := b.TakeReconciliation(t.Context(), b.m.ID, "two", noon, noon.Add(time.Hour))
		must(t, err)
		if !reflect.DeepEqual(got, kept) {
			t.Errorf("kept %+v\nwant %+v", got, kept)
		}
	})
}
