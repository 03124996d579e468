package acp

import "time"

// ItemID is what agents call a purchasable item: the feed's item_id, which is
// the numeric id of a Shopify variant.
type ItemID string

// Item is one purchasable variant in the mirror of the shop's catalog. Prices
// are minor units of the shop's currency; the mirror may be stale, so it feeds
// agents but never prices a checkout.
type Item struct {
	ID             ItemID
	VariantID      string // Shopify's global ids
	ProductID      string
	Title          string // of the product
	VariantTitle   string // empty when the product has one variant only
	Description    string // plain text
	Brand          string
	Category       string
	SKU            string
	GTIN           string // only when its check digit is right
	URL            string // empty when not on the online store
	ImageURL       string
	MoreImages     []string
	Options        []NamedValue
	SingleVariant  bool
	Price          int64
	CompareAt      int64 // 0: none
	Availability   Availability
	Stock          *int64 // nil when not counted
	Shippable      bool
	WeightGrams    int64
	Hidden         string // why it cannot be bought through agents; empty: it can
	UpdatedAt      time.Time
	InventoryItem  string // Shopify's global id
	RemovedAt      time.Time
	ProductUpdated time.Time
}
