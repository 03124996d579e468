package store

import (
	"cmp"
	"slices"

	"github.com/acp-bridge/acp-bridge/acp"
)

// batch is a list of records taken apart: the newest of each product and
// variant (one statement cannot write a row twice), pictures by product.
type batch struct {
	products []acp.ProductRecord
	variants []acp.VariantRecord
	media    map[string][]acp.MediaRecord
}

func sortRecords(records []acp.Record) batch {
	b := batch{media: make(map[string][]acp.MediaRecord)}
	for _, r := range records {
		switch {
		case r.Product != nil:
			b.products = append(b.products, *r.Product)
		case r.Variant != nil:
			b.variants = append(b.variants, *r.Variant)
		case r.Media != nil:
			b.media[r.Media.ProductID] = append(b.media[r.Media.ProductID], *r.Media)
		}
	}
	b.products = newest(b.products, func(a, b acp.ProductRecord) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), b.UpdatedAt.Compare(a.UpdatedAt))
	}, func(a, b acp.ProductRecord) bool { return a.ID == b.ID })
	b.variants = newest(b.variants, func(a, b acp.VariantRecord) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), b.UpdatedAt.Compare(a.UpdatedAt))
	}, func(a, b acp.VariantRecord) bool { return a.ID == b.ID })
	return b
}

// newest keeps the first of equal records after sorting; the last one read
// comes first among those of the same time. Sorting by ID also makes
// concurrent writers lock rows in the same order.
func newest[R any](records []R, order func(a, b R) int, same func(a, b R) bool) []R {
	slices.Reverse(records)
	slices.SortStableFunc(records, order)
	return slices.CompactFunc(records, same)
}

// rows converts the batch for writing in a generation.
func (b batch) rows(m acp.MerchantID, f freshness) ([]productRow, []variantRow, error) {
	products := each(b.products, func(p acp.ProductRecord) productRow { return newProductRow(m, p, f) })
	variants := make([]variantRow, len(b.variants))
	for i, v := range b.variants {
		var err error
		if variants[i], err = newVariantRow(m, v, f); err != nil {
			return nil, nil, err
		}
	}
	return products, variants, nil
}
