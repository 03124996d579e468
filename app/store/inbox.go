package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

type deliveryRow struct {
	MerchantID  acp.MerchantID `gorm:"primaryKey"`
	ID          string         `gorm:"primaryKey"`
	Topic       string
	Body        []byte
	TriggeredAt int64
	ReceivedAt  int64
	ClosedAt    int64
}

// TableName implements gorm's Tabler.
func (deliveryRow) TableName() string { return "deliveries" }

// PutDelivery implements acp.InboxBook.
func (s *Store) PutDelivery(ctx context.Context, d acp.Delivery, task acp.Task) error {
	row := deliveryRow{
		MerchantID: d.Merchant, ID: storable(d.ID), Topic: storable(d.Topic), Body: d.Body,
		TriggeredAt: toMillis(d.TriggeredAt), ReceivedAt: toMillis(d.ReceivedAt),
	}
	return s.commit(ctx, "store delivery", nil, func(tx *gorm.DB) error {
		created := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
		if created.Error != nil || created.RowsAffected == 0 {
			return created.Error
		}
		return s.enqueue(ctx, tx, []acp.Task{task})
	})
}

// Delivery implements acp.InboxBook.
func (s *Store) Delivery(ctx context.Context, m acp.MerchantID, id string) (acp.Delivery, error) {
	var row deliveryRow
	err := s.read.WithContext(ctx).Where("merchant_id = ? AND id = ? AND closed_at = 0", m, id).Take(&row).Error
	if err != nil {
		return acp.Delivery{}, found("delivery", err)
	}
	return acp.Delivery{
		ID: row.ID, Merchant: row.MerchantID, Topic: row.Topic, Body: row.Body,
		TriggeredAt: fromMillis(row.TriggeredAt), ReceivedAt: fromMillis(row.ReceivedAt),
	}, nil
}

// CloseDelivery implements acp.InboxBook. One that is closed, or gone with its
// merchant, is success.
func (s *Store) CloseDelivery(ctx context.Context, m acp.MerchantID, id string) error {
	err := s.write.WithContext(ctx).Model(&deliveryRow{}).Where("merchant_id = ? AND id = ? AND closed_at = 0", m, id).
		Updates(map[string]any{"closed_at": toMillis(s.Now()), "body": nil}).Error
	return failed("close delivery", err)
}

// PurgeDeliveries deletes deliveries worked off before a moment and returns how
// many they were. Keep them longer than the shop repeats deliveries (Shopify:
// 48 hours), or a repetition counts as new.
func (s *Store) PurgeDeliveries(ctx context.Context, before time.Time) (int64, error) {
	purged := s.write.WithContext(ctx).Where("closed_at > 0 AND closed_at < ?", toMillis(before)).Delete(&deliveryRow{})
	return purged.RowsAffected, failed("purge deliveries", purged.Error)
}
