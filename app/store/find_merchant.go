package store

import (
	"context"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Merchant implements acp.Merchants.
func (s *Store) Merchant(ctx context.Context, id acp.MerchantID) (acp.Merchant, error) {
	h := &s.Database.hot
	return readMerchant(h.merchants.scan(h.findMerchant.QueryRowContext(s.Database.promptly(ctx), id)))
}

// MerchantByShop implements acp.ShopDirectory.
func (s *Store) MerchantByShop(ctx context.Context, shop string) (acp.Merchant, error) {
	return s.findMerchant(ctx, "shop = ?", shop)
}

// MerchantByFeedToken finds whose feed an address names. KindNotFound, also
// for shops that have left.
func (s *Store) MerchantByFeedToken(ctx context.Context, token string) (acp.Merchant, error) {
	return s.findMerchant(ctx, "feed_token = ? AND status <> ?", token, acp.Uninstalled)
}

func (s *Store) findMerchant(ctx context.Context, where string, values ...any) (acp.Merchant, error) {
	var row merchantRow
	err := s.read.WithContext(ctx).Where(where, values...).Take(&row).Error
	return readMerchant(row, err)
}

func readMerchant(row merchantRow, err error) (acp.Merchant, error) {
	if err != nil {
		return acp.Merchant{}, found("merchant", err)
	}
	m, err := row.merchant()
	return m, failed("read merchant", err)
}

// KnownMerchants lists every shop that has rows here, those that have left
// included: a buyer's money may be theirs to give back all the same.
func (s *Store) KnownMerchants(ctx context.Context) ([]acp.MerchantID, error) {
	var ids []acp.MerchantID
	err := s.read.WithContext(ctx).Model(&merchantRow{}).Order("id").Pluck("id", &ids).Error
	return ids, failed("list merchants", err)
}

// InstalledMerchants lists the shops that are served, for nightly work.
func (s *Store) InstalledMerchants(ctx context.Context) ([]acp.MerchantID, error) {
	var ids []acp.MerchantID
	err := s.read.WithContext(ctx).Model(&merchantRow{}).Where("status = ?", acp.Installed).Order("id").Pluck("id", &ids).Error
	return ids, failed("list merchants", err)
}
