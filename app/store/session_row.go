package store

import (
	"fmt"

	"github.com/acp-bridge/acp-bridge/acp"
)

type sessionRow struct {
	MerchantID     acp.MerchantID `gorm:"primaryKey"`
	ID             acp.SessionID  `gorm:"primaryKey"`
	ConnectionID   acp.ConnectionID
	Revision       int64
	Status         acp.Status
	Currency       acp.Currency
	Total          int64
	HandoverToken  *string
	BuyerEmail     string
	RecipientEmail string
	Document       string
	Created        int64 `gorm:"column:created_at"`
	CompletedAt    int64
	CanceledAt     int64
	LeftReason     acp.Reason
	HandOffDue     int64
	LeaseOwner     string
	LeaseUntil     int64
}

// TableName implements gorm's Tabler.
func (sessionRow) TableName() string { return "sessions" }

func (s *Store) newSessionRow(x acp.Session) (sessionRow, error) {
	document, err := encode(s.newSessionDocument(x))
	row := sessionRow{
		MerchantID: x.Merchant, ID: x.ID, ConnectionID: x.Connection, Revision: x.Revision, Status: x.Status,
		Currency: x.Currency, Total: x.Totals.Total, Document: document,
		Created: toMillis(x.CreatedAt), CompletedAt: toMillis(x.CompletedAt),
	}
	row.CanceledAt = toMillis(x.CanceledAt)
	if x.Left != nil {
		row.LeftReason = acp.Reason(storable(string(x.Left.Reason)))
	}
	if x.Handover != nil {
		row.HandoverToken, row.HandOffDue = &x.Handover.Token, toMillis(x.Handover.DueAt)
	}
	if x.Buyer != nil {
		row.BuyerEmail = addressKey(x.Buyer.Email)
	}
	if x.Fulfillment != nil {
		row.RecipientEmail = addressKey(x.Fulfillment.Email)
	}
	return row, err
}

func (s *Store) session(r sessionRow) (acp.Session, error) {
	var d sessionDocument
	if err := decode(r.Document, sessionVersion, &d); err != nil {
		return acp.Session{}, fmt.Errorf("session %s: %w", r.ID, err)
	}
	x := acp.Session{
		ID: r.ID, Merchant: r.MerchantID, Connection: r.ConnectionID, Revision: r.Revision, Status: r.Status,
		Currency: r.Currency, CreatedAt: fromMillis(r.Created), CompletedAt: fromMillis(r.CompletedAt),
	}
	d.fill(&x)
	if x.Handover != nil {
		x.Handover.DueAt = fromMillis(r.HandOffDue)
	}
	var err error
	if x.Attempt, err = s.attempt(d.Attempt, owner(r.MerchantID, r.ID)); err != nil {
		return x, err
	}
	return x, s.openMotives(d.Motives, &x)
}
