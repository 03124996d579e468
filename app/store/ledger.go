package store

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

type movementRow struct {
	MerchantID acp.MerchantID   `gorm:"primaryKey"`
	Provider   string           `gorm:"primaryKey"`
	Reference  string           `gorm:"primaryKey"`
	Kind       acp.MovementKind `gorm:"primaryKey"`
	SessionID  acp.SessionID
	Attempt    int
	PaymentID  string
	Amount     int64
	Currency   acp.Currency
	Reason     string
	Moved      int64 `gorm:"column:moved_at"`
}

// TableName implements gorm's Tabler.
func (movementRow) TableName() string { return "payment_movements" }

func newMovementRow(v acp.Movement) movementRow {
	return movementRow{
		MerchantID: v.Merchant, Provider: v.Provider, Reference: v.Reference, Kind: v.Kind, SessionID: v.Session, Attempt: v.Attempt,
		PaymentID: v.PaymentID, Amount: v.Amount.Amount, Currency: v.Amount.Currency, Reason: storable(v.Reason), Moved: toMillis(v.At),
	}
}

func (r movementRow) movement() acp.Movement {
	return acp.Movement{
		Merchant: r.MerchantID, Provider: r.Provider, Reference: r.Reference, Kind: r.Kind, Session: r.SessionID, Attempt: r.Attempt,
		PaymentID: r.PaymentID, Amount: acp.Money{Amount: r.Amount, Currency: r.Currency}, Reason: r.Reason, At: fromMillis(r.Moved),
	}
}

// appendMovements adds to the ledger what is not there yet: a movement that is
// heard of twice was one.
func (s *Store) appendMovements(tx *gorm.DB, moved []acp.Movement) error {
	if len(moved) == 0 {
		return nil
	}
	rows := each(moved, newMovementRow)
	return tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&rows).Error
}

// Movements implements acp.Ledger.
func (s *Store) Movements(ctx context.Context, m acp.MerchantID, id acp.SessionID) ([]acp.Movement, error) {
	var rows []movementRow
	err := s.read.WithContext(ctx).Where("merchant_id = ? AND session_id = ?", m, id).Order("moved_at, kind, reference").Find(&rows).Error
	return each(rows, movementRow.movement), failed("read the ledger", err)
}
