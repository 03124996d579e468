package store

import (
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// redactCarts takes the buyer off the person's carts, which are found by e-mail
// address only: no order says which cart it came from. The revision rises: a
// request that has read a cart already cannot write the buyer back.
func redactCarts(tx *gorm.DB, p person) error {
	if p.email == "" {
		return nil
	}
	var rows []cartRow
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).
		Where("merchant_id = ? AND buyer_email = ?", p.merchant, p.email).Order("id").Find(&rows).Error
	if err != nil {
		return err
	}
	for _, row := range rows {
		c, err := row.cart()
		if err != nil {
			return err
		}
		c.Buyer = nil
		if err := swapCart(tx, c); err != nil {
			return err
		}
	}
	return nil
}
