package acp

import (
	"context"
	"errors"
	"time"
)

// CatalogSource reads the shop's catalog.
type CatalogSource interface {
	// StartBulk starts an export of the whole catalog.
	StartBulk(ctx context.Context, m Merchant) (Bulk, error)
	// Bulk tells how far an export is.
	Bulk(ctx context.Context, m Merchant, operation string) (Bulk, error)
	// Records streams a finished export; it fails when the result is shorter
	// than Objects says. An error of the callback ends it.
	Records(ctx context.Context, m Merchant, b Bulk, each func(Record) error) error
	// Refetch reads some products with all their variants and media as
	// records; products that are gone are in missing.
	Refetch(ctx context.Context, m Merchant, products []string) (records []Record, missing []string, err error)
}

// CatalogBook keeps the mirror.
type CatalogBook interface {
	// Mirror reads the state; a merchant never mirrored has MirrorEmpty.
	Mirror(ctx context.Context, m MerchantID) (Mirror, error)
	// SaveMirror writes it and enqueues the tasks in one commit.
	SaveMirror(ctx context.Context, mirror Mirror, tasks ...Task) error
	// PutRecords writes records of a generation; a newer row (UpdatedAt) is
	// not overwritten by an older record.
	PutRecords(ctx context.Context, m MerchantID, generation int64, records []Record) error
	// ReplaceProducts writes refetched products in one commit: what a product
	// had and has no more is removed, missing products are removed.
	ReplaceProducts(ctx context.Context, m MerchantID, generation int64, records []Record, missing []string) error
	// FinishMirror removes everything of older generations (it stays known as
	// removed), counts, and saves the mirror, in one commit.
	FinishMirror(ctx context.Context, mirror Mirror) (Mirror, error)
	// MarkDirty notes products to be read again and enqueues the tasks.
	MarkDirty(ctx context.Context, m MerchantID, products []string, tasks ...Task) error
	// DirtyProducts returns up to limit noted products with the mark to clear
	// them by; ClearDirty forgets those that were not marked again since.
	DirtyProducts(ctx context.Context, m MerchantID, limit int) (map[string]int64, error)
	ClearDirty(ctx context.Context, m MerchantID, marks map[string]int64) error
	// ProductOfInventory finds the product of an inventory item, KindNotFound.
	ProductOfInventory(ctx context.Context, m MerchantID, inventoryItem string) (string, error)
}

const (
	bulkPoll     = 2 * time.Second
	recordBatch  = 500
	refetchBatch = 20
)

// Catalog keeps the mirror of a shop's catalog.
type Catalog struct {
	Book      CatalogBook
	Source    CatalogSource
	Merchants Merchants
	Poll      time.Duration // between looks at a running export; 0: two seconds
	Now       func() time.Time
}

// NewCatalog checks that nothing is missing.
func NewCatalog(c Catalog) (*Catalog, error) {
	if c.Book == nil || c.Source == nil || c.Merchants == nil || c.Now == nil {
		return nil, errors.New("catalog: a field is missing")
	}
	if c.Poll == 0 {
		c.Poll = bulkPoll
	}
	return &c, nil
}
