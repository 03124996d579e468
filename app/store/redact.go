package store

import (
	"context"
	"errors"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Redact implements acp.InboxBook. A person is found by e-mail address and by
// orders; names, addresses and whatever the buyer wrote go, amounts and items
// stay. KindInFlight when a checkout of theirs is being completed at this
// moment: everything else is erased, and asking again erases the rest.
// https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance
func (s *Store) Redact(ctx context.Context, m acp.MerchantID, r acp.Redaction) error {
	if r.WholeShop {
		return s.redactShop(ctx, m)
	}
	p := person{merchant: m, email: addressKey(r.Email), orders: slices.Clone(r.Orders)}
	busy := false
	err := s.commit(ctx, "erase personal data", nil, func(tx *gorm.DB) error {
		if err := p.find(tx); err != nil {
			return err
		}
		var err error
		if busy, err = s.redactSessions(tx, p); err != nil {
			return err
		}
		if err := redactOrders(tx, p); err != nil {
			return err
		}
		if err := redactCarts(tx, p); err != nil {
			return err
		}
		return s.redactBodies(tx, p)
	})
	if err == nil && busy {
		return &acp.Error{Kind: acp.KindInFlight, Code: "checkout_in_progress", Message: "a checkout is being completed"}
	}
	return err
}

// redactShop deletes everything of a tenant: its rows go with the merchant's
// (ON DELETE CASCADE). The catalog goes first and in parts, because it may be
// large and others want to write, too.
func (s *Store) redactShop(ctx context.Context, m acp.MerchantID) error {
	for _, table := range []string{"variants", "products"} {
		part := "DELETE FROM " + table + " WHERE merchant_id = ? AND id IN (SELECT id FROM " + table + " WHERE merchant_id = ? LIMIT 5000)"
		for deleted := int64(1); deleted > 0; {
			done := s.write.WithContext(ctx).Exec(part, m, m)
			if done.Error != nil {
				return failed("delete shop", done.Error)
			}
			deleted = done.RowsAffected
		}
	}
	return s.commit(ctx, "delete shop", nil, func(tx *gorm.DB) error {
		var row merchantRow
		err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", m).Take(&row).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := tx.Where("shop = ?", row.Shop).Delete(&installationRow{}).Error; err != nil {
			return err
		}
		return tx.Where("id = ?", m).Delete(&merchantRow{}).Error
	})
}

// person is whose data is erased: rows are found by any of these.
type person struct {
	merchant acp.MerchantID
	email    string
	orders   []string
	sessions []acp.SessionID
}

// find looks up the person's sessions and, from these too, orders.
func (p *person) find(tx *gorm.DB) error {
	if p.email != "" {
		err := tx.Model(&sessionRow{}).
			Where("merchant_id = ? AND (buyer_email = ? OR recipient_email = ?)", p.merchant, p.email, p.email).
			Pluck("id", &p.sessions).Error
		if err != nil {
			return err
		}
	}
	// Empty strings keep lists from being empty, which would not parse; no row
	// has one as its id.
	var orders []orderRow
	err := tx.Select("id", "session_id").
		Where("merchant_id = ? AND (id IN ? OR session_id IN ? OR (email = ? AND email <> ''))",
			p.merchant, append(p.orders, ""), append(p.sessions, ""), p.email).
		Find(&orders).Error
	for _, o := range orders {
		p.orders = append(p.orders, o.ID)
		p.sessions = append(p.sessions, o.SessionID)
	}
	slices.Sort(p.orders)
	slices.Sort(p.sessions)
	p.orders, p.sessions = slices.Compact(p.orders), slices.Compact(p.sessions)
	return err
}
