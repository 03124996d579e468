package store

import "github.com/acp-bridge/acp-bridge/acp"

type claimRow struct {
	MerchantID     acp.MerchantID   `gorm:"primaryKey"`
	ConnectionID   acp.ConnectionID `gorm:"primaryKey"`
	Operation      string           `gorm:"primaryKey"`
	IdempotencyKey string           `gorm:"primaryKey"`
	ID             acp.ClaimID
	Fingerprint    string
	Version        string
	Language       string
	State          acp.ClaimState
	Owner          string
	LeaseUntil     int64
	Status         int
	Body           []byte
	Created        int64 `gorm:"column:created_at"`
	ExpiresAt      int64
}

// TableName implements gorm's Tabler.
func (claimRow) TableName() string { return "claims" }

// newClaimRow is the row of a request that begins to be carried out.
func newClaimRow(c acp.Claim) claimRow {
	return claimRow{
		MerchantID: c.Merchant, ConnectionID: c.Connection, Operation: storable(c.Operation), IdempotencyKey: storable(c.Key),
		ID: c.ID, Fingerprint: c.Fingerprint, Version: c.Version, Language: c.Language, State: acp.Claimed, Owner: c.Owner, LeaseUntil: toMillis(c.LeaseUntil),
		Created: toMillis(c.CreatedAt), ExpiresAt: toMillis(c.ExpiresAt),
	}
}

func (r claimRow) claim() acp.Claim {
	return acp.Claim{
		ID: r.ID, Merchant: r.MerchantID, Connection: r.ConnectionID, Operation: r.Operation, Key: r.IdempotencyKey,
		Fingerprint: r.Fingerprint, Version: r.Version, Language: r.Language, State: r.State, Owner: r.Owner, LeaseUntil: fromMillis(r.LeaseUntil),
		Status: r.Status, Body: r.Body, CreatedAt: fromMillis(r.Created), ExpiresAt: fromMillis(r.ExpiresAt),
	}
}
