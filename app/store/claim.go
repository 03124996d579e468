package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gorm.io/gorm"

	"github.com/acp-bridge/acp-bridge/acp"
)

// claimTries bounds how often a row that changes under our hands is looked at
// again; each time, another request got further.
const claimTries = 10

// Claim implements acp.Claims.
func (s *Store) Claim(ctx context.Context, c acp.Claim, now time.Time) (acp.Claim, error) {
	if c.Light && s.Database.reserved != nil {
		return s.reserve(ctx, c, now)
	}
	return s.claimRow(ctx, newClaimRow(c), now)
}

// claimRow needs no transaction: the row's key lets one insert win, and a
// takeover is a compare-and-swap on what was read.
func (s *Store) claimRow(ctx context.Context, mine claimRow, now time.Time) (acp.Claim, error) {
	var held claimRow
	err := s.change(ctx, "claim request", func(ctx context.Context, at on) (err error) {
		held, err = s.claim(ctx, at, mine, toMillis(now))
		return err
	})
	if err != nil {
		return acp.Claim{}, err
	}
	return held.claim(), nil
}

func (s *Store) claim(ctx context.Context, at on, mine claimRow, now int64) (claimRow, error) {
	h := &s.Database.hot
	for range claimTries {
		inserted, err := s.affected(at.exec(ctx, h.insertClaim, h.claims.values(&mine)...))
		if err != nil || inserted == 1 {
			return mine, err
		}
		held, again, err := s.meetClaim(ctx, at, mine, now)
		if err != nil || !again {
			return held, err
		}
	}
	return mine, inFlight()
}

// meetClaim decides what becomes of a request whose key is there already. It
// reports again when the row has changed meanwhile.
func (s *Store) meetClaim(ctx context.Context, at on, mine claimRow, now int64) (held claimRow, again bool, err error) {
	h := &s.Database.hot
	held, err = h.claims.scan(at.row(ctx, h.findClaim, mine.MerchantID, mine.ConnectionID, mine.Operation, mine.IdempotencyKey))
	if errors.Is(err, sql.ErrNoRows) {
		return held, true, nil
	}
	if err != nil {
		return held, false, err
	}
	if held.ExpiresAt > now {
		if err := sameRequest(held.Fingerprint, mine); err != nil || !held.free(now) {
			return held, false, err
		}
	}
	next := mine // past its end, the row counts as absent
	if held.ExpiresAt > now {
		next.ID, next.Created = held.ID, held.Created
	}
	taken, err := s.affected(at.exec(ctx, h.takeOverClaim, h.claims.values(&next, held.owned(held.State, held.LeaseUntil)...)...))
	return next, taken == 0, err
}

// free reports whether the next request with the key is to be carried out: the
// row is past its end, or its own request was abandoned.
func (r claimRow) free(now int64) bool {
	return r.ExpiresAt <= now || r.State == acp.Unresolved || r.State == acp.Claimed && r.LeaseUntil <= now
}

// sameRequest is KindReused when a key came before with another request.
func sameRequest(fingerprint string, mine claimRow) error {
	if fingerprint == mine.Fingerprint {
		return nil
	}
	return &acp.Error{
		Kind: acp.KindReused, Code: "idempotency_conflict", Message: "the idempotency key was used for another request",
	}
}

// owned are the values of whereOwned.
func (r claimRow) owned(state acp.ClaimState, more ...any) []any {
	return append([]any{r.MerchantID, r.ConnectionID, r.Operation, r.IdempotencyKey, r.ID, r.Owner, state}, more...)
}

func ofKey(db *gorm.DB, r claimRow) *gorm.DB {
	return db.Model(&claimRow{}).Where(
		"merchant_id = ? AND connection_id = ? AND operation = ? AND idempotency_key = ?",
		r.MerchantID, r.ConnectionID, r.Operation, r.IdempotencyKey,
	)
}

// Extend implements acp.Claims. What is reserved has no lease: it ends with
// the work, or with the process.
func (s *Store) Extend(ctx context.Context, c acp.Claim, until time.Time) error {
	if c.Light {
		return nil
	}
	extended := s.ownClaim(ctx, c).Update("lease_until", toMillis(until))
	if extended.Error == nil && extended.RowsAffected == 0 {
		return stale("request")
	}
	return failed("extend request", extended.Error)
}

// Answer implements acp.Claims.
func (s *Store) Answer(ctx context.Context, c acp.Claim, status int, body []byte) error {
	c.Status, c.Body = status, body
	defer s.release(c)
	return s.change(ctx, "store answer", s.answering(c, stale("request")))
}

// answering stores a claim's answer; lost is the error when the claim has been
// taken over.
func (s *Store) answering(c acp.Claim, lost error) func(context.Context, on) error {
	if c.Light {
		return s.answeringReserved(c, lost)
	}
	values := append([]any{acp.Done, c.Status, c.Body, c.Language, toMillis(c.ExpiresAt)}, newClaimRow(c).owned(acp.Claimed)...)
	return func(ctx context.Context, at on) error {
		stored, err := s.affected(at.exec(ctx, s.Database.hot.answerClaim, values...))
		if err == nil && stored == 0 {
			return lost
		}
		return err
	}
}

// changeTold makes a change of a session, and stores with it the answer that
// tells it, if there is one.
func (s *Store) changeTold(ctx context.Context, verb string, told *acp.Claim, change func(context.Context, on) error) error {
	if told == nil {
		return s.change(ctx, verb, change)
	}
	err := s.changeBoth(ctx, verb, change, s.answering(*told, inFlight()))
	if err == nil {
		s.release(*told)
	}
	return err
}

// release ends a reservation whose claim is settled.
func (s *Store) release(c acp.Claim) {
	if c.Light {
		s.Database.reserved.release(c)
	}
}

// inFlight is for a request that another one carries out meanwhile.
func inFlight() error {
	return &acp.Error{Kind: acp.KindInFlight, Code: "idempotency_in_flight", Message: "the same request is being carried out"}
}

// Abandon implements acp.Claims. A claim that was taken over meanwhile is not
// ours to abandon and stays as it is.
func (s *Store) Abandon(ctx context.Context, c acp.Claim) error {
	if c.Light {
		s.release(c)
		return nil
	}
	return failed("abandon request", s.ownClaim(ctx, c).Update("state", acp.Unresolved).Error)
}

func (s *Store) ownClaim(ctx context.Context, c acp.Claim) *gorm.DB {
	return ofKey(s.write.WithContext(ctx), newClaimRow(c)).
		Where("id = ? AND owner = ? AND state = ?", c.ID, c.Owner, acp.Claimed)
}

// PurgeClaims deletes requests whose retention ended before a moment, and
// returns how many they were.
func (s *Store) PurgeClaims(ctx context.Context, before time.Time) (int64, error) {
	purged := s.write.WithContext(ctx).Where("expires_at < ?", toMillis(before)).Delete(&claimRow{})
	return purged.RowsAffected, failed("purge requests", purged.Error)
}
