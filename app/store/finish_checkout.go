package store

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"github.com/acp-bridge/acp-bridge/acp"
)

// FinishCheckout implements acp.Finisher. KindState when the session or the
// order was sold before.
func (s *Store) FinishCheckout(ctx context.Context, x *acp.Session, p *acp.Payment, e acp.OrderEvent, tasks ...acp.Task) error {
	err := s.commit(ctx, "finish checkout", tasks, func(tx *gorm.DB) error { return s.finishCheckout(tx, *x, p, e) })
	if err == nil {
		x.Revision, x.Moved, x.Differs, x.Matters = x.Revision+1, nil, nil, nil
	}
	return err
}

func (s *Store) finishCheckout(tx *gorm.DB, x acp.Session, p *acp.Payment, e acp.OrderEvent) error {
	if err := s.swapSession(tx, x); err != nil {
		return err
	}
	row, err := newOrderRow(x.Merchant, e.Order)
	if err != nil {
		return err
	}
	row.SessionID, row.ConnectionID, row.HandOff = x.ID, x.Connection, p == nil
	if err := tx.Create(&row).Error; err != nil {
		if errors.Is(err, gorm.ErrDuplicatedKey) {
			return &acp.Error{Kind: acp.KindState, Code: "invalid_session_state", Message: "the session has an order already", Err: err}
		}
		return err
	}
	if p != nil {
		payment := newPaymentRow(*p)
		if err := tx.Create(&payment).Error; err != nil {
			return err
		}
	}
	return s.appendEvent(tx, e)
}
