package store

import (
	"context"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

type paymentRow struct {
	MerchantID    acp.MerchantID `gorm:"primaryKey"`
	SessionID     acp.SessionID  `gorm:"primaryKey"`
	Attempt       int
	Reference     string
	ProviderID    string
	Provider      string
	OrderID       string
	Amount        int64
	Currency      acp.Currency
	State         acp.PaymentState
	Decline       string
	Retryable     bool
	LastError     string
	CaptureBefore int64
	Created       int64 `gorm:"column:created_at"`
	Updated       int64 `gorm:"column:updated_at"`
	HandledAt     int64
}

// TableName implements gorm's Tabler.
func (paymentRow) TableName() string { return "payments" }

func newPaymentRow(p acp.Payment) paymentRow {
	return paymentRow{
		MerchantID: p.Merchant, SessionID: p.Session, Attempt: p.Attempt, Reference: p.Reference, ProviderID: p.ProviderID,
		Provider: p.Provider, OrderID: p.OrderID, Amount: p.Amount.Amount, Currency: p.Amount.Currency, State: p.State,
		Decline: storable(p.Decline), Retryable: p.Retryable, LastError: storable(p.LastError),
		CaptureBefore: toMillis(p.CaptureBefore), Created: toMillis(p.CreatedAt), Updated: toMillis(p.UpdatedAt), HandledAt: toMillis(p.HandledAt),
	}
}

func (r paymentRow) payment() acp.Payment {
	return acp.Payment{
		Merchant: r.MerchantID, Session: r.SessionID, Attempt: r.Attempt, Reference: r.Reference, ProviderID: r.ProviderID,
		Provider: r.Provider, OrderID: r.OrderID, Amount: acp.Money{Amount: r.Amount, Currency: r.Currency}, State: r.State,
		Decline: r.Decline, Retryable: r.Retryable, LastError: r.LastError,
		CaptureBefore: fromMillis(r.CaptureBefore), CreatedAt: fromMillis(r.Created), UpdatedAt: fromMillis(r.Updated), HandledAt: fromMillis(r.HandledAt),
	}
}

// Payment implements acp.PaymentBook.
func (s *Store) Payment(ctx context.Context, m acp.MerchantID, id acp.SessionID) (acp.Payment, error) {
	var row paymentRow
	if err := s.read.WithContext(ctx).Where("merchant_id = ? AND session_id = ?", m, id).Take(&row).Error; err != nil {
		return acp.Payment{}, found("payment", err)
	}
	return row.payment(), nil
}

// SavePayment implements acp.PaymentBook. A payment never goes back: when two
// jobs settle it at once, the slower one's older state is KindStale.
func (s *Store) SavePayment(ctx context.Context, p acp.Payment, moved []acp.Movement, tasks ...acp.Task) error {
	row := newPaymentRow(p)
	return s.commit(ctx, "save payment", tasks, func(tx *gorm.DB) error {
		saved := tx.Clauses(clause.OnConflict{
			Columns: []clause.Column{{Name: "merchant_id"}, {Name: "session_id"}},
			DoUpdates: clause.AssignmentColumns([]string{
				"attempt", "reference", "provider_id", "provider", "order_id", "amount", "currency", "state", "decline",
				"retryable", "last_error", "capture_before", "updated_at", "handled_at",
			}),
			Where: clause.Where{Exprs: []clause.Expression{gorm.Expr("payments.state NOT IN ?", laterThan(p.State))}},
		}).Create(&row)
		if saved.Error == nil && saved.RowsAffected == 0 {
			return stale("payment")
		}
		if saved.Error != nil {
			return saved.Error
		}
		return s.appendMovements(tx, moved)
	})
}

// settled are the states in the order in which money moves.
var settled = [][]acp.PaymentState{
	{acp.PaymentLost},
	{acp.PaymentCaptured},
	{acp.PaymentRecorded, acp.PaymentVoided},
	{acp.PaymentRefunded},
}

// laterThan lists the states that a payment in this state may come before.
func laterThan(state acp.PaymentState) []acp.PaymentState {
	at := slices.IndexFunc(settled, func(rank []acp.PaymentState) bool { return slices.Contains(rank, state) })
	later := slices.Concat(settled[at+1:]...)
	return append(later, "") // never empty, which SQL would not parse
}
