package acp

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// MirrorState is where the mirror of a catalog stands.
type MirrorState string

// The states of a mirror.
const (
	MirrorEmpty   MirrorState = "empty"
	MirrorRunning MirrorState = "running"
	MirrorCurrent MirrorState = "current"
	MirrorFailed  MirrorState = "failed"
)

// Mirror is the state of a merchant's catalog mirror. A full run writes a new
// generation; what it does not touch has left the shop.
type Mirror struct {
	Merchant   MerchantID
	State      MirrorState
	Operation  string // Shopify's bulk operation while one runs
	Generation int64
	StartedAt  time.Time
	FinishedAt time.Time // of the last full run that succeeded
	ChangedAt  time.Time // of the last change, full or partial
	Products   int64
	Items      int64 // purchasable variants
	LastError  string
}

// Bulk is a running export of the catalog.
type Bulk struct {
	Operation string
	Done      bool
	Failed    string // why, when it ended without a result
	URL       string // of the result; empty when there are no products
	Objects   int64  // how many lines the result must have
}

// Record is one line of the catalog export: exactly one field is set. Variants
// and media name their product; they may come long before or after it.
type Record struct {
	Product *ProductRecord
	Variant *VariantRecord
	Media   *MediaRecord
}

// ProductRecord is a product without its variants.
type ProductRecord struct {
	ID            string // Shopify's global id
	Title         string
	Description   string // plain text
	Brand         string
	Category      string
	URL           string // empty when not on the online store
	ImageURL      string
	SingleVariant bool
	Hidden        string // why agents may not sell it; empty: they may
	UpdatedAt     time.Time
}

// VariantRecord is a purchasable variant.
type VariantRecord struct {
	ID            string // Shopify's global id
	ProductID     string
	InventoryItem string
	Title         string
	SKU           string
	GTIN          string
	ImageURL      string
	Options       []NamedValue
	Price         int64 // minor units of the shop's currency
	CompareAt     int64
	Availability  Availability
	Stock         *int64
	Shippable     bool
	WeightGrams   int64
	Hidden        string
	UpdatedAt     time.Time
}

// MediaRecord is a further picture of a product.
type MediaRecord struct {
	ID        string
	ProductID string
	URL       string
}

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

// Request asks for a full mirror run; one that is running already goes on.
func (c *Catalog) Request(ctx context.Context, id MerchantID) error {
	mirror, err := c.Book.Mirror(ctx, id)
	if err != nil || mirror.State == MirrorRunning {
		return err
	}
	mirror.State, mirror.StartedAt, mirror.LastError = MirrorRunning, c.Now(), ""
	mirror.Generation++
	mirror.Operation = ""
	return c.Book.SaveMirror(ctx, mirror, Task{Kind: TaskMirrorCatalog, Merchant: id})
}

// Advance carries the requested mirror run one step on: it starts the export,
// looks whether it is done, or reads it in. It returns how long to wait before
// the next step, zero when there is none.
func (c *Catalog) Advance(ctx context.Context, id MerchantID) (time.Duration, error) {
	mirror, err := c.Book.Mirror(ctx, id)
	if err != nil || mirror.State != MirrorRunning {
		return 0, err
	}
	m, err := c.Merchants.Merchant(ctx, id)
	if err != nil {
		return 0, err
	}
	if mirror.Operation == "" {
		b, err := c.Source.StartBulk(ctx, m)
		if err != nil {
			return 0, c.failed(ctx, mirror, fmt.Errorf("start export: %w", err))
		}
		mirror.Operation = b.Operation
		return c.Poll, c.Book.SaveMirror(ctx, mirror)
	}
	b, err := c.Source.Bulk(ctx, m, mirror.Operation)
	switch {
	case err != nil:
		return 0, c.failed(ctx, mirror, fmt.Errorf("look at export: %w", err))
	case b.Failed != "":
		return 0, c.failed(ctx, mirror, errors.New("export failed: "+b.Failed))
	case !b.Done:
		return c.Poll, nil
	}
	return 0, c.readIn(ctx, m, mirror, b)
}

// readIn streams the export into the mirror in batches. Readers see rows get
// fresher one by one; nothing is removed before the last line is in.
func (c *Catalog) readIn(ctx context.Context, m Merchant, mirror Mirror, b Bulk) error {
	batch := make([]Record, 0, recordBatch)
	flush := func() error {
		err := c.Book.PutRecords(ctx, m.ID, mirror.Generation, batch)
		batch = batch[:0]
		return err
	}
	err := c.Source.Records(ctx, m, b, func(r Record) error {
		batch = append(batch, r)
		if len(batch) < recordBatch {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		return c.failed(ctx, mirror, fmt.Errorf("read export: %w", err))
	}
	now := c.Now()
	mirror.State, mirror.Operation, mirror.FinishedAt, mirror.ChangedAt = MirrorCurrent, "", now, now
	_, err = c.Book.FinishMirror(ctx, mirror)
	return err
}

// failed notes why a run ended; staff see it, and the next nightly run, or a
// press of the button, tries again.
func (c *Catalog) failed(ctx context.Context, mirror Mirror, why error) error {
	switch KindOf(why) {
	case KindThrottled, KindUnavailable, KindUnknown, KindStale:
		return why // the task is tried again
	}
	mirror.State, mirror.Operation, mirror.LastError = MirrorFailed, "", why.Error()
	return c.Book.SaveMirror(ctx, mirror)
}

// Changed notes that products changed in the shop. News only mark them dirty;
// the data is read again.
func (c *Catalog) Changed(ctx context.Context, id MerchantID, products []string) error {
	return c.Book.MarkDirty(ctx, id, products, Task{Kind: TaskRefreshItems, Merchant: id})
}

// StockChanged notes that the stock of an inventory item changed.
func (c *Catalog) StockChanged(ctx context.Context, id MerchantID, inventoryItem string) error {
	product, err := c.Book.ProductOfInventory(ctx, id, inventoryItem)
	if KindOf(err) == KindNotFound {
		return nil // not in the mirror: a full run will bring it
	}
	if err != nil {
		return err
	}
	return c.Changed(ctx, id, []string{product})
}

// RefreshDirty reads the noted products again, a batch at a time, until none
// is left.
func (c *Catalog) RefreshDirty(ctx context.Context, id MerchantID) error {
	m, err := c.Merchants.Merchant(ctx, id)
	if err != nil {
		return err
	}
	for {
		marks, err := c.Book.DirtyProducts(ctx, id, refetchBatch)
		if err != nil || len(marks) == 0 {
			return err
		}
		if err := c.refresh(ctx, m, marks); err != nil {
			return err
		}
	}
}

func (c *Catalog) refresh(ctx context.Context, m Merchant, marks map[string]int64) error {
	products := make([]string, 0, len(marks))
	for id := range marks {
		products = append(products, id)
	}
	records, missing, err := c.Source.Refetch(ctx, m, products)
	if err != nil {
		return fmt.Errorf("refetch products: %w", err)
	}
	mirror, err := c.Book.Mirror(ctx, m.ID)
	if err != nil {
		return err
	}
	if err := c.Book.ReplaceProducts(ctx, m.ID, mirror.Generation, records, missing); err != nil {
		return err
	}
	return c.Book.ClearDirty(ctx, m.ID, marks)
}
