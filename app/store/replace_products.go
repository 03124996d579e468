package store

import (
	"context"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

// ReplaceProducts implements acp.CatalogBook. A product of which something
// newer is stored is left out, with its variants.
func (s *Store) ReplaceProducts(ctx context.Context, m acp.MerchantID, generation int64, records []acp.Record, missing []string) error {
	return s.commit(ctx, "replace products", nil, func(tx *gorm.DB) error {
		mirror, err := lockMirror(tx, m)
		if err != nil {
			return err
		}
		// A run that has begun since must not take these rows for gone.
		generation = max(generation, mirror.Generation)
		b, err := sortRecords(records).without(tx, m)
		if err != nil {
			return err
		}
		products := slices.Concat(each(b.products, func(p acp.ProductRecord) string { return p.ID }), missing)
		if len(products) == 0 {
			return nil
		}
		before, itemsBefore, err := countForSale(tx, m, products)
		if err != nil {
			return err
		}
		f := freshness{Generation: generation, Refetched: generation}
		if err := s.replace(tx, m, f, b, missing); err != nil {
			return err
		}
		after, itemsAfter, err := countForSale(tx, m, products)
		if err != nil {
			return err
		}
		return tx.Model(&mirrorRow{}).Where("merchant_id = ?", m).Updates(map[string]any{
			"changed_at": toMillis(s.Now()),
			"products":   mirror.Products + after - before, "items": mirror.Items + itemsAfter - itemsBefore,
		}).Error
	})
}

// lockMirror reads the state and makes concurrent refreshes of the merchant
// wait for each other.
func lockMirror(tx *gorm.DB, m acp.MerchantID) (mirrorRow, error) {
	var row mirrorRow
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("merchant_id = ?", m).Find(&row).Error
	return row, err
}

// without leaves out products that are stored in a newer state.
func (b batch) without(tx *gorm.DB, m acp.MerchantID) (batch, error) {
	ids := each(b.products, func(p acp.ProductRecord) string { return p.ID })
	if len(ids) == 0 {
		return b, nil
	}
	var known []productRow
	err := tx.Select("id", "updated_at").Where("merchant_id = ? AND id IN ?", m, ids).Find(&known).Error
	if err != nil {
		return b, err
	}
	updated := make(map[string]int64, len(known))
	for _, row := range known {
		updated[row.ID] = row.Updated
	}
	older := make(map[string]bool)
	b.products = slices.DeleteFunc(b.products, func(p acp.ProductRecord) bool {
		older[p.ID] = toMillis(p.UpdatedAt) < updated[p.ID]
		return older[p.ID]
	})
	b.variants = slices.DeleteFunc(b.variants, func(v acp.VariantRecord) bool { return older[v.ProductID] })
	for id := range older {
		if older[id] {
			delete(b.media, id)
		}
	}
	return b, nil
}

func (s *Store) replace(tx *gorm.DB, m acp.MerchantID, f freshness, b batch, missing []string) error {
	products, variants, err := b.rows(m, f)
	if err != nil {
		return err
	}
	if err := upsert(tx, s.Now(), "products", productColumns, products); err != nil {
		return err
	}
	if err := upsert(tx, s.Now(), "variants", variantColumns, variants); err != nil {
		return err
	}
	for _, p := range b.products {
		if err := s.replaceParts(tx, m, f, p.ID, b); err != nil {
			return err
		}
	}
	if err := putMedia(tx, m, f, b.media); err != nil {
		return err
	}
	return s.removeProducts(tx, m, f, missing)
}

// replaceParts removes what the product had and has no more.
func (s *Store) replaceParts(tx *gorm.DB, m acp.MerchantID, f freshness, product string, b batch) error {
	kept := []string{""} // an empty list would not parse
	for _, v := range b.variants {
		if v.ProductID == product {
			kept = append(kept, v.ID)
		}
	}
	lost := tx.Model(&variantRow{}).Where("merchant_id = ? AND product_id = ? AND id NOT IN ? AND removed_at = 0", m, product, kept)
	if err := s.remove(lost, f.removed(s.Now())); err != nil {
		return err
	}
	return tx.Where("merchant_id = ? AND product_id = ?", m, product).Delete(&mediaRow{}).Error
}

func (s *Store) removeProducts(tx *gorm.DB, m acp.MerchantID, f freshness, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	products := tx.Model(&productRow{}).Where("merchant_id = ? AND id IN ? AND removed_at = 0", m, ids)
	if err := s.remove(products, f.removed(s.Now())); err != nil {
		return err
	}
	variants := tx.Model(&variantRow{}).Where("merchant_id = ? AND product_id IN ? AND removed_at = 0", m, ids)
	if err := s.remove(variants, f.removed(s.Now())); err != nil {
		return err
	}
	return tx.Where("merchant_id = ? AND product_id IN ?", m, ids).Delete(&mediaRow{}).Error
}
