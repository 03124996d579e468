package store

import (
	"maps"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

// putMedia adds pictures to what the same run has brought before, and begins
// anew where an earlier run's pictures, or none, are there. Pictures that were
// read by themselves during the run stay.
func putMedia(tx *gorm.DB, m acp.MerchantID, f freshness, media map[string][]acp.MediaRecord) error {
	products := slices.Sorted(maps.Keys(media))
	if len(products) == 0 {
		return nil
	}
	known, err := mediaOf(tx, m, products)
	if err != nil {
		return err
	}
	var rows []mediaRow
	for _, id := range products {
		row := mediaRow{MerchantID: m, ProductID: id, Generation: f.Generation, Refetched: f.Refetched}
		if k, ok := known[id]; ok && f.Refetched == 0 {
			if k.Refetched == f.Generation || k.Generation > f.Generation {
				continue
			}
			if k.Generation == f.Generation {
				row.Pictures = k.Pictures
			}
		}
		if row, err = row.withPictures(media[id]); err != nil {
			return err
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return nil
	}
	return tx.Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(rows, rowsPerInsert).Error
}

func mediaOf(tx *gorm.DB, m acp.MerchantID, products []string) (map[string]mediaRow, error) {
	var rows []mediaRow
	if err := tx.Where("merchant_id = ? AND product_id IN ?", m, products).Find(&rows).Error; err != nil {
		return nil, err
	}
	known := make(map[string]mediaRow, len(rows))
	for _, row := range rows {
		known[row.ProductID] = row
	}
	return known, nil
}
