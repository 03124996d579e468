package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// reservations are the light claims that are being carried out in this process
// (docs/decisions/0010): they get their row with their answer, in one commit.
// Nothing of them outlives the process, nor need it. Should another process
// carry the same request out, the row's key lets the first commit win, and the
// other one keeps nothing.
type reservations struct {
	mu   sync.Mutex
	held map[claimKey]acp.Claim
}

type claimKey struct {
	merchant       acp.MerchantID
	connection     acp.ConnectionID
	operation, key string
}

func keyOf(r claimRow) claimKey {
	return claimKey{r.MerchantID, r.ConnectionID, r.Operation, r.IdempotencyKey}
}

// take reserves a key, or returns who has it.
func (r *reservations) take(k claimKey, c acp.Claim) (holder acp.Claim, taken bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if other, busy := r.held[k]; busy {
		return other, false
	}
	r.held[k] = c
	return c, true
}

// release ends c's reservation, if it has one.
func (r *reservations) release(c acp.Claim) {
	k := keyOf(newClaimRow(c))
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.held[k].Owner == c.Owner {
		delete(r.held, k)
	}
}

// reserve is Claim for light requests on SQLite. The row is looked for after
// the key was taken: whoever had it before has committed by then. Who finds it
// taken looks, too, for its holder may only be looking.
func (s *Store) reserve(ctx context.Context, c acp.Claim, now time.Time) (acp.Claim, error) {
	mine := newClaimRow(c)
	c.State = acp.Claimed
	holder, taken := s.Database.reserved.take(keyOf(mine), c)
	reserved := false
	defer func() {
		if taken && !reserved {
			s.Database.reserved.release(c)
		}
	}()
	held, err := s.claimOnDisk(ctx, mine)
	switch {
	case errors.Is(err, sql.ErrNoRows) && taken:
		reserved = true
		return c, nil
	case errors.Is(err, sql.ErrNoRows), err == nil && !taken && held.free(toMillis(now)):
		holder.Light = false
		return holder, sameRequest(holder.Fingerprint, mine)
	case err != nil:
		return acp.Claim{}, failed("look for request", err)
	case held.free(toMillis(now)): // of a process that has died, or too old
		return s.claimRow(ctx, mine, now)
	}
	return held.claim(), sameRequest(held.Fingerprint, mine)
}

// claimOnDisk reads a key's row, sql.ErrNoRows when there is none. That is what
// a new key finds, for whom one column costs half of what the row does.
func (s *Store) claimOnDisk(ctx context.Context, mine claimRow) (claimRow, error) {
	h := &s.Database.hot
	ctx = s.Database.promptly(ctx)
	key := []any{mine.MerchantID, mine.ConnectionID, mine.Operation, mine.IdempotencyKey}
	var one int
	if err := h.knowsClaim.QueryRowContext(ctx, key...).Scan(&one); err != nil {
		return claimRow{}, err
	}
	return h.claims.scan(h.readClaim.QueryRowContext(ctx, key...))
}

// answeringReserved is answering for a claim without a row; lost is the error
// when another process was first.
func (s *Store) answeringReserved(c acp.Claim, lost error) func(context.Context, on) error {
	row := newClaimRow(c)
	row.State, row.Status, row.Body = acp.Done, c.Status, c.Body
	h := &s.Database.hot
	values := h.claims.values(&row)
	return func(ctx context.Context, at on) error {
		inserted, err := s.affected(at.exec(ctx, h.insertClaim, values...))
		if err == nil && inserted == 0 {
			return lost
		}
		return err
	}
}
