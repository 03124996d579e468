package acp

import "time"

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
