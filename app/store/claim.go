package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

// claimTries bounds how often a row that changes under our hands is looked at
// again; each time, another request got further.
const claimTries = 10

// Claim implements acp.Claims. It needs no transaction: the row's key lets one
// insert win, and a takeover is a compare-and-swap on what was read.
func (s *Store) Claim(ctx context.Context, c acp.Claim, now time.Time) (acp.Claim, error) {
	fresh := newClaimRow(c)
	db := s.write.WithContext(ctx)
	for range claimTries {
		inserted := db.Clauses(clause.OnConflict{DoNothing: true}).Create(&fresh)
		if inserted.Error != nil {
			return acp.Claim{}, failed("claim request", inserted.Error)
		}
		if inserted.RowsAffected == 1 {
			return fresh.claim(), nil
		}
		held, again, err := meetClaim(db, fresh, toMillis(now))
		if err != nil {
			return acp.Claim{}, failed("claim request", err)
		}
		if !again {
			return held.claim(), nil
		}
	}
	return acp.Claim{}, &acp.Error{Kind: acp.KindInFlight, Code: "in_flight", Message: "the same request is being carried out"}
}

// meetClaim decides what becomes of a request whose key is there already. It
// reports again when the row has changed meanwhile.
func meetClaim(db *gorm.DB, fresh claimRow, now int64) (held claimRow, again bool, err error) {
	err = ofKey(db, fresh).Take(&held).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return held, true, nil
	}
	if err != nil {
		return held, false, err
	}
	next := fresh // past its end, the row counts as absent
	if held.ExpiresAt > now {
		if held.Fingerprint != fresh.Fingerprint {
			return held, false, &acp.Error{
				Kind: acp.KindReused, Code: "idempotency_conflict", Message: "the idempotency key was used for another request",
			}
		}
		abandoned := held.State == acp.Unresolved || held.State == acp.Claimed && held.LeaseUntil <= now
		if !abandoned {
			return held, false, nil
		}
		next.ID, next.Created = held.ID, held.Created
	}
	taken := ofKey(db, held).Where(
		"id = ? AND owner = ? AND state = ? AND lease_until = ?", held.ID, held.Owner, held.State, held.LeaseUntil,
	).Select("*").Updates(next)
	return next, taken.RowsAffected == 0, taken.Error
}

func ofKey(db *gorm.DB, r claimRow) *gorm.DB {
	return db.Model(&claimRow{}).Where(
		"merchant_id = ? AND connection_id = ? AND operation = ? AND idempotency_key = ?",
		r.MerchantID, r.ConnectionID, r.Operation, r.IdempotencyKey,
	)
}

// Answer implements acp.Claims.
func (s *Store) Answer(ctx context.Context, c acp.Claim, status int, body []byte) error {
	stored := s.ownClaim(ctx, c).Updates(map[string]any{"state": acp.Done, "status": status, "body": body})
	if stored.Error == nil && stored.RowsAffected == 0 {
		return stale("request")
	}
	return failed("store answer", stored.Error)
}

// Abandon implements acp.Claims. A claim that was taken over meanwhile is not
// ours to abandon and stays as it is.
func (s *Store) Abandon(ctx context.Context, c acp.Claim) error {
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
