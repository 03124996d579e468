package store

import (
	"context"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// LeaseSession implements acp.Sessions. It is one conditional statement, so
// that of any number of processes one gets the lease; an owner may extend its
// own. KindNotFound when there is no such session.
func (s *Store) LeaseSession(ctx context.Context, m acp.MerchantID, id acp.SessionID, owner string, now, until time.Time) error {
	leased := s.write.WithContext(ctx).Model(&sessionRow{}).
		Where("merchant_id = ? AND id = ? AND (lease_until <= ? OR lease_owner = ?)", m, id, toMillis(now), owner).
		Updates(map[string]any{"lease_owner": owner, "lease_until": toMillis(until)})
	if leased.Error != nil || leased.RowsAffected == 1 {
		return failed("lease session", leased.Error)
	}
	var row sessionRow
	err := s.read.WithContext(ctx).Select("lease_until").Where("merchant_id = ? AND id = ?", m, id).Take(&row).Error
	if err != nil {
		return found("checkout session", err)
	}
	return &acp.Error{
		Kind: acp.KindInFlight, Code: "checkout_in_progress", Message: "the session is being completed",
		RetryAfter: max(fromMillis(row.LeaseUntil).Sub(now), 0),
	}
}

// ReleaseSession implements acp.Sessions. A lease that another owner has by
// now is left alone.
func (s *Store) ReleaseSession(ctx context.Context, m acp.MerchantID, id acp.SessionID, owner string) error {
	err := s.write.WithContext(ctx).Model(&sessionRow{}).
		Where("merchant_id = ? AND id = ? AND lease_owner = ?", m, id, owner).
		Updates(map[string]any{"lease_owner": "", "lease_until": 0}).Error
	return failed("release session", err)
}
