package store

import (
	"context"
	"math/rand/v2"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

type dirtyRow struct {
	MerchantID acp.MerchantID `gorm:"primaryKey"`
	ProductID  string         `gorm:"primaryKey"`
	Mark       int64
	MarkedAt   int64
}

// TableName implements gorm's Tabler.
func (dirtyRow) TableName() string { return "dirty_products" }

// MarkDirty implements acp.CatalogBook. Each call has a mark of its own, so
// that clearing what was read before cannot clear what came after.
func (s *Store) MarkDirty(ctx context.Context, m acp.MerchantID, products []string, tasks ...acp.Task) error {
	unique := slices.Compact(slices.Sorted(slices.Values(products)))
	mark, now := rand.Int64(), toMillis(s.Now())
	rows := each(unique, func(id string) dirtyRow {
		return dirtyRow{MerchantID: m, ProductID: id, Mark: mark, MarkedAt: now}
	})
	return s.commit(ctx, "mark products", tasks, func(tx *gorm.DB) error {
		if len(rows) == 0 {
			return nil
		}
		return tx.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "merchant_id"}, {Name: "product_id"}},
			DoUpdates: clause.AssignmentColumns([]string{"mark"}),
		}).CreateInBatches(rows, rowsPerInsert).Error
	})
}

// DirtyProducts implements acp.CatalogBook; those that wait longest come first.
func (s *Store) DirtyProducts(ctx context.Context, m acp.MerchantID, limit int) (map[string]int64, error) {
	var rows []dirtyRow
	err := s.read.WithContext(ctx).Where("merchant_id = ?", m).Order("marked_at, product_id").Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, failed("list marked products", err)
	}
	marks := make(map[string]int64, len(rows))
	for _, row := range rows {
		marks[row.ProductID] = row.Mark
	}
	return marks, nil
}

// ClearDirty implements acp.CatalogBook.
func (s *Store) ClearDirty(ctx context.Context, m acp.MerchantID, marks map[string]int64) error {
	return s.commit(ctx, "clear marked products", nil, func(tx *gorm.DB) error {
		for product, mark := range marks {
			err := tx.Where("merchant_id = ? AND product_id = ? AND mark = ?", m, product, mark).Delete(&dirtyRow{}).Error
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// ProductOfInventory implements acp.CatalogBook.
func (s *Store) ProductOfInventory(ctx context.Context, m acp.MerchantID, inventoryItem string) (string, error) {
	var row variantRow
	err := s.read.WithContext(ctx).Select("product_id").
		Where("merchant_id = ? AND inventory_item = ?", m, inventoryItem).
		Order("removed_at, id").Limit(1).Take(&row).Error
	if err != nil {
		return "", found("inventory item", err)
	}
	return row.ProductID, nil
}
