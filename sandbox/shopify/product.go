package shopify

import "time"

// Product is one product of the demo shop. Ids left zero are given by New, so that a
// catalog can be written down without inventing any.
type Product struct {
	ID                  int64       `json:"id"` // numeric, beyond 2^53 like Shopify's newer ids
	Handle              string      `json:"handle"`
	Title               string      `json:"title"`
	DescriptionHTML     string      `json:"description_html"`
	Vendor              string      `json:"vendor"`
	ProductType         string      `json:"product_type"`
	Category            string      `json:"category"` // full name in Shopify's taxonomy, "" for none
	Tags                []string    `json:"tags"`
	Status              string      `json:"status"`       // ACTIVE (also when empty), DRAFT, ARCHIVED, UNLISTED
	PublishedAt         *time.Time  `json:"published_at"` // nil: not on the Online Store, so no onlineStoreUrl
	CreatedAt           time.Time   `json:"created_at"`
	UpdatedAt           time.Time   `json:"updated_at"`
	GiftCard            bool        `json:"gift_card"`
	RequiresSellingPlan bool        `json:"requires_selling_plan"`
	SEOTitle            string      `json:"seo_title"`
	SEODescription      string      `json:"seo_description"`
	Options             []Option    `json:"options"` // empty: Shopify's single "Title" / "Default Title"
	Images              []Image     `json:"images"`
	Metafields          []Metafield `json:"metafields"`
	Variants            []Variant   `json:"variants"`
}

// Option is what a buyer chooses: a name such as Size and its values in order.
type Option struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

// Image is a picture of a product. With an empty URL the stand-in draws one and serves it itself.
type Image struct {
	ID     int64  `json:"id"`
	URL    string `json:"url"`
	Alt    string `json:"alt"`
	Width  int    `json:"width"`  // pixels; 0 where the stand-in draws it
	Height int    `json:"height"` // pixels; 0 where the stand-in draws it
}

// Metafield is a merchant's own field, for example custom.material.
type Metafield struct {
	ID        int64  `json:"id"`
	Namespace string `json:"namespace"`
	Key       string `json:"key"`
	Type      string `json:"type"` // single_line_text_field, number_integer, …
	Value     string `json:"value"`
}

// Variant is one sellable form of a product. Prices are minor units of the shop's currency.
type Variant struct {
	ID               int64     `json:"id"`
	InventoryItemID  int64     `json:"inventory_item_id"`
	OptionValues     []string  `json:"option_values"` // in the order of Product.Options
	SKU              string    `json:"sku"`
	Barcode          string    `json:"barcode"`
	Price            int64     `json:"price"`      // minor units
	CompareAtPrice   int64     `json:"compare_at"` // minor units, 0 for none
	Inventory        int64     `json:"inventory"`  // units on hand; may be negative after overselling
	Untracked        bool      `json:"untracked"`  // Shopify counts no stock: always available
	ContinueSelling  bool      `json:"continue"`   // inventory policy CONTINUE instead of DENY
	Digital          bool      `json:"digital"`    // needs no shipping
	TaxFree          bool      `json:"tax_free"`
	WeightGrams      int64     `json:"weight_grams"`
	Image            int       `json:"image"` // 1-based index into Product.Images, 0 for none of its own
	UpdatedAt        time.Time `json:"updated_at"`
	CountryOfOrigin  string    `json:"country_of_origin"`   // ISO 3166 alpha-2, "" when unknown
	HarmonizedSystem string    `json:"harmonized_system"`   // HS code, "" when unknown
	RequiresBundle   bool      `json:"requires_components"` // bundle parent
}

// Product statuses of the Admin API.
const (
	StatusActive   = "ACTIVE"
	StatusDraft    = "DRAFT"
	StatusArchived = "ARCHIVED"
	StatusUnlisted = "UNLISTED"
)
