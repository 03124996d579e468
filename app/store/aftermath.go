package store

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

type refundRow struct {
	MerchantID  acp.MerchantID `gorm:"primaryKey"`
	Origin      acp.Side       `gorm:"primaryKey"`
	OriginID    string         `gorm:"primaryKey"`
	SessionID   acp.SessionID
	OrderID     string
	Provider    string
	PaymentID   string
	Counterpart string
	Amount      int64
	Currency    acp.Currency
	Carried     acp.CarryState
	Money       acp.RefundState
	Problem     string
	Created     int64 `gorm:"column:created_at"`
	Updated     int64 `gorm:"column:updated_at"`
	HandledAt   int64
}

// TableName implements gorm's Tabler.
func (refundRow) TableName() string { return "refunds" }

func newRefundRow(e acp.RefundEntry) refundRow {
	return refundRow{
		MerchantID: e.Merchant, Origin: e.Origin, OriginID: e.OriginID, SessionID: e.Session, OrderID: e.OrderID, Provider: e.Provider,
		PaymentID: e.PaymentID, Counterpart: e.Counterpart, Amount: e.Amount.Amount, Currency: e.Amount.Currency, Carried: e.Carried,
		Money: e.Money, Problem: storable(e.Problem), Created: toMillis(e.CreatedAt), Updated: toMillis(e.UpdatedAt), HandledAt: toMillis(e.HandledAt),
	}
}

func (r refundRow) entry() acp.RefundEntry {
	return acp.RefundEntry{
		Merchant: r.MerchantID, Origin: r.Origin, OriginID: r.OriginID, Session: r.SessionID, OrderID: r.OrderID, Provider: r.Provider,
		PaymentID: r.PaymentID, Counterpart: r.Counterpart, Amount: acp.Money{Amount: r.Amount, Currency: r.Currency}, Carried: r.Carried,
		Money: r.Money, Problem: r.Problem, CreatedAt: fromMillis(r.Created), UpdatedAt: fromMillis(r.Updated), HandledAt: fromMillis(r.HandledAt),
	}
}

type disputeRow struct {
	MerchantID acp.MerchantID `gorm:"primaryKey"`
	Provider   string         `gorm:"primaryKey"`
	ID         string         `gorm:"primaryKey"`
	SessionID  acp.SessionID
	OrderID    string
	PaymentID  string
	Amount     int64
	Currency   acp.Currency
	State      acp.DisputeState
	Reason     string
	AnswerBy   int64
	Marked     bool
	OpenedAt   int64
	Updated    int64 `gorm:"column:updated_at"`
	HandledAt  int64
}

// TableName implements gorm's Tabler.
func (disputeRow) TableName() string { return "disputes" }

func newDisputeRow(e acp.DisputeEntry) disputeRow {
	return disputeRow{
		MerchantID: e.Merchant, Provider: e.Provider, ID: e.ID, SessionID: e.Session, OrderID: e.OrderID, PaymentID: e.PaymentID,
		Amount: e.Amount.Amount, Currency: e.Amount.Currency, State: e.State, Reason: storable(e.Reason), AnswerBy: toMillis(e.AnswerBy),
		Marked: e.Marked, OpenedAt: toMillis(e.At), Updated: toMillis(e.UpdatedAt), HandledAt: toMillis(e.HandledAt),
	}
}

func (r disputeRow) entry() acp.DisputeEntry {
	return acp.DisputeEntry{
		Dispute: acp.Dispute{
			ID: r.ID, Amount: acp.Money{Amount: r.Amount, Currency: r.Currency}, State: r.State, Reason: r.Reason,
			At: fromMillis(r.OpenedAt), AnswerBy: fromMillis(r.AnswerBy),
		},
		Merchant: r.MerchantID, Provider: r.Provider, Session: r.SessionID, OrderID: r.OrderID, PaymentID: r.PaymentID,
		Marked: r.Marked, UpdatedAt: fromMillis(r.Updated), HandledAt: fromMillis(r.HandledAt),
	}
}

// Aftermath implements acp.AftermathBook; the oldest come first.
func (s *Store) Aftermath(ctx context.Context, m acp.MerchantID, id acp.SessionID) (acp.Aftermath, error) {
	var refunds []refundRow
	db := s.read.WithContext(ctx)
	if err := db.Where("merchant_id = ? AND session_id = ?", m, id).Order("created_at, origin, origin_id").Find(&refunds).Error; err != nil {
		return acp.Aftermath{}, failed("read refunds", err)
	}
	var disputes []disputeRow
	err := db.Where("merchant_id = ? AND session_id = ?", m, id).Order("opened_at, id").Find(&disputes).Error
	return acp.Aftermath{Refunds: each(refunds, refundRow.entry), Disputes: each(disputes, disputeRow.entry)}, failed("read disputes", err)
}

// SaveAftermath implements acp.AftermathBook.
func (s *Store) SaveAftermath(ctx context.Context, a acp.Aftermath, moved []acp.Movement, tasks ...acp.Task) error {
	return s.commit(ctx, "save what became of a payment", tasks, func(tx *gorm.DB) error {
		for _, e := range a.Refunds {
			row := newRefundRow(e)
			err := tx.Clauses(clause.OnConflict{
				Columns:   []clause.Column{{Name: "merchant_id"}, {Name: "origin"}, {Name: "origin_id"}},
				DoUpdates: clause.AssignmentColumns([]string{"counterpart", "carried", "money", "problem", "updated_at", "handled_at"}),
			}).Create(&row).Error
			if err != nil {
				return err
			}
		}
		for _, e := range a.Disputes {
			row := newDisputeRow(e)
			err := tx.Clauses(clause.OnConflict{
				Columns:   []clause.Column{{Name: "merchant_id"}, {Name: "provider"}, {Name: "id"}},
				DoUpdates: clause.AssignmentColumns([]string{"amount", "state", "reason", "answer_by", "marked", "updated_at", "handled_at"}),
			}).Create(&row).Error
			if err != nil {
				return err
			}
		}
		return s.appendMovements(tx, moved)
	})
}
