package store

import (
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// freshness is what the mirror knows of a row beside its content.
type freshness struct {
	Generation int64 // the run that saw it last
	Refetched  int64 // the run during which it was read by itself; 0: never
	RemovedAt  int64
	GoneAt     int64 // 0: for sale; neverSold; else when it stopped
}

// removed is what is written beside the mark of a removal that was seen by
// itself: an export that began before must not bring the row back.
func (f freshness) removed(now time.Time) map[string]any {
	return map[string]any{"updated_at": toMillis(now), "generation": f.Generation, "refetched": f.Refetched}
}

// neverSold marks what was hidden from the beginning: no agent has heard of
// it, so no agent is told that it is gone.
const neverSold = 1

type productRow struct {
	MerchantID    acp.MerchantID `gorm:"primaryKey"`
	ID            string         `gorm:"primaryKey"`
	Title         string
	Description   string
	Brand         string
	Category      string
	URL           string
	ImageURL      string
	SingleVariant bool
	Hidden        string
	Updated       int64     `gorm:"column:updated_at"`
	Fresh         freshness `gorm:"embedded"`
}

// TableName implements gorm's Tabler.
func (productRow) TableName() string { return "products" }

func newProductRow(m acp.MerchantID, p acp.ProductRecord, f freshness) productRow {
	f.GoneAt = goneAt(p.Hidden)
	return productRow{
		MerchantID: m, ID: p.ID, Title: storable(p.Title), Description: storable(p.Description), Brand: storable(p.Brand),
		Category: storable(p.Category), URL: storable(p.URL), ImageURL: storable(p.ImageURL), SingleVariant: p.SingleVariant,
		Hidden: storable(p.Hidden), Updated: toMillis(p.UpdatedAt), Fresh: f,
	}
}

// goneAt is the mark of a row that is seen for the first time.
func goneAt(hidden string) int64 {
	if hidden == "" {
		return 0
	}
	return neverSold
}
