package store

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

type differenceRow struct {
	MerchantID acp.MerchantID     `gorm:"primaryKey"`
	Provider   string             `gorm:"primaryKey"`
	PaymentID  string             `gorm:"primaryKey"`
	Kind       acp.DifferenceKind `gorm:"primaryKey"`
	FirstSeen  int64              `gorm:"primaryKey;autoIncrement:false"`
	SessionID  acp.SessionID
	OrderID    string
	OrderName  string
	What       string
	Expected   string
	Found      string
	LastSeen   int64
	ResolvedAt int64
}

// TableName implements gorm's Tabler.
func (differenceRow) TableName() string { return "payment_differences" }

func newDifferenceRow(d acp.Difference) differenceRow {
	return differenceRow{
		MerchantID: d.Merchant, Provider: d.Provider, PaymentID: storable(d.PaymentID), Kind: d.Kind, FirstSeen: toMillis(d.FirstSeen),
		SessionID: acp.SessionID(storable(string(d.Session))), OrderID: d.OrderID, OrderName: storable(d.OrderName), What: storable(d.What),
		Expected: storable(d.Expected), Found: storable(d.Found), LastSeen: toMillis(d.LastSeen), ResolvedAt: toMillis(d.ResolvedAt),
	}
}

func (r differenceRow) difference() acp.Difference {
	return acp.Difference{
		Merchant: r.MerchantID, Provider: r.Provider, PaymentID: r.PaymentID, Kind: r.Kind, FirstSeen: fromMillis(r.FirstSeen),
		Session: r.SessionID, OrderID: r.OrderID, OrderName: r.OrderName, What: r.What, Expected: r.Expected, Found: r.Found,
		LastSeen: fromMillis(r.LastSeen), ResolvedAt: fromMillis(r.ResolvedAt),
	}
}

// NoteDifference implements acp.OrphanBook.
func (s *Store) NoteDifference(ctx context.Context, d acp.Difference) error {
	return failed("note difference", noteDifferences(s.write.WithContext(ctx), []acp.Difference{d}))
}

// noteDifferences opens what is new; what is open already keeps the moment at
// which it was first seen.
func noteDifferences(tx *gorm.DB, list []acp.Difference) error {
	for _, d := range list {
		row := newDifferenceRow(d)
		err := tx.Clauses(clause.OnConflict{
			Columns:     []clause.Column{{Name: "merchant_id"}, {Name: "provider"}, {Name: "payment_id"}, {Name: "kind"}},
			TargetWhere: clause.Where{Exprs: []clause.Expression{gorm.Expr("resolved_at = 0")}},
			DoUpdates:   clause.AssignmentColumns([]string{"session_id", "order_id", "order_name", "what", "expected", "found", "last_seen"}),
		}).Create(&row).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// AppendMovements implements acp.OrphanBook.
func (s *Store) AppendMovements(ctx context.Context, moved []acp.Movement) error {
	return failed("add to the ledger", s.appendMovements(s.write.WithContext(ctx), moved))
}

// OpenDifferences implements acp.ReconciliationBook.
func (s *Store) OpenDifferences(ctx context.Context, m acp.MerchantID, id acp.SessionID) ([]acp.Difference, error) {
	var rows []differenceRow
	err := s.read.WithContext(ctx).Where("merchant_id = ? AND session_id = ? AND resolved_at = 0", m, id).
		Order("provider, payment_id, kind").Find(&rows).Error
	return each(rows, differenceRow.difference), failed("read differences", err)
}

// SaveComparison implements acp.ReconciliationBook.
func (s *Store) SaveComparison(ctx context.Context, c acp.Comparison) error {
	return s.commit(ctx, "save comparison", nil, func(tx *gorm.DB) error {
		if err := s.appendMovements(tx, c.Moved); err != nil {
			return err
		}
		if err := noteDifferences(tx, c.Differences); err != nil {
			return err
		}
		if err := closeDifferences(tx, c); err != nil {
			return err
		}
		if c.Later == "" {
			return tx.Where("merchant_id = ? AND session_id = ?", c.Merchant, c.Session).Delete(&recheckRow{}).Error
		}
		return compareAgain(tx, c.Merchant, c.Session, c.Later)
	})
}

// CompareAgain implements acp.Rechecks.
func (s *Store) CompareAgain(ctx context.Context, m acp.MerchantID, id acp.SessionID, why string) error {
	return failed("have a session compared again", compareAgain(s.write.WithContext(ctx), m, id, why))
}

func compareAgain(tx *gorm.DB, m acp.MerchantID, id acp.SessionID, why string) error {
	row := recheckRow{MerchantID: m, SessionID: id, Reason: storable(why)}
	return tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
}

// closeDifferences closes those of the payments compared that were not found
// again.
func closeDifferences(tx *gorm.DB, c acp.Comparison) error {
	for _, k := range c.Compared {
		found := []acp.DifferenceKind{""} // never empty, which SQL would not parse
		for _, d := range c.Differences {
			if d.Provider == k.Provider && d.PaymentID == k.ID {
				found = append(found, d.Kind)
			}
		}
		err := tx.Model(&differenceRow{}).
			Where("merchant_id = ? AND provider = ? AND payment_id = ? AND resolved_at = 0 AND kind NOT IN ?", c.Merchant, k.Provider, k.ID, found).
			Update("resolved_at", toMillis(c.At)).Error
		if err != nil {
			return err
		}
	}
	return nil
}

type recheckRow struct {
	MerchantID acp.MerchantID `gorm:"primaryKey"`
	SessionID  acp.SessionID  `gorm:"primaryKey"`
	Reason     string
}

// TableName implements gorm's Tabler.
func (recheckRow) TableName() string { return "payment_rechecks" }
