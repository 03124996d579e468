package acp

import (
	"context"
	"time"
)

// Reconciliation is where a merchant's nightly comparison stands: of our
// ledger with the payment providers and with the shop.
type Reconciliation struct {
	Merchant MerchantID
	Owner    string // who has it in hand
	// From and To bound the movements that this run began with; To of a
	// finished run is where the next one starts.
	From, To   time.Time
	Cursor     SessionID // how far this run got
	StartedAt  time.Time
	FinishedAt time.Time // zero while it runs, or waits to be carried on
	NextAt     time.Time // not carried on, or begun anew, before
	Compared   int64     // payments, in this run
	Unread     int64     // sessions that could not be compared; they come again
	LastError  string    // why; empty when nothing was in the way
}

// Running reports whether a run was begun and did not get to its end yet.
func (r Reconciliation) Running() bool { return !r.StartedAt.IsZero() && r.FinishedAt.IsZero() }

// Complete reports whether the last run saw everything.
func (r Reconciliation) Complete() bool { return !r.FinishedAt.IsZero() && r.Unread == 0 }

// again are the ages at which a movement is compared once more, because banks
// and staff undo payments long after: card holders may dispute for about four
// months.
var again = []time.Duration{0, 7 * day, 30 * day, 60 * day, 120 * day}

const day = 24 * time.Hour

// Span is a time from and until which something happened.
type Span struct{ From, To time.Time }

// spans are the times in which what this run compares has moved.
func (r Reconciliation) spans() []Span {
	if r.From.IsZero() {
		return []Span{{To: r.To}}
	}
	spans := make([]Span, len(again))
	for i, age := range again {
		spans[i] = Span{From: r.From.Add(-age), To: r.To.Add(-age)}
	}
	return spans
}

// Comparison is what came of comparing one session's payments.
type Comparison struct {
	Merchant MerchantID
	Session  SessionID
	// Compared are the payments that were compared: their open differences
	// that are not among Differences have gone and are closed.
	Compared    []PaymentKey
	Differences []Difference
	Moved       []Movement // that the ledger lacked
	Later       string     // why some of it has to be looked at again; empty: all was seen
	At          time.Time
}

// ReconciliationBook keeps the comparisons and what they found.
type ReconciliationBook interface {
	Ledger
	OrphanBook
	// Reconciliation reads where the merchant's comparison stands, zero before
	// the first.
	Reconciliation(ctx context.Context, m MerchantID) (Reconciliation, error)
	// TakeReconciliation gives owner the sole right to carry the merchant's
	// comparison on until a moment, and reads it. KindInFlight while another
	// owner has it.
	TakeReconciliation(ctx context.Context, m MerchantID, owner string, now, until time.Time) (Reconciliation, error)
	// SaveReconciliation writes it and keeps the right until a moment, zero
	// gives it back. KindStale when r.Owner has lost it.
	SaveReconciliation(ctx context.Context, r Reconciliation, until time.Time) error
	// SessionsToCompare lists, after a session and in the order of their ids,
	// those whose money moved in one of the spans, with an open difference,
	// with a placed payment that is not settled, and those that could not be
	// compared before; and, unless attempted is empty, those opened in it that
	// anybody tried to pay.
	SessionsToCompare(ctx context.Context, m MerchantID, spans []Span, attempted Span, after SessionID, limit int) ([]SessionID, error)
	// OpenDifferences of a session.
	OpenDifferences(ctx context.Context, m MerchantID, s SessionID) ([]Difference, error)
	// SaveComparison writes differences and movements, and closes what has
	// gone, in one commit.
	SaveComparison(ctx context.Context, c Comparison) error
}
