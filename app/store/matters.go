package store

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"github.com/acp-bridge/acp-bridge/acp"
)

// mostMatters of each kind are shown; nobody reads more at once.
const mostMatters = 50

// notedMatters are those of a kind that were written down as such.
const notedMatters = `SELECT m.id, m.order_id, COALESCE(NULLIF(m.order_name, ''), o.name, ''), m.provider, m.payment_id, m.amount, m.currency, m.problem, '', 0, m.noticed_at
	FROM money_matters m LEFT JOIN orders o ON o.merchant_id = m.merchant_id AND o.id = m.order_id
	WHERE m.merchant_id = ? AND m.kind = ? AND m.handled_at = 0 ORDER BY m.noticed_at, m.id LIMIT ?`

// Matters implements acp.MatterBook: lost payments, then reservations that will
// be, then orders that were paid twice or not at all, then disputes by their deadline, then
// refunds. What is still being tried is listed after an hour.
func (s *Store) Matters(ctx context.Context, m acp.MerchantID) ([]acp.MoneyMatter, error) {
	var all []acp.MoneyMatter
	for _, q := range []struct {
		kind   acp.MatterKind
		query  string
		values []any
	}{
		{acp.MatterLost, `SELECT p.session_id, p.order_id, COALESCE(o.name, ''), p.provider, p.provider_id, p.amount, p.currency, '', '', 0, p.updated_at
			FROM payments p LEFT JOIN orders o ON o.merchant_id = p.merchant_id AND o.id = p.order_id
			WHERE p.merchant_id = ? AND p.state = ? AND p.handled_at = 0 AND COALESCE(o.status, '') <> ?
			ORDER BY p.updated_at LIMIT ?`, []any{m, acp.PaymentLost, acp.OrderCanceled, mostMatters}},
		{
			acp.MatterCaptureBy, `SELECT p.session_id, p.order_id, COALESCE(o.name, ''), p.provider, p.provider_id, p.amount, p.currency, '', '', p.capture_before, p.created_at
			FROM payments p LEFT JOIN orders o ON o.merchant_id = p.merchant_id AND o.id = p.order_id
			WHERE p.merchant_id = ? AND p.state = ? AND p.handled_at = 0 AND p.created_at < ?
			ORDER BY CASE WHEN p.capture_before = 0 THEN 1 ELSE 0 END, p.capture_before, p.created_at LIMIT ?`,
			[]any{m, acp.PaymentAuthorized, toMillis(s.Now().Add(-lateAfter)), mostMatters},
		},
		{acp.MatterKeptPayment, notedMatters, []any{m, acp.MatterKeptPayment, mostMatters}},
		{acp.MatterPaidTwice, notedMatters, []any{m, acp.MatterPaidTwice, mostMatters}},
		{acp.MatterUnpaidOrder, notedMatters, []any{m, acp.MatterUnpaidOrder, mostMatters}},
		{
			acp.MatterDispute, `SELECT d.provider || '/' || d.id, d.order_id, COALESCE(o.name, ''), d.provider, d.payment_id, d.amount, d.currency, d.reason, d.state, d.answer_by, d.opened_at
			FROM disputes d LEFT JOIN orders o ON o.merchant_id = d.merchant_id AND o.id = d.order_id
			WHERE d.merchant_id = ? AND d.state IN (?, ?, ?) AND d.handled_at = 0
			ORDER BY CASE WHEN d.answer_by = 0 THEN 1 ELSE 0 END, d.answer_by, d.opened_at LIMIT ?`,
			[]any{m, acp.DisputeOpen, acp.DisputeInquiry, acp.DisputeLost, mostMatters},
		},
		{
			acp.MatterRefund, `SELECT r.origin || '/' || r.origin_id, r.order_id, COALESCE(o.name, ''), r.provider, r.payment_id, r.amount, r.currency, r.problem, '', 0, r.created_at
			FROM refunds r LEFT JOIN orders o ON o.merchant_id = r.merchant_id AND o.id = r.order_id
			WHERE r.merchant_id = ? AND r.handled_at = 0
			AND (r.carried = ? OR r.money = ? OR r.problem = ? OR (r.carried = ? AND r.money <> ? AND r.updated_at < ?))
			ORDER BY r.created_at LIMIT ?`,
			[]any{m, acp.CarryFailed, acp.RefundFailed, acp.ProblemTakenForOne, acp.CarryOpen, acp.RefundPending, toMillis(s.Now().Add(-lateAfter)), mostMatters},
		},
		{acp.MatterManyRefunds, notedMatters, []any{m, acp.MatterManyRefunds, mostMatters}},
	} {
		found, err := s.matters(ctx, q.kind, q.query, q.values)
		if err != nil {
			return nil, failed("list money matters", err)
		}
		all = append(all, found...)
	}
	return all, nil
}

func (s *Store) matters(ctx context.Context, kind acp.MatterKind, query string, values []any) ([]acp.MoneyMatter, error) {
	rows, err := s.read.WithContext(ctx).Raw(query, values...).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []acp.MoneyMatter
	for rows.Next() {
		v := acp.MoneyMatter{Kind: kind}
		var answerBy, at int64
		err := rows.Scan(&v.ID, &v.OrderID, &v.OrderName, &v.Provider, &v.PaymentID, &v.Amount.Amount, &v.Amount.Currency, &v.Problem, &v.Dispute, &answerBy, &at)
		if err != nil {
			return nil, err
		}
		v.AnswerBy, v.At = fromMillis(answerBy), fromMillis(at)
		list = append(list, v)
	}
	return list, rows.Err()
}

// HandleMatter implements acp.MatterBook.
func (s *Store) HandleMatter(ctx context.Context, m acp.MerchantID, kind acp.MatterKind, id string) error {
	first, second, _ := strings.Cut(id, "/")
	db := s.write.WithContext(ctx)
	var rows *gorm.DB
	switch kind {
	case acp.MatterLost:
		rows = db.Model(&paymentRow{}).Where("merchant_id = ? AND session_id = ? AND state = ?", m, id, acp.PaymentLost)
	case acp.MatterCaptureBy:
		rows = db.Model(&paymentRow{}).Where("merchant_id = ? AND session_id = ? AND state = ?", m, id, acp.PaymentAuthorized)
	case acp.MatterDispute:
		rows = db.Model(&disputeRow{}).Where("merchant_id = ? AND provider = ? AND id = ?", m, first, second)
	case acp.MatterRefund:
		rows = db.Model(&refundRow{}).Where("merchant_id = ? AND origin = ? AND origin_id = ?", m, first, second)
	default:
		rows = db.Model(&matterRow{}).Where("merchant_id = ? AND kind = ? AND id = ?", m, kind, id)
	}
	done := rows.Update("handled_at", toMillis(s.Now()))
	if done.Error == nil && done.RowsAffected == 0 {
		return acp.NotFound("money matter")
	}
	return failed("note what staff did", done.Error)
}
