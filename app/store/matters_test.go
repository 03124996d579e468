package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// A matter that a session tells is kept with it, once, and stays dealt with
// when somebody comes by again; another shop's is nobody else's.
func TestAMatterIsNotedOnceWithItsSession(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s := sessionOf(t, b.m, "cs_1")
		must(t, b.CreateSession(t.Context(), s))
		matter := acp.MoneyMatter{
			Kind: acp.MatterUnpaidOrder, ID: "gid://shopify/Order/1", OrderID: "gid://shopify/Order/1", OrderName: "#1001", Provider: "Demo",
			PaymentID: "pi_1", Amount: acp.Money{Amount: 1<<53 + 1, Currency: "usd"}, Problem: "unpaid", At: noon,
		}
		save := func() {
			t.Helper()
			s.Matters = []acp.MoneyMatter{matter}
			if must(t, b.SaveSession(t.Context(), &s)); len(s.Matters) != 0 {
				t.Fatal("it would be saved again")
			}
		}
		stale := s
		save()
		stale.Matters = []acp.MoneyMatter{{Kind: acp.MatterUnpaidOrder, ID: "another"}}
		wantKind(t, b.SaveSession(t.Context(), &stale), acp.KindStale)
		list, err := b.Matters(t.Context(), b.m.ID)
		if must(t, err); len(list) != 1 || list[0] != matter {
			t.Fatalf("%+v", list)
		}
		wantKind(t, b.HandleMatter(t.Context(), "m_2", matter.Kind, matter.ID), acp.KindNotFound)
		must(t, b.HandleMatter(t.Context(), b.m.ID, matter.Kind, matter.ID))
		save()
		list, err = b.Matters(t.Context(), b.m.ID)
		if must(t, err); len(list) != 0 {
			t.Errorf("it came back: %+v", list)
		}
	})
}

// Money that is reserved and still not taken after an hour is told with the
// moment at which it lapses, where the provider says it. What staff ticked off comes back when it is lost.
func TestAReservationThatIsNotTakenIsShownWithItsEnd(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s := sessionOf(t, b.m, "cs_1")
		p := paymentOf(s, "gid://shopify/Order/1")
		p.CaptureBefore = noon.Add(30 * time.Hour)
		must(t, b.SavePayment(t.Context(), *p, nil))
		unknown := *p
		unknown.Session, unknown.CaptureBefore = "cs_0", time.Time{}
		must(t, b.SavePayment(t.Context(), unknown, nil))
		wantMatters := func(kinds ...acp.MatterKind) {
			t.Helper()
			list, err := b.Matters(t.Context(), b.m.ID)
			must(t, err)
			var got []acp.MatterKind
			for _, m := range list {
				until := map[string]time.Time{"cs_1": p.CaptureBefore}[m.ID]
				if got = append(got, m.Kind); m.Kind == acp.MatterCaptureBy && !m.AnswerBy.Equal(until) {
					t.Errorf("%s to be taken by %s", m.ID, m.AnswerBy)
				}
			}
			if !slices.Equal(got, kinds) {
				t.Fatalf("%q instead of %q", got, kinds)
			}
		}
		wantMatters()
		b.set(noon.Add(61 * time.Minute))
		wantMatters(acp.MatterCaptureBy, acp.MatterCaptureBy)
		must(t, b.HandleMatter(t.Context(), b.m.ID, acp.MatterCaptureBy, "cs_1"))
		wantMatters(acp.MatterCaptureBy)
		must(t, b.HandleMatter(t.Context(), b.m.ID, acp.MatterCaptureBy, "cs_0"))
		wantMatters()
		read, err := b.Payment(t.Context(), b.m.ID, "cs_1")
		if must(t, err); !read.CaptureBefore.Equal(p.CaptureBefore) || read.HandledAt.IsZero() {
			t.Errorf("kept as %+v", read)
		}
		read.State, read.HandledAt = acp.PaymentLost, time.Time{}
		must(t, b.SavePayment(t.Context(), read, nil))
		wantMatters(acp.MatterLost)
	})
}
