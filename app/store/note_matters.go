package store

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

type matterRow struct {
	MerchantID acp.MerchantID `gorm:"primaryKey"`
	Kind       acp.MatterKind `gorm:"primaryKey"`
	ID         string         `gorm:"primaryKey"`
	SessionID  acp.SessionID
	OrderID    string
	OrderName  string
	Provider   string
	PaymentID  string
	Amount     int64
	Currency   acp.Currency
	Problem    string
	NoticedAt  int64
	HandledAt  int64
}

// TableName implements gorm's Tabler.
func (matterRow) TableName() string { return "money_matters" }

// NoteMatter implements acp.AftermathBook.
func (s *Store) NoteMatter(ctx context.Context, m acp.MerchantID, id acp.SessionID, matter acp.MoneyMatter) error {
	return failed("note money matter", noteMatters(s.write.WithContext(ctx), m, id, []acp.MoneyMatter{matter}))
}

// noteMatters writes what is not known yet: what staff dealt with stays dealt
// with, whoever comes by again.
func noteMatters(tx *gorm.DB, merchant acp.MerchantID, session acp.SessionID, list []acp.MoneyMatter) error {
	for _, m := range list {
		row := matterRow{
			MerchantID: merchant, Kind: m.Kind, ID: m.ID, SessionID: session, OrderID: m.OrderID, OrderName: storable(m.OrderName),
			Provider: m.Provider, PaymentID: storable(m.PaymentID), Amount: m.Amount.Amount, Currency: m.Amount.Currency,
			Problem: storable(m.Problem), NoticedAt: toMillis(m.At),
		}
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
			return err
		}
	}
	return nil
}
