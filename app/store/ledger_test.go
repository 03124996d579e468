package store_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

func movementOf(s acp.Session, kind acp.MovementKind, reference string) acp.Movement {
	return acp.Movement{
		Merchant: s.Merchant, Session: s.ID, Attempt: 1, Kind: kind, Amount: acp.Money{Amount: 4200, Currency: "usd"},
		Provider: "Demo", PaymentID: "pi_1", Reference: reference, Reason: "because", At: noon,
	}
}

// TestAMovementIsWrittenOnce: the saga, a webhook and the nightly comparison
// may all hear of the same capture.
func TestAMovementIsWrittenOnce(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s := sessionOf(t, b.m, "cs_1")
		must(t, b.CreateSession(t.Context(), s))
		s.Moved = []acp.Movement{movementOf(s, acp.MoveAuthorize, "pi_1")}
		must(t, b.SaveSession(t.Context(), &s))
		if s.Moved != nil {
			t.Error("saved movements would be saved again")
		}
		taken := movementOf(s, acp.MoveCapture, "pi_1")
		taken.At = noon.Add(time.Second)
		p := paymentOf(s, "gid://shopify/Order/1")
		p.State = acp.PaymentCaptured
		must(t, b.SavePayment(t.Context(), *p, []acp.Movement{taken}))
		later := taken
		later.At, later.Reason = noon.Add(time.Hour), "heard again"
		must(t, b.SavePayment(t.Context(), *p, []acp.Movement{later}))
		got, err := b.Movements(t.Context(), b.m.ID, s.ID)
		must(t, err)
		if want := []acp.Movement{movementOf(s, acp.MoveAuthorize, "pi_1"), taken}; !reflect.DeepEqual(got, want) {
			t.Fatalf("ledger %+v\nwant %+v", got, want)
		}
	})
}

// TestAMovementGoesWithItsSession: what is not saved has not moved.
func TestAMovementGoesWithItsSession(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s := sessionOf(t, b.m, "cs_1")
		must(t, b.CreateSession(t.Context(), s))
		fresh, slow := s, s
		must(t, b.SaveSession(t.Context(), &fresh))
		slow.Moved = []acp.Movement{movementOf(s, acp.MoveAuthorize, "pi_1")}
		if err := b.SaveSession(t.Context(), &slow); acp.KindOf(err) != acp.KindStale {
			t.Fatalf("a stale session was saved: %v", err)
		}
		if got, err := b.Movements(t.Context(), b.m.ID, s.ID); err != nil || len(got) != 0 {
			t.Fatalf("ledger %+v %v", got, err)
		}
	})
}

func TestTheLedgerIsAppendOnly(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s := sessionOf(t, b.m, "cs_1")
		s.Moved = nil
		must(t, b.CreateSession(t.Context(), s))
		s.Moved = []acp.Movement{movementOf(s, acp.MoveAuthorize, "pi_1")}
		must(t, b.SaveSession(t.Context(), &s))
		if _, err := b.Database.SQL().ExecContext(t.Context(), "UPDATE payment_movements SET amount = 1"); err == nil {
			t.Fatal("a row of the ledger was changed")
		}
	})
}
