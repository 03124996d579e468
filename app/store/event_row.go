package store

import (
	"fmt"

	"gorm.io/gorm"

	"github.com/acp-bridge/acp-bridge/acp"
)

type eventRow struct {
	MerchantID   acp.MerchantID `gorm:"primaryKey"`
	ID           string         `gorm:"primaryKey"`
	OrderID      string
	Sequence     int64
	ConnectionID acp.ConnectionID
	SessionID    acp.SessionID
	Type         acp.EventType
	Document     string
	Created      int64 `gorm:"column:created_at"`
	DeliveredAt  int64
	Attempts     int
	LastError    string
	DeadAt       int64
	LeaseUntil   int64
}

// TableName implements gorm's Tabler.
func (eventRow) TableName() string { return "order_events" }

func newEventRow(e acp.OrderEvent) (eventRow, error) {
	document, err := encodeOrder(e.Order)
	return eventRow{
		MerchantID: e.Merchant, ID: e.ID, OrderID: e.OrderID, Sequence: e.Sequence, ConnectionID: e.Connection,
		SessionID: e.Session, Type: e.Type, Document: document, Created: toMillis(e.CreatedAt),
		DeliveredAt: toMillis(e.DeliveredAt), Attempts: e.Attempts, LastError: storable(e.LastError), DeadAt: toMillis(e.DeadAt),
	}, err
}

func (r eventRow) event() (acp.OrderEvent, error) {
	o, err := decodeOrder(r.Document)
	if err != nil {
		return acp.OrderEvent{}, fmt.Errorf("event %s: %w", r.ID, err)
	}
	return acp.OrderEvent{
		ID: r.ID, Merchant: r.MerchantID, Connection: r.ConnectionID, Session: r.SessionID, OrderID: r.OrderID,
		Sequence: r.Sequence, Type: r.Type, Order: o, CreatedAt: fromMillis(r.Created),
		DeliveredAt: fromMillis(r.DeliveredAt), Attempts: r.Attempts, LastError: r.LastError, DeadAt: fromMillis(r.DeadAt),
	}, nil
}

// appendEvent numbers the event after the order's last one. The caller has
// written the order's row in the same transaction, which keeps others from
// taking the number.
func (s *Store) appendEvent(tx *gorm.DB, e acp.OrderEvent) error {
	if e.ID == "" {
		e.ID = "evt_" + s.NewID()
	}
	err := tx.Model(&eventRow{}).Where("merchant_id = ? AND order_id = ?", e.Merchant, e.OrderID).
		Select("COALESCE(MAX(sequence), 0) + 1").Scan(&e.Sequence).Error
	if err != nil {
		return err
	}
	row, err := newEventRow(e)
	if err != nil {
		return err
	}
	return tx.Create(&row).Error
}
