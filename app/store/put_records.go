package store

import (
	"context"
	"strings"
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
		return putMedia(tx, m, freshness{Generation: generation}, b.media)
	})
}

var productColumns = []string{
	"title", "description", "brand", "category", "url", "image_url", "single_variant",
	"hidden", "updated_at", "refetched", "removed_at",
}

var variantColumns = []string{
	"product_id", "inventory_item", "title", "sku", "gtin", "image_url", "options", "price", "compare_at",
	"availability", "stock", "shippable", "weight_grams", "hidden", "updated_at", "refetched", "removed_at",
}

// upsert writes rows unless what is there is fresher. A row that is spared
// still counts as seen by the run, so that the run's end does not take it for
// gone. All in one statement: to find spared rows again by a list of ids is
// slow on PostgreSQL while a table is new and has no statistics.
func upsert[R any](tx *gorm.DB, now time.Time, table string, columns []string, rows []R) error {
	if len(rows) == 0 {
		return nil
	}
	in := strings.NewReplacer("{t}", table, "{fresher}", strings.ReplaceAll(fresher, "{t}", table))
	set := func(column, expression string, values ...any) clause.Assignment {
		return clause.Assignment{Column: clause.Column{Name: column}, Value: gorm.Expr(in.Replace(expression), values...)}
	}
	updates := clause.Set{
		set("generation", `CASE WHEN {fresher} OR excluded.generation > {t}.generation
			THEN excluded.generation ELSE {t}.generation END`),
		set("gone_at", `CASE WHEN NOT {fresher} THEN {t}.gone_at WHEN excluded.gone_at = 0 THEN 0
			WHEN {t}.gone_at > 0 THEN {t}.gone_at ELSE ? END`, toMillis(now)),
	}
	for _, c := range columns {
		updates = append(updates, set(c, "CASE WHEN {fresher} THEN excluded."+c+" ELSE {t}."+c+" END"))
	}
	return tx.Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "merchant_id"}, {Name: "id"}}, DoUpdates: updates,
	}).CreateInBatches(rows, rowsPerInsert).Error
}

// fresher compares a record with the row {t} that is there; see PutRecords.
const fresher = `(({t}.refetched = excluded.generation AND excluded.refetched = 0 AND excluded.updated_at > {t}.updated_at)
	OR (({t}.refetched <> excluded.generation OR excluded.refetched > 0) AND excluded.updated_at >= {t}.updated_at)
	OR ({t}.removed_at > 0 AND {t}.generation < excluded.generation))`
