package store

import (
	"encoding/json"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

type variantRow struct {
	MerchantID    acp.MerchantID `gorm:"primaryKey"`
	ID            string         `gorm:"primaryKey"`
	ItemID        acp.ItemID
	ProductID     string
	InventoryItem string
	Title         string
	SKU           string
	GTIN          string
	ImageURL      string
	Options       string
	Price         int64
	CompareAt     int64
	Availability  acp.Availability
	Stock         *int64
	Shippable     bool
	WeightGrams   int64
	Hidden        string
	Updated       int64     `gorm:"column:updated_at"`
	Fresh         freshness `gorm:"embedded"`
}

// TableName implements gorm's Tabler.
func (variantRow) TableName() string { return "variants" }

func newVariantRow(m acp.MerchantID, v acp.VariantRecord, f freshness) (variantRow, error) {
	options, err := encode(newNamedValues(v.Options))
	f.GoneAt = goneAt(v.Hidden)
	return variantRow{
		MerchantID: m, ID: v.ID, ItemID: itemID(v.ID), ProductID: v.ProductID, InventoryItem: v.InventoryItem,
		Title: storable(v.Title), SKU: storable(v.SKU), GTIN: storable(v.GTIN), ImageURL: storable(v.ImageURL), Options: options,
		Price: v.Price, CompareAt: v.CompareAt, Availability: v.Availability, Stock: v.Stock, Shippable: v.Shippable,
		WeightGrams: v.WeightGrams, Hidden: storable(v.Hidden), Updated: toMillis(v.UpdatedAt), Fresh: f,
	}, err
}

// itemID is what agents call a variant: the number at the end of its global id
// ("gid://shopify/ProductVariant/123").
func itemID(gid string) acp.ItemID {
	return acp.ItemID(gid[strings.LastIndexByte(gid, '/')+1:])
}

type pictureDocument struct {
	ID  string `json:"id"`
	URL string `json:"url"`
}

type mediaRow struct {
	MerchantID acp.MerchantID `gorm:"primaryKey"`
	ProductID  string         `gorm:"primaryKey"`
	Pictures   string
	Generation int64
	Refetched  int64
}

// TableName implements gorm's Tabler.
func (mediaRow) TableName() string { return "product_media" }

// maxPictures is how many further pictures of a product are kept.
const maxPictures = 10

// withPictures appends the records that are not there yet.
func (r mediaRow) withPictures(records []acp.MediaRecord) (mediaRow, error) {
	var pictures []pictureDocument
	if r.Pictures != "" {
		if err := json.Unmarshal([]byte(r.Pictures), &pictures); err != nil {
			return r, err
		}
	}
	known := make(map[string]bool, len(pictures))
	for _, p := range pictures {
		known[p.ID] = true
	}
	for _, m := range records {
		if !known[m.ID] && len(pictures) < maxPictures {
			known[m.ID] = true
			pictures = append(pictures, pictureDocument{ID: m.ID, URL: m.URL})
		}
	}
	var err error
	r.Pictures, err = encode(pictures)
	return r, err
}
