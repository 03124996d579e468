package store

import (
	"fmt"

	"github.com/acp-bridge/acp-bridge/acp"
)

type cartRow struct {
	MerchantID   acp.MerchantID `gorm:"primaryKey"`
	ID           acp.CartID     `gorm:"primaryKey"`
	ConnectionID acp.ConnectionID
	Revision     int64
	Currency     acp.Currency
	Total        int64
	BuyerEmail   string
	Document     string
	Created      int64 `gorm:"column:created_at"`
	GoneAt       int64
}

// TableName implements gorm's Tabler.
func (cartRow) TableName() string { return "carts" }

func newCartRow(c acp.SavedCart) (cartRow, error) {
	document, err := encode(newCartDocument(c))
	row := cartRow{
		MerchantID: c.Merchant, ID: c.ID, ConnectionID: c.Connection, Revision: c.Revision, Currency: c.Currency,
		Total: c.Totals.Total, Document: document, Created: toMillis(c.CreatedAt), GoneAt: toMillis(c.GoneAt()),
	}
	if c.Buyer != nil {
		row.BuyerEmail = addressKey(c.Buyer.Email)
	}
	return row, err
}

func (r cartRow) cart() (acp.SavedCart, error) {
	var d cartDocument
	if err := decode(r.Document, cartVersion, &d); err != nil {
		return acp.SavedCart{}, fmt.Errorf("cart %s: %w", r.ID, err)
	}
	c := acp.SavedCart{
		ID: r.ID, Merchant: r.MerchantID, Connection: r.ConnectionID, Revision: r.Revision, Currency: r.Currency,
		CreatedAt: fromMillis(r.Created),
	}
	d.fill(&c)
	return c, nil
}
