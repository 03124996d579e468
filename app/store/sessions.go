package store

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"github.com/acp-bridge/acp-bridge/acp"
)

// CreateSession implements acp.Sessions.
func (s *Store) CreateSession(ctx context.Context, x acp.Session) error {
	row, err := s.newSessionRow(x)
	if err != nil {
		return failed("create session", err)
	}
	err = s.write.WithContext(ctx).Create(&row).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return stale("session")
	}
	return failed("create session", err)
}

// Session implements acp.Sessions.
func (s *Store) Session(ctx context.Context, m acp.MerchantID, c acp.ConnectionID, id acp.SessionID) (acp.Session, error) {
	query := s.read.WithContext(ctx).Where("merchant_id = ? AND id = ?", m, id)
	if c != "" {
		query = query.Where("connection_id = ?", c)
	}
	return s.takeSession(query)
}

// SessionByHandover implements acp.Sessions.
func (s *Store) SessionByHandover(ctx context.Context, token string) (acp.Session, error) {
	return s.takeSession(s.read.WithContext(ctx).Where("handover_token = ?", token))
}

func (s *Store) takeSession(query *gorm.DB) (acp.Session, error) {
	var row sessionRow
	if err := query.Take(&row).Error; err != nil {
		return acp.Session{}, found("checkout session", err)
	}
	x, err := s.session(row)
	if err != nil {
		return acp.Session{}, failed("read checkout session", err)
	}
	return x, nil
}

// SaveSession implements acp.Sessions.
func (s *Store) SaveSession(ctx context.Context, x *acp.Session, tasks ...acp.Task) error {
	err := s.commit(ctx, "save session", tasks, func(tx *gorm.DB) error { return s.swapSession(tx, *x) })
	if err == nil {
		x.Revision++
	}
	return err
}

// swapSession writes x over the revision that it was read at. Leases are
// another matter: they are neither looked at nor touched.
func (s *Store) swapSession(tx *gorm.DB, x acp.Session) error {
	row, err := s.newSessionRow(x)
	if err != nil {
		return err
	}
	row.Revision = x.Revision + 1
	saved := tx.Model(&sessionRow{}).
		Where("merchant_id = ? AND id = ? AND revision = ?", x.Merchant, x.ID, x.Revision).
		Select("*").Omit("merchant_id", "id", "connection_id", "created_at", "lease_owner", "lease_until").Updates(row)
	if saved.Error == nil && saved.RowsAffected == 0 {
		return stale("session")
	}
	return saved.Error
}
