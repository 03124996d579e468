package store

import (
	"context"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// departures counts, for each reason that agents gave, the sessions canceled
// since a moment; the most frequent first. One that was paid all the same, late,
// is a sale and no departure.
func (s *Store) departures(ctx context.Context, m acp.MerchantID, since time.Time) ([]acp.Departure, error) {
	rows, err := s.read.WithContext(ctx).Raw(`SELECT left_reason, COUNT(*) FROM sessions
		WHERE merchant_id = ? AND status = ? AND left_reason <> '' AND canceled_at >= ?
		GROUP BY left_reason ORDER BY COUNT(*) DESC, left_reason`, m, acp.Canceled, toMillis(since)).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []acp.Departure
	for rows.Next() {
		var d acp.Departure
		if err := rows.Scan(&d.Reason, &d.Sessions); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, rows.Err()
}
