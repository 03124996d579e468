package store

import (
	"cmp"
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

type connectionRow struct {
	MerchantID  acp.MerchantID   `gorm:"primaryKey"`
	ID          acp.ConnectionID `gorm:"primaryKey"`
	Name        string
	Completion  acp.Completion
	TokenHash   string
	TokenHint   string
	EventURL    string
	EventSecret string // sealed
	Created     int64  `gorm:"column:created_at"`
	RevokedAt   int64

	SignatureMode     acp.SignatureMode
	RequestSecret     string // sealed
	SignatureFailures int64
	SignatureFailedAt int64
}

// TableName implements gorm's Tabler.
func (connectionRow) TableName() string { return "connections" }

const (
	eventSecretColumn   = "connections.event_secret"
	requestSecretColumn = "connections.request_secret"
)

func (s *Store) newConnectionRow(c acp.Connection, tokenHash string) connectionRow {
	return connectionRow{
		MerchantID: c.Merchant, ID: c.ID, Name: storable(c.Name), Completion: c.Completion,
		TokenHash: tokenHash, TokenHint: c.TokenHint, EventURL: storable(c.EventURL),
		EventSecret: s.Sealer.seal(c.EventSecret, eventSecretColumn, owner(c.Merchant, c.ID)),
		Created:     toMillis(c.CreatedAt), RevokedAt: toMillis(c.RevokedAt),
		SignatureMode: cmp.Or(c.SignatureMode, acp.SignaturesOff),
		RequestSecret: s.Sealer.seal(c.RequestSecret, requestSecretColumn, owner(c.Merchant, c.ID)),

		SignatureFailures: c.SignatureFailures, SignatureFailedAt: toMillis(c.SignatureFailedAt),
	}
}

func (s *Store) connection(r connectionRow) (acp.Connection, error) {
	secret, err := s.Sealer.open(r.EventSecret, eventSecretColumn, owner(r.MerchantID, r.ID))
	if err != nil {
		return acp.Connection{}, err
	}
	signing, err := s.signing(r)
	return acp.Connection{
		ID: r.ID, Merchant: r.MerchantID, Name: r.Name, Completion: r.Completion,
		TokenHint: r.TokenHint, EventURL: r.EventURL, EventSecret: secret,
		CreatedAt: fromMillis(r.Created), RevokedAt: fromMillis(r.RevokedAt), Signing: signing,
	}, err
}

// owner names a tenant's row for the sealer.
func owner[ID ~string](m acp.MerchantID, id ID) string { return string(m) + "/" + string(id) }

// ConnectionByToken implements acp.ConnectionBook.
func (s *Store) ConnectionByToken(ctx context.Context, hash string) (acp.Connection, acp.Merchant, error) {
	who, err := s.callers.read(hash, func() (caller, error) { return s.callerByToken(ctx, hash) })
	return who.connection, who.merchant, err
}

// caller is who calls with a token.
type caller struct {
	connection acp.Connection
	merchant   acp.Merchant
}

func (s *Store) callerByToken(ctx context.Context, hash string) (caller, error) {
	h := &s.Database.hot
	var row connectionRow
	var shop merchantRow
	places := append(h.connections.places(&row), h.merchants.places(&shop)...)
	if err := h.findCaller.QueryRowContext(s.Database.promptly(ctx), hash).Scan(places...); err != nil {
		return caller{}, found("connection", err)
	}
	c, err := s.connection(row)
	if err != nil {
		return caller{}, failed("read connection", err)
	}
	m, err := readMerchant(shop, nil)
	return caller{c, m}, err
}

// Connection implements acp.EventBook.
func (s *Store) Connection(ctx context.Context, m acp.MerchantID, id acp.ConnectionID) (acp.Connection, error) {
	var row connectionRow
	if err := s.read.WithContext(ctx).Where("merchant_id = ? AND id = ?", m, id).Take(&row).Error; err != nil {
		return acp.Connection{}, found("connection", err)
	}
	c, err := s.connection(row)
	return c, failed("read connection", err)
}

// Connections implements acp.ConnectionBook.
func (s *Store) Connections(ctx context.Context, m acp.MerchantID) ([]acp.Connection, error) {
	var rows []connectionRow
	err := s.read.WithContext(ctx).Where("merchant_id = ?", m).Order("created_at DESC, id DESC").Find(&rows).Error
	if err != nil {
		return nil, failed("list connections", err)
	}
	list := make([]acp.Connection, len(rows))
	for i, row := range rows {
		if list[i], err = s.connection(row); err != nil {
			return nil, failed("list connections", err)
		}
	}
	return list, nil
}

// SaveConnection implements acp.ConnectionBook. KindStale when another
// connection has the token.
func (s *Store) SaveConnection(ctx context.Context, c acp.Connection, tokenHash string) error {
	row := s.newConnectionRow(c, tokenHash)
	err := s.write.WithContext(ctx).Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "merchant_id"}, {Name: "id"}}, UpdateAll: true,
	}).Create(&row).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return stale("connection")
	}
	return failed("save connection", err)
}

// RevokeConnection implements acp.ConnectionBook. The first revocation counts.
func (s *Store) RevokeConnection(ctx context.Context, m acp.MerchantID, id acp.ConnectionID, at time.Time) error {
	revoked := s.write.WithContext(ctx).Model(&connectionRow{}).Where("merchant_id = ? AND id = ?", m, id).
		Update("revoked_at", gorm.Expr("CASE WHEN revoked_at = 0 THEN ? ELSE revoked_at END", toMillis(at)))
	if revoked.Error == nil && revoked.RowsAffected == 0 {
		return acp.NotFound("connection")
	}
	return failed("revoke connection", revoked.Error)
}
