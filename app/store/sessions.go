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
	h := &s.Database.hot
	values := h.sessions.values(&row)
	err = s.changeTold(ctx, "create session", x.Told, func(ctx context.Context, at on) error {
		_, err := s.affected(at.exec(ctx, h.insertSession, values...))
		return err
	})
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return stale("session")
	}
	return err
}

// Session implements acp.Sessions.
func (s *Store) Session(ctx context.Context, m acp.MerchantID, c acp.ConnectionID, id acp.SessionID) (acp.Session, error) {
	h := &s.Database.hot
	ctx = s.Database.promptly(ctx)
	if c == "" {
		return s.readSession(h.sessions.scan(h.findSession.QueryRowContext(ctx, m, id)))
	}
	return s.readSession(h.sessions.scan(h.mySession.QueryRowContext(ctx, m, id, c)))
}

// SessionByHandover implements acp.Sessions.
func (s *Store) SessionByHandover(ctx context.Context, token string) (acp.Session, error) {
	var row sessionRow
	err := s.read.WithContext(ctx).Where("handover_token = ?", token).Take(&row).Error
	return s.readSession(row, err)
}

func (s *Store) readSession(row sessionRow, err error) (acp.Session, error) {
	if err != nil {
		return acp.Session{}, found("checkout session", err)
	}
	x, err := s.session(row)
	if err != nil {
		return acp.Session{}, failed("read checkout session", err)
	}
	return x, nil
}

// SaveSession implements acp.Sessions.
func (s *Store) SaveSession(ctx context.Context, x *acp.Session, tasks ...acp.Task) (err error) {
	if len(tasks) == 0 && len(x.Moved) == 0 && len(x.Differs) == 0 && len(x.Matters) == 0 {
		if err = s.saveAlone(ctx, *x); err == nil {
			x.Revision, x.Told = x.Revision+1, nil
		}
		return err
	}
	err = s.commit(ctx, "save session", tasks, func(tx *gorm.DB) error {
		if err := s.swapSession(tx, *x); err != nil || x.Told == nil {
			return err
		}
		plain, err := plainTx(tx)
		if err != nil {
			return err
		}
		return s.answering(*x.Told, inFlight())(ctx, on{plain})
	})
	if err == nil {
		x.Revision, x.Moved, x.Differs, x.Matters, x.Told = x.Revision+1, nil, nil, nil, nil
	}
	return err
}

// saveAlone is swapSession as the only change of its commit.
func (s *Store) saveAlone(ctx context.Context, x acp.Session) error {
	row, err := s.newSessionRow(x)
	if err != nil {
		return failed("save session", err)
	}
	row.Revision = x.Revision + 1
	h := &s.Database.hot
	values := append(h.sessions.valuesWithout(&row, keptBySwap), x.Merchant, x.ID, x.Revision)
	return s.changeTold(ctx, "save session", x.Told, func(ctx context.Context, at on) error {
		saved, err := s.affected(at.exec(ctx, h.swapSession, values...))
		if err == nil && saved == 0 {
			return stale("session")
		}
		return err
	})
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
	if saved.Error != nil {
		return saved.Error
	}
	if err := noteDifferences(tx, x.Differs); err != nil {
		return err
	}
	if err := noteMatters(tx, x.Merchant, x.ID, x.Matters); err != nil {
		return err
	}
	return s.appendMovements(tx, x.Moved)
}
