package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

type tryRow struct {
	MerchantID acp.MerchantID `gorm:"primaryKey"`
	Holder     string         `gorm:"primaryKey"`
	SessionID  acp.SessionID  `gorm:"primaryKey"`
	Attempt    int            `gorm:"primaryKey"`
	TriedAt    int64
}

// TableName implements gorm's Tabler.
func (tryRow) TableName() string { return "payment_tries" }

// Holder implements acp.Vetting. Counts begin anew when the encryption key is
// rotated.
func (s *Store) Holder(m acp.MerchantID, kind, value string) string {
	return s.Sealer.digest(value, "payment_tries.holder", owner(m, kind))
}

// Try implements acp.Vetting.
func (s *Store) Try(ctx context.Context, t acp.Try, since time.Time) (most int64, err error) {
	if len(t.Holders) == 0 {
		return 0, nil
	}
	rows := each(t.Holders, func(h string) tryRow {
		return tryRow{MerchantID: t.Merchant, Holder: h, SessionID: t.Session, Attempt: t.Attempt, TriedAt: toMillis(t.At)}
	})
	err = s.commit(ctx, "count attempts to pay", nil, func(tx *gorm.DB) error {
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&rows).Error; err != nil {
			return err
		}
		return tx.Raw(`SELECT COALESCE(MAX(n), 0) FROM (SELECT COUNT(*) AS n FROM payment_tries
			WHERE merchant_id = ? AND holder IN ? AND tried_at > ? GROUP BY holder) counted`,
			t.Merchant, t.Holders, toMillis(since)).Scan(&most).Error
	})
	return most, err
}

// PurgeTries deletes the attempts that no rule looks back to any more.
func (s *Store) PurgeTries(ctx context.Context, before time.Time) error {
	return failed("purge attempts to pay", s.write.WithContext(ctx).Where("tried_at < ?", toMillis(before)).Delete(&tryRow{}).Error)
}

type assessmentRow struct {
	MerchantID acp.MerchantID `gorm:"primaryKey"`
	SessionID  acp.SessionID  `gorm:"primaryKey"`
	Attempt    int            `gorm:"primaryKey"`
	Verdict    acp.Verdict
	Reasons    string // one a line
	Agent      string
	Amount     int64
	Currency   acp.Currency
	AssessedAt int64
}

// TableName implements gorm's Tabler.
func (assessmentRow) TableName() string { return "assessments" }

// SaveAssessment implements acp.Vetting.
func (s *Store) SaveAssessment(ctx context.Context, a acp.Assessment) error {
	row := assessmentRow{
		MerchantID: a.Merchant, SessionID: a.Session, Attempt: a.Attempt, Verdict: a.Verdict,
		Reasons: storable(strings.Join(a.Reasons, "\n")), Agent: storable(a.Agent),
		Amount: a.Amount.Amount, Currency: a.Amount.Currency, AssessedAt: toMillis(a.At),
	}
	return failed("save assessment", s.write.WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error)
}

// Refusals implements acp.Vetting.
func (s *Store) Refusals(ctx context.Context, m acp.MerchantID, since time.Time, latest int) ([]acp.Assessment, error) {
	var rows []assessmentRow
	err := s.read.WithContext(ctx).Where("merchant_id = ? AND verdict = ? AND assessed_at >= ?", m, acp.Refuse, toMillis(since)).
		Order("assessed_at DESC").Limit(latest).Find(&rows).Error
	return each(rows, assessmentRow.assessment), failed("read refusals", err)
}

// Reviews implements acp.Vetting.
func (s *Store) Reviews(ctx context.Context, m acp.MerchantID, latest int) ([]acp.PendingReview, error) {
	var rows []sessionRow
	err := s.read.WithContext(ctx).Where("merchant_id = ? AND status = ?", m, acp.PendingApproval).Order("created_at").Limit(latest).Find(&rows).Error
	if err != nil {
		return nil, failed("read reviews", err)
	}
	reviews := make([]acp.PendingReview, 0, len(rows))
	for _, row := range rows {
		pending, err := s.pendingReview(ctx, row)
		if err != nil {
			return nil, failed("read reviews", err)
		}
		reviews = append(reviews, pending)
	}
	slices.SortFunc(reviews, func(a, b acp.PendingReview) int { return a.By.Compare(b.By) })
	return reviews, nil
}

func (s *Store) pendingReview(ctx context.Context, row sessionRow) (acp.PendingReview, error) {
	x, err := s.session(row)
	if err != nil {
		return acp.PendingReview{}, err
	}
	var why assessmentRow
	err = s.read.WithContext(ctx).Where("merchant_id = ? AND session_id = ? AND attempt = ?", x.Merchant, x.ID, x.Attempt.Number).Take(&why).Error
	pending := acp.PendingReview{Assessment: why.assessment(), By: x.Attempt.ReviewBy}
	if x.Fulfillment != nil && x.Fulfillment.Address != nil {
		pending.Country = x.Fulfillment.Address.Country
	}
	for _, l := range x.Lines {
		pending.Items += l.Quantity
	}
	return pending, err
}

func (r assessmentRow) assessment() acp.Assessment {
	return acp.Assessment{
		Merchant: r.MerchantID, Session: r.SessionID, Attempt: r.Attempt, Verdict: r.Verdict, Reasons: strings.Split(r.Reasons, "\n"),
		Agent: r.Agent, Amount: acp.Money{Amount: r.Amount, Currency: r.Currency}, At: fromMillis(r.AssessedAt),
	}
}
