package store

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"github.com/acp-bridge/acp-bridge/acp"
)

// MoneyReport implements acp.MoneyBook.
func (s *Store) MoneyReport(ctx context.Context, m acp.MerchantID, differences, stories int) (acp.MoneyReport, error) {
	db := s.read.WithContext(ctx)
	var report acp.MoneyReport
	var err error
	if report.Run, err = reconciliation(db, m); err != nil {
		return report, err
	}
	var rows []differenceRow
	open := db.Model(&differenceRow{}).Where("merchant_id = ? AND resolved_at = 0", m)
	if err := open.Session(&gorm.Session{}).Count(&report.More).Error; err != nil {
		return report, failed("count differences", err)
	}
	if err := open.Order("first_seen DESC, payment_id, kind").Limit(differences).Find(&rows).Error; err != nil {
		return report, failed("read differences", err)
	}
	report.Open = each(rows, differenceRow.difference)
	report.More -= int64(len(rows))
	var told []acp.SessionID
	for _, d := range report.Open {
		if !slices.Contains(told, d.Session) {
			told = append(told, d.Session)
		}
	}
	report.Stories, err = s.stories(db, m, told, stories)
	return report, failed("read the ledger", err)
}

// stories are those of the given sessions, then of the newest.
func (s *Store) stories(db *gorm.DB, m acp.MerchantID, told []acp.SessionID, newest int) ([]acp.Story, error) {
	var latest []acp.SessionID
	err := db.Raw(`SELECT session_id FROM payment_movements WHERE merchant_id = ? AND session_id NOT IN ?
		GROUP BY session_id ORDER BY MAX(moved_at) DESC, session_id LIMIT ?`, m, append(slices.Clone(told), ""), newest).Scan(&latest).Error
	if err != nil {
		return nil, err
	}
	told = append(told, latest...)
	var moved []movementRow
	if err := db.Where("merchant_id = ? AND session_id IN ?", m, append(slices.Clone(told), "")).
		Order("moved_at, kind, reference").Find(&moved).Error; err != nil {
		return nil, err
	}
	var orders []orderRow
	if err := db.Select("id", "name", "session_id").
		Where("merchant_id = ? AND session_id IN ?", m, append(slices.Clone(told), "")).Find(&orders).Error; err != nil {
		return nil, err
	}
	var list []acp.Story
	for _, id := range told {
		story := acp.Story{Session: id}
		for _, row := range moved {
			if row.SessionID == id {
				story.Movements = append(story.Movements, row.movement())
			}
		}
		for _, o := range orders {
			if o.SessionID == id {
				story.OrderID, story.OrderName = o.ID, o.Name
			}
		}
		if len(story.Movements) > 0 {
			list = append(list, story)
		}
	}
	return list, nil
}
