package store

import (
	"context"

	"gorm.io/gorm"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Recover ends every lease that an earlier process left behind, so that its
// work goes on at once instead of when the leases run out. It does so on
// SQLite only, where one process at a time works; on PostgreSQL another
// instance may hold them rightly.
func (s *Store) Recover(ctx context.Context) error {
	if s.Database.Dialect() != "sqlite" {
		return nil
	}
	return s.commit(ctx, "end leases of an earlier process", nil, func(tx *gorm.DB) error {
		err := tx.Model(&sessionRow{}).Where("lease_until > 0").
			Updates(map[string]any{"lease_owner": "", "lease_until": 0}).Error
		if err != nil {
			return err
		}
		if err := tx.Model(&reconciliationRow{}).Where("lease_until > 0").Update("lease_until", 0).Error; err != nil {
			return err
		}
		if err := tx.Model(&eventRow{}).Where("lease_until > 0").Update("lease_until", 0).Error; err != nil {
			return err
		}
		return tx.Model(&claimRow{}).Where("state = ?", acp.Claimed).Update("state", acp.Unresolved).Error
	})
}
