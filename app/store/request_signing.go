package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/acp-bridge/acp-bridge/acp"
)

func (s *Store) signing(r connectionRow) (acp.Signing, error) {
	secret, err := s.Sealer.open(r.RequestSecret, requestSecretColumn, owner(r.MerchantID, r.ID))
	return acp.Signing{
		SignatureMode: r.SignatureMode, RequestSecret: secret,
		SignatureFailures: r.SignatureFailures, SignatureFailedAt: fromMillis(r.SignatureFailedAt),
	}, err
}

// SetSignatures implements acp.ConnectionBook.
func (s *Store) SetSignatures(ctx context.Context, m acp.MerchantID, id acp.ConnectionID, mode acp.SignatureMode, secret acp.Secret) error {
	changed := s.write.WithContext(ctx).Model(&connectionRow{}).
		Where("merchant_id = ? AND id = ? AND revoked_at = 0", m, id).
		Updates(map[string]any{
			"signature_mode": mode, "request_secret": s.Sealer.seal(secret, requestSecretColumn, owner(m, id)),
		})
	if changed.Error == nil && changed.RowsAffected == 0 {
		return acp.NotFound("connection")
	}
	return failed("change signatures", changed.Error)
}

// CountBadSignature implements acp.ConnectionBook.
func (s *Store) CountBadSignature(ctx context.Context, m acp.MerchantID, id acp.ConnectionID, at time.Time) error {
	err := s.write.WithContext(ctx).Model(&connectionRow{}).Where("merchant_id = ? AND id = ?", m, id).
		Updates(map[string]any{
			"signature_failures": gorm.Expr("signature_failures + 1"), "signature_failed_at": toMillis(at),
		}).Error
	return failed("count bad signature", err)
}
