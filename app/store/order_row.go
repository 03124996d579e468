package store

import (
	"fmt"

	"github.com/acp-bridge/acp-bridge/acp"
)

type orderRow struct {
	MerchantID   acp.MerchantID `gorm:"primaryKey"`
	ID           string         `gorm:"primaryKey"`
	SessionID    acp.SessionID
	ConnectionID acp.ConnectionID
	Name         string
	Status       acp.OrderStatus
	Paid         bool
	HandOff      bool
	Currency     acp.Currency
	Total        int64
	Refunded     int64
	Email        string
	Document     string
	Revision     int64
	PlacedAt     int64
	Updated      int64 `gorm:"column:updated_at"`
}

// TableName implements gorm's Tabler.
func (orderRow) TableName() string { return "orders" }

// newOrderRow fills everything but the session, the connection and HandOff,
// which never change.
func newOrderRow(m acp.MerchantID, o acp.Order) (orderRow, error) {
	document, err := encodeOrder(o)
	return orderRow{
		MerchantID: m, ID: o.ID, Name: storable(o.Name), Status: o.Status, Paid: o.Paid, Currency: o.Currency,
		Total: o.Totals.Total, Refunded: o.Refunded, Email: addressKey(o.Email), Document: document,
		PlacedAt: toMillis(o.PlacedAt), Updated: toMillis(o.UpdatedAt),
	}, err
}

func (r orderRow) order() (acp.Order, error) {
	o, err := decodeOrder(r.Document)
	if err != nil {
		return acp.Order{}, fmt.Errorf("order %s: %w", r.ID, err)
	}
	return o, nil
}
