package store

import (
	"context"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// PendingEvents implements acp.EventBook.
func (s *Store) PendingEvents(ctx context.Context, m acp.MerchantID, order string) ([]acp.OrderEvent, error) {
	var rows []eventRow
	err := s.read.WithContext(ctx).
		Where("merchant_id = ? AND order_id = ? AND delivered_at = 0 AND dead_at = 0", m, order).
		Order("sequence").Find(&rows).Error
	if err != nil {
		return nil, failed("list order events", err)
	}
	events := make([]acp.OrderEvent, len(rows))
	for i, row := range rows {
		if events[i], err = row.event(); err != nil {
			return nil, failed("list order events", err)
		}
	}
	return events, nil
}

// TakeEvent implements acp.EventBook. KindNotFound when there is no such
// event.
func (s *Store) TakeEvent(ctx context.Context, e acp.OrderEvent, now, until time.Time) error {
	taken := s.write.WithContext(ctx).Model(&eventRow{}).
		Where("merchant_id = ? AND id = ? AND attempts = ? AND lease_until <= ?", e.Merchant, e.ID, e.Attempts, toMillis(now)).
		Where("delivered_at = 0 AND dead_at = 0").
		Update("lease_until", toMillis(until))
	if taken.Error != nil || taken.RowsAffected == 1 {
		return failed("take order event", taken.Error)
	}
	held, err := s.heldUntil(ctx, e)
	if err != nil {
		return err
	}
	return &acp.Error{
		Kind: acp.KindInFlight, Code: string(acp.KindInFlight), Message: "the event is being delivered",
		RetryAfter: max(held.Sub(now), 0),
	}
}

// SaveEvent implements acp.EventBook. What is delivered stays delivered, also
// when a second sender of the same event failed. KindNotFound.
func (s *Store) SaveEvent(ctx context.Context, e acp.OrderEvent) error {
	outcome := map[string]any{
		"attempts": e.Attempts, "last_error": storable(e.LastError), "lease_until": toMillis(e.WaitUntil),
		"delivered_at": toMillis(e.DeliveredAt), "dead_at": toMillis(e.DeadAt),
	}
	saved := s.write.WithContext(ctx).Model(&eventRow{}).
		Where("merchant_id = ? AND id = ? AND delivered_at = 0", e.Merchant, e.ID).Updates(outcome)
	if saved.Error != nil || saved.RowsAffected == 1 {
		return failed("save order event", saved.Error)
	}
	_, err := s.heldUntil(ctx, e)
	return err
}

// heldUntil is when the event can be taken; KindNotFound when there is none.
func (s *Store) heldUntil(ctx context.Context, e acp.OrderEvent) (time.Time, error) {
	var row eventRow
	err := s.read.WithContext(ctx).Select("lease_until").Where("merchant_id = ? AND id = ?", e.Merchant, e.ID).Take(&row).Error
	if err != nil {
		return time.Time{}, found("order event", err)
	}
	return fromMillis(row.LeaseUntil), nil
}
