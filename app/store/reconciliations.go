package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

type reconciliationRow struct {
	MerchantID acp.MerchantID `gorm:"primaryKey"`
	FromAt     int64
	ToAt       int64
	Reached    acp.SessionID
	StartedAt  int64
	FinishedAt int64
	NextAt     int64
	Compared   int64
	Unread     int64
	LastError  string
	LeaseOwner string
	LeaseUntil int64
}

// TableName implements gorm's Tabler.
func (reconciliationRow) TableName() string { return "reconciliations" }

func (r reconciliationRow) reconciliation() acp.Reconciliation {
	return acp.Reconciliation{
		Merchant: r.MerchantID, Owner: r.LeaseOwner, From: fromMillis(r.FromAt), To: fromMillis(r.ToAt), Cursor: r.Reached,
		StartedAt: fromMillis(r.StartedAt), FinishedAt: fromMillis(r.FinishedAt), NextAt: fromMillis(r.NextAt),
		Compared: r.Compared, Unread: r.Unread, LastError: r.LastError,
	}
}

// Reconciliation implements acp.ReconciliationBook.
func (s *Store) Reconciliation(ctx context.Context, m acp.MerchantID) (acp.Reconciliation, error) {
	return reconciliation(s.read.WithContext(ctx), m)
}

func reconciliation(db *gorm.DB, m acp.MerchantID) (acp.Reconciliation, error) {
	var row reconciliationRow
	err := db.Where("merchant_id = ?", m).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return acp.Reconciliation{Merchant: m}, nil
	}
	return row.reconciliation(), failed("read where the comparison stands", err)
}

// TakeReconciliation implements acp.ReconciliationBook. It is one conditional
// statement, so that of any number of processes one gets it.
func (s *Store) TakeReconciliation(ctx context.Context, m acp.MerchantID, owner string, now, until time.Time) (taken acp.Reconciliation, err error) {
	err = s.commit(ctx, "take the comparison", nil, func(tx *gorm.DB) error {
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&reconciliationRow{MerchantID: m}).Error; err != nil {
			return err
		}
		leased := tx.Model(&reconciliationRow{}).Where("merchant_id = ? AND lease_until <= ?", m, toMillis(now)).
			Updates(map[string]any{"lease_owner": owner, "lease_until": toMillis(until)})
		if leased.Error == nil && leased.RowsAffected == 0 {
			return &acp.Error{Kind: acp.KindInFlight, Code: string(acp.KindInFlight), Message: "the payments are being compared", RetryAfter: time.Minute}
		}
		if leased.Error != nil {
			return leased.Error
		}
		taken, err = reconciliation(tx, m)
		return err
	})
	return taken, err
}

// SaveReconciliation implements acp.ReconciliationBook.
func (s *Store) SaveReconciliation(ctx context.Context, r acp.Reconciliation, until time.Time) error {
	saved := s.write.WithContext(ctx).Model(&reconciliationRow{}).Where("merchant_id = ? AND lease_owner = ?", r.Merchant, r.Owner).
		Select("*").Omit("merchant_id", "lease_owner").Updates(reconciliationRow{
		FromAt: toMillis(r.From), ToAt: toMillis(r.To), Reached: r.Cursor, StartedAt: toMillis(r.StartedAt), FinishedAt: toMillis(r.FinishedAt),
		NextAt: toMillis(r.NextAt), Compared: r.Compared, Unread: r.Unread, LastError: storable(r.LastError), LeaseUntil: toMillis(until),
	})
	if saved.Error == nil && saved.RowsAffected == 0 {
		return stale("comparison")
	}
	return failed("save where the comparison stands", saved.Error)
}

// SessionsToCompare implements acp.ReconciliationBook.
func (s *Store) SessionsToCompare(
	ctx context.Context, m acp.MerchantID, spans []acp.Span, attempted acp.Span, after acp.SessionID, limit int,
) ([]acp.SessionID, error) {
	moved := make([]string, 0, len(spans)+1)
	values := []any{m}
	for _, span := range append(spans, acp.Span{}) { // the empty one keeps the list from being empty
		moved = append(moved, "(moved_at >= ? AND moved_at < ?)")
		values = append(values, toMillis(span.From), toMillis(span.To))
	}
	query := "SELECT session_id FROM payment_movements WHERE merchant_id = ? AND (" + strings.Join(moved, " OR ") + `)
		UNION SELECT session_id FROM payment_differences WHERE merchant_id = ? AND resolved_at = 0
		UNION SELECT session_id FROM payment_rechecks WHERE merchant_id = ?
		UNION SELECT session_id FROM payments WHERE merchant_id = ? AND state IN ?`
	values = append(values, m, m, m, []acp.PaymentState{acp.PaymentAuthorized, acp.PaymentCaptured, acp.PaymentLost})
	if attempted != (acp.Span{}) {
		query += ` UNION SELECT id FROM sessions WHERE merchant_id = ? AND created_at >= ? AND created_at < ? AND document LIKE '%"attempt":{%'`
		values = append(values, m, toMillis(attempted.From), toMillis(attempted.To))
	}
	var ids []acp.SessionID
	err := s.read.WithContext(ctx).
		Raw("SELECT session_id FROM ("+query+") AS due WHERE session_id > ? ORDER BY session_id LIMIT ?", append(values, after, limit)...).
		Scan(&ids).Error
	return ids, failed("list sessions to compare", err)
}
