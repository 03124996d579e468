package acp

import (
	"context"
	"time"
)

// ClaimID identifies one idempotent request. Sessions are named after the
// claim that created them, so that a retry after a crash finds its own work.
type ClaimID string

// ClaimState is what is known of an idempotent request.
type ClaimState string

const (
	// Claimed means that it is being carried out, as long as its lease lasts.
	Claimed ClaimState = "claimed"
	// Done means that its answer is stored and is replayed.
	Done ClaimState = "done"
	// Unresolved means that it ended without an answer that may be stored (a 5xx, a
	// crash); the next request with the key carries it on.
	Unresolved ClaimState = "unresolved"
)

// Claim is the first of the two locks against doing anything twice: one row
// per idempotency key. The second is the session's own state.
type Claim struct {
	ID          ClaimID
	Merchant    MerchantID
	Connection  ConnectionID
	Operation   string // method and path
	Key         string
	Fingerprint string // of method, path and canonical body
	Version     string // protocol version of the answer
	Language    string // of the answer, BCP 47; empty while there is none
	State       ClaimState
	Owner       string // who carries it out at the moment
	LeaseUntil  time.Time
	Status      int
	Body        []byte
	CreatedAt   time.Time
	ExpiresAt   time.Time
	// Light says that all that comes of the request is kept in the commit of
	// its answer. Taking such a claim need not outlive the process: then
	// nothing was done, and a retry begins afresh. A returned claim that is
	// Light is held in memory until it is answered or abandoned.
	Light bool
}

// Claims keeps idempotent requests. It is atomic across processes.
type Claims interface {
	// Claim inserts c, or finds the row that its connection, operation and
	// key already have. The returned claim is to be carried out when its
	// Owner is c's; it then has the ID of the first request, also when an
	// abandoned one (lease over, or unresolved) is taken over. Otherwise its
	// State tells whether to replay (Done) or to wait (Claimed). It fails
	// with KindReused when the row's fingerprint differs. Rows past ExpiresAt
	// count as absent.
	Claim(ctx context.Context, c Claim, now time.Time) (Claim, error)
	// Extend prolongs the lease while the work goes on. It fails with
	// KindStale when the claim has been taken over, or is settled.
	Extend(ctx context.Context, c Claim, until time.Time) error
	// Answer stores the answer, written in c.Language, until c.ExpiresAt and
	// sets Done. It fails with KindStale when the claim has been taken over.
	Answer(ctx context.Context, c Claim, status int, body []byte) error
	// Abandon sets Unresolved, so that the next request takes over at once.
	Abandon(ctx context.Context, c Claim) error
}
