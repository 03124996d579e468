package store

import (
	"context"
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

type mirrorRow struct {
	MerchantID acp.MerchantID `gorm:"primaryKey"`
	State      acp.MirrorState
	Operation  string
	Generation int64
	StartedAt  int64
	FinishedAt int64
	ChangedAt  int64
	Products   int64
	Items      int64
	LastError  string
}

// TableName implements gorm's Tabler.
func (mirrorRow) TableName() string { return "mirrors" }

func newMirrorRow(x acp.Mirror) mirrorRow {
	return mirrorRow{
		MerchantID: x.Merchant, State: x.State, Operation: x.Operation, Generation: x.Generation,
		StartedAt: toMillis(x.StartedAt), FinishedAt: toMillis(x.FinishedAt), ChangedAt: toMillis(x.ChangedAt),
		Products: x.Products, Items: x.Items, LastError: storable(x.LastError),
	}
}

func (r mirrorRow) mirror() acp.Mirror {
	return acp.Mirror{
		Merchant: r.MerchantID, State: r.State, Operation: r.Operation, Generation: r.Generation,
		StartedAt: fromMillis(r.StartedAt), FinishedAt: fromMillis(r.FinishedAt), ChangedAt: fromMillis(r.ChangedAt),
		Products: r.Products, Items: r.Items, LastError: r.LastError,
	}
}

// Mirror implements acp.CatalogBook.
func (s *Store) Mirror(ctx context.Context, m acp.MerchantID) (acp.Mirror, error) {
	var row mirrorRow
	err := s.read.WithContext(ctx).Where("merchant_id = ?", m).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return acp.Mirror{Merchant: m, State: acp.MirrorEmpty}, nil
	}
	return row.mirror(), failed("read mirror", err)
}

// SaveMirror implements acp.CatalogBook.
func (s *Store) SaveMirror(ctx context.Context, mirror acp.Mirror, tasks ...acp.Task) error {
	return s.commit(ctx, "save mirror", tasks, func(tx *gorm.DB) error { return saveMirror(tx, mirror) })
}

func saveMirror(tx *gorm.DB, mirror acp.Mirror) error {
	row := newMirrorRow(mirror)
	return tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
}

// FinishMirror implements acp.CatalogBook.
func (s *Store) FinishMirror(ctx context.Context, mirror acp.Mirror) (acp.Mirror, error) {
	err := s.commit(ctx, "finish mirror", nil, func(tx *gorm.DB) error {
		for _, table := range []any{&productRow{}, &variantRow{}} {
			old := tx.Model(table).Where("merchant_id = ? AND generation < ? AND removed_at = 0", mirror.Merchant, mirror.Generation)
			if err := s.remove(old, nil); err != nil {
				return err
			}
		}
		err := tx.Where("merchant_id = ? AND generation < ?", mirror.Merchant, mirror.Generation).Delete(&mediaRow{}).Error
		if err != nil {
			return err
		}
		if mirror.Products, mirror.Items, err = countForSale(tx, mirror.Merchant, nil); err != nil {
			return err
		}
		return saveMirror(tx, mirror)
	})
	return mirror, err
}

// remove marks rows as removed; more is written beside the mark.
func (s *Store) remove(rows *gorm.DB, more map[string]any) error {
	now := toMillis(s.Now())
	changes := map[string]any{
		"removed_at": now, "gone_at": gorm.Expr("CASE WHEN gone_at = 0 THEN ? ELSE gone_at END", now),
	}
	for column, value := range more {
		changes[column] = value
	}
	return rows.Updates(changes).Error
}

// countForSale counts products that have anything to sell, and their variants:
// of these products, or of all when products is nil.
func countForSale(tx *gorm.DB, m acp.MerchantID, products []string) (n, items int64, err error) {
	query := tx.Table("variants AS v").
		Joins("JOIN products AS p ON p.merchant_id = v.merchant_id AND p.id = v.product_id").
		Where("v.merchant_id = ? AND v.gone_at = 0 AND p.gone_at = 0", m)
	if products != nil {
		query = query.Where("p.id IN ?", products)
	}
	err = query.Select("COUNT(DISTINCT p.id), COUNT(*)").Row().Scan(&n, &items)
	return n, items, err
}
