package store

import (
	"context"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// lateAfter is when unfinished work, which is tried again by itself, is worth
// the attention of staff.
const lateAfter = time.Hour

// Sales implements acp.SalesBook. Revenue is net of refunds, leaves out
// canceled orders, and counts orders in the shop's present currency only.
// Latest are the newest orders of any time. What needs attention counts
// whatever its age; an event that was never sent, because the connection takes
// none, is not among it.
func (s *Store) Sales(ctx context.Context, m acp.Merchant, since time.Time, latest int) (acp.Sales, error) {
	sales := acp.Sales{Since: since, Revenue: acp.Money{Currency: m.Currency}}
	db := s.read.WithContext(ctx)
	from, late := toMillis(since), toMillis(s.Now().Add(-lateAfter))
	sums := []struct {
		query  string
		values []any
		into   []any
	}{
		{
			`SELECT COUNT(*), COALESCE(SUM(CASE WHEN currency = ? AND status <> ? THEN total - refunded ELSE 0 END), 0)
			FROM orders WHERE merchant_id = ? AND placed_at >= ?`,
			[]any{m.Currency, acp.OrderCanceled, m.ID, from},
			[]any{&sales.Orders, &sales.Revenue.Amount},
		},
		{
			`SELECT COUNT(*), COALESCE(SUM(CASE WHEN status = ? THEN 1 ELSE 0 END), 0)
			FROM sessions WHERE merchant_id = ? AND created_at >= ?`,
			[]any{acp.Completed, m.ID, from},
			[]any{&sales.Sessions, &sales.Finished},
		},
		{
			`SELECT COUNT(*) FROM payments WHERE merchant_id = ? AND state IN (?, ?) AND created_at < ?`,
			[]any{m.ID, acp.PaymentAuthorized, acp.PaymentCaptured, late},
			[]any{&sales.LatePayments},
		},
		{
			`SELECT COUNT(*) FROM sessions WHERE merchant_id = ? AND status = ? AND created_at < ?`,
			[]any{m.ID, acp.InProgress, late},
			[]any{&sales.StuckCheckouts},
		},
		{
			`SELECT COUNT(*) FROM order_events WHERE merchant_id = ? AND dead_at > 0 AND attempts > 0`,
			[]any{m.ID},
			[]any{&sales.DeadEvents},
		},
	}
	for _, sum := range sums {
		if err := db.Raw(sum.query, sum.values...).Row().Scan(sum.into...); err != nil {
			return acp.Sales{}, failed("sum up sales", err)
		}
	}
	var err error
	if sales.Latest, err = s.latestSales(ctx, m.ID, latest); err != nil {
		return acp.Sales{}, failed("list sales", err)
	}
	if sales.Departures, err = s.departures(ctx, m.ID, since); err != nil {
		return acp.Sales{}, failed("count departures", err)
	}
	sales.Mirror, err = s.Mirror(ctx, m.ID)
	return sales, err
}

func (s *Store) latestSales(ctx context.Context, m acp.MerchantID, latest int) ([]acp.Sale, error) {
	rows, err := s.read.WithContext(ctx).Raw(`SELECT o.id, o.name, COALESCE(c.name, ''), o.total, o.currency, o.refunded,
			o.status, o.paid, o.hand_off, o.placed_at
		FROM orders o LEFT JOIN connections c ON c.merchant_id = o.merchant_id AND c.id = o.connection_id
		WHERE o.merchant_id = ? ORDER BY o.placed_at DESC, o.id DESC LIMIT ?`, m, latest).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []acp.Sale
	for rows.Next() {
		var sale acp.Sale
		var placed int64
		err := rows.Scan(&sale.OrderID, &sale.Name, &sale.Agent, &sale.Total.Amount, &sale.Total.Currency, &sale.Refunded,
			&sale.Status, &sale.Paid, &sale.HandOff, &placed)
		if err != nil {
			return nil, err
		}
		sale.PlacedAt = fromMillis(placed)
		list = append(list, sale)
	}
	return list, rows.Err()
}
