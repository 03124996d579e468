package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

// rowsPerInsert keeps a statement below SQLite's 32,766 and PostgreSQL's
// 65,535 parameters.
const rowsPerInsert = 500

// PutRecords implements acp.CatalogBook. Besides newer rows it spares rows that
// were read by themselves since the run began (an export shows the shop as it
// was at its beginning): those need a record that is newer. A row that an
// earlier run removed comes back whatever its age.
func (s *Store) PutRecords(ctx context.Context, m acp.MerchantID, generation int64, records []acp.Record) error {
	b := sortRecords(records)
	products, variants, err := b.rows(m, freshness{Generation: generation})
	if err != nil {
		return failed("write catalog", err)
	}
	return s.commit(ctx, "write catalog", nil, func(tx *gorm.DB) error {
		if err := upsert(tx, s.Now(), "products", productColumns, products); err != nil {
			return err
		}
		if err := upsert(tx, s.Now(), "variants", variantColumns, variants); err != nil {
			return err
		}
		if err := touch(tx, m, generation, b); err != nil {
			return err
		}
		return putMedia(tx, m, freshness{Generation: generation}, b.media)
	})
}

var productColumns = []string{
	"title", "description", "brand", "category", "url", "image_url", "single_variant",
	"hidden", "updated_at", "generation", "refetched", "removed_at",
}

var variantColumns = []string{
	"product_id", "inventory_item", "title", "sku", "gtin", "image_url", "options", "price", "compare_at",
	"availability", "stock", "shippable", "weight_grams", "hidden", "updated_at", "generation", "refetched", "removed_at",
}

// upsert writes rows unless what is there is fresher.
func upsert[R any](tx *gorm.DB, now time.Time, table string, columns []string, rows []R) error {
	if len(rows) == 0 {
		return nil
	}
	gone := gorm.Expr("CASE WHEN excluded.gone_at = 0 THEN 0 WHEN "+table+".gone_at > 0 THEN "+table+".gone_at ELSE ? END",
		toMillis(now))
	fresher := "(" + table + ".refetched = excluded.generation AND excluded.refetched = 0 AND " +
		"excluded.updated_at > " + table + ".updated_at)" +
		" OR ((" + table + ".refetched <> excluded.generation OR excluded.refetched > 0) AND " +
		"excluded.updated_at >= " + table + ".updated_at)" +
		" OR (" + table + ".removed_at > 0 AND " + table + ".generation < excluded.generation)"
	return tx.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "merchant_id"}, {Name: "id"}},
		DoUpdates: append(clause.AssignmentColumns(columns), clause.Assignment{Column: clause.Column{Name: "gone_at"}, Value: gone}),
		Where:     clause.Where{Exprs: []clause.Expression{gorm.Expr(fresher)}},
	}).CreateInBatches(rows, rowsPerInsert).Error
}

// touch notes that the run has seen the rows, also those that it did not
// overwrite, so that its end does not take them for gone.
func touch(tx *gorm.DB, m acp.MerchantID, generation int64, b batch) error {
	products := each(b.products, func(p acp.ProductRecord) string { return p.ID })
	if err := touchRows(tx.Model(&productRow{}), m, generation, products); err != nil {
		return err
	}
	variants := each(b.variants, func(v acp.VariantRecord) string { return v.ID })
	return touchRows(tx.Model(&variantRow{}), m, generation, variants)
}

func touchRows(table *gorm.DB, m acp.MerchantID, generation int64, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return table.Where("merchant_id = ? AND id IN ? AND generation < ? AND removed_at = 0", m, ids, generation).
		Update("generation", generation).Error
}
