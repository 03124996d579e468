package store

import (
	"context"
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

// SaveMerchant implements acp.InstallBook. A shop that has left comes back
// only with tokens, so that a late refresh of its profile cannot revive it.
func (s *Store) SaveMerchant(ctx context.Context, m acp.Merchant) (acp.Merchant, error) {
	row, err := newMerchantRow(m)
	if err != nil {
		return acp.Merchant{}, failed("save merchant", err)
	}
	err = s.commit(ctx, "save merchant", nil, func(tx *gorm.DB) error { return saveMerchant(tx, &row) })
	if err != nil {
		return acp.Merchant{}, err
	}
	m, err = row.merchant()
	return m, failed("save merchant", err)
}

func saveMerchant(tx *gorm.DB, row *merchantRow) error {
	// Inserting first takes the row's lock on PostgreSQL, so that two browser
	// tabs that install the same shop make one merchant.
	created := tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "shop"}}, DoNothing: true}).Create(row)
	if created.Error != nil || created.RowsAffected == 1 {
		return created.Error
	}
	var known merchantRow
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("shop = ?", row.Shop).Take(&known).Error
	if err != nil {
		return err
	}
	row.ID, row.Completion, row.FeedToken = known.ID, known.Completion, known.FeedToken
	row.Acceptance, row.Following = known.Acceptance, known.Following
	if known.Status == acp.Uninstalled {
		if row.Status, err = returning(tx, *row); err != nil {
			return err
		}
	}
	return tx.Model(&merchantRow{}).Where("id = ?", row.ID).
		Select("status", "profile", "installed_at", "updated_at").Updates(*row).Error
}

func returning(tx *gorm.DB, row merchantRow) (acp.MerchantStatus, error) {
	var grants int64
	err := tx.Model(&installationRow{}).Where("shop = ? AND access_token <> ''", row.Shop).Count(&grants).Error
	if err != nil || grants == 0 {
		return acp.Uninstalled, err
	}
	return row.Status, nil
}

// Forget implements acp.InstallBook. The tokens' row stays without them: its
// revision keeps a renewal that is under way from writing them back.
func (s *Store) Forget(ctx context.Context, m acp.MerchantID) error {
	return s.commit(ctx, "forget shop", nil, func(tx *gorm.DB) error {
		var row merchantRow
		err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", m).Take(&row).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return acp.NotFound("merchant")
		}
		if err != nil {
			return err
		}
		err = tx.Model(&installationRow{}).Where("shop = ?", row.Shop).Updates(map[string]any{
			"access_token": "", "refresh_token": "", "expires_at": 0, "refresh_expires_at": 0,
			"revision": gorm.Expr("revision + 1"),
		}).Error
		if err != nil {
			return err
		}
		return tx.Model(&merchantRow{}).Where("id = ?", m).
			Updates(map[string]any{"status": acp.Uninstalled, "updated_at": toMillis(s.Now())}).Error
	})
}

// SetCompletion implements acp.ConnectionBook.
func (s *Store) SetCompletion(ctx context.Context, m acp.MerchantID, c acp.Completion) error {
	done := s.write.WithContext(ctx).Model(&merchantRow{}).Where("id = ?", m).
		Updates(map[string]any{"completion": c, "updated_at": toMillis(s.Now())})
	if done.Error == nil && done.RowsAffected == 0 {
		return acp.NotFound("merchant")
	}
	return failed("set completion", done.Error)
}
