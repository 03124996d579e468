package store

import (
	"context"

	"gorm.io/gorm"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Order implements acp.OrderBook.
func (s *Store) Order(ctx context.Context, m acp.MerchantID, id string) (acp.KnownOrder, error) {
	var row orderRow
	if err := s.read.WithContext(ctx).Where("merchant_id = ? AND id = ?", m, id).Take(&row).Error; err != nil {
		return acp.KnownOrder{}, found("order", err)
	}
	o, err := row.order()
	return acp.KnownOrder{Order: o, Connection: row.ConnectionID, Revision: row.Revision}, failed("read order", err)
}

// SaveOrder implements acp.OrderBook; the merchant is the event's.
func (s *Store) SaveOrder(ctx context.Context, o acp.Order, revision int64, e acp.OrderEvent, tasks ...acp.Task) error {
	row, err := newOrderRow(e.Merchant, o)
	if err != nil {
		return failed("save order", err)
	}
	row.Revision = revision + 1
	return s.commit(ctx, "save order", tasks, func(tx *gorm.DB) error {
		saved := tx.Model(&orderRow{}).Where("merchant_id = ? AND id = ? AND revision = ? AND updated_at <= ?", e.Merchant, o.ID, revision, row.Updated).
			Select("*").Omit("merchant_id", "id", "session_id", "connection_id", "hand_off").Updates(row)
		if saved.Error != nil {
			return saved.Error
		}
		if saved.RowsAffected == 0 {
			return orderMissed(tx, e.Merchant, o.ID)
		}
		return s.appendEvent(tx, e)
	})
}

func orderMissed(tx *gorm.DB, m acp.MerchantID, id string) error {
	var known int64
	err := tx.Model(&orderRow{}).Where("merchant_id = ? AND id = ?", m, id).Count(&known).Error
	if err == nil && known == 0 {
		return acp.NotFound("order")
	}
	if err == nil {
		return stale("order")
	}
	return err
}
