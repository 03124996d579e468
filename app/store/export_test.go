package store

import "gorm.io/gorm"

// Rows are all row structs, for the schema's drift test.
func Rows() []any {
	return []any{
		&merchantRow{}, &installationRow{}, &connectionRow{}, &sessionRow{}, &orderRow{}, &eventRow{}, &paymentRow{},
		&claimRow{}, &cartRow{}, &deliveryRow{}, &productRow{}, &variantRow{}, &mediaRow{}, &dirtyRow{}, &mirrorRow{},
		&movementRow{}, &differenceRow{}, &recheckRow{}, &reconciliationRow{}, &tryRow{}, &assessmentRow{}, &refundRow{}, &disputeRow{},
	}
}

// Gorm is the database as the store sees it.
func (d *Database) Gorm() *gorm.DB { return d.write }
