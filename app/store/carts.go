package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"github.com/acp-bridge/acp-bridge/acp"
)

var _ acp.CartBook = (*Store)(nil)

// CreateCart implements acp.CartBook.
func (s *Store) CreateCart(ctx context.Context, c acp.SavedCart) error {
	row, err := newCartRow(c)
	if err != nil {
		return failed("create cart", err)
	}
	err = s.write.WithContext(ctx).Create(&row).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return stale("cart")
	}
	return failed("create cart", err)
}

// Cart implements acp.CartBook.
func (s *Store) Cart(ctx context.Context, m acp.MerchantID, c acp.ConnectionID, id acp.CartID) (acp.SavedCart, error) {
	var row cartRow
	err := s.read.WithContext(ctx).Where("merchant_id = ? AND id = ? AND connection_id = ?", m, id, c).Take(&row).Error
	if err != nil {
		return acp.SavedCart{}, found("cart", err)
	}
	cart, err := row.cart()
	return cart, failed("read cart", err)
}

// SaveCart implements acp.CartBook.
func (s *Store) SaveCart(ctx context.Context, c *acp.SavedCart) error {
	err := swapCart(s.write.WithContext(ctx), *c)
	if err == nil {
		c.Revision++
	}
	return failed("save cart", err)
}

// swapCart writes c over the revision that it was read at.
func swapCart(tx *gorm.DB, c acp.SavedCart) error {
	row, err := newCartRow(c)
	if err != nil {
		return err
	}
	row.Revision = c.Revision + 1
	saved := tx.Model(&cartRow{}).
		Where("merchant_id = ? AND id = ? AND revision = ?", c.Merchant, c.ID, c.Revision).
		Select("*").Omit("merchant_id", "id", "connection_id", "created_at").Updates(row)
	if saved.Error == nil && saved.RowsAffected == 0 {
		return stale("cart")
	}
	return saved.Error
}

// PurgeCarts deletes carts that were canceled or expired before a moment, and
// returns how many they were.
func (s *Store) PurgeCarts(ctx context.Context, before time.Time) (int64, error) {
	purged := s.write.WithContext(ctx).Where("gone_at < ?", toMillis(before)).Delete(&cartRow{})
	return purged.RowsAffected, failed("purge carts", purged.Error)
}
