package store

import (
	"context"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// tombstones is how long an item that is no longer sold stays in the feed, so
// that agents learn that it is gone.
const tombstones = 14 * 24 * time.Hour

// itemsPerPage bounds what is in memory, and how long a snapshot is held open:
// the callback may be as slow as somebody's download.
const itemsPerPage = 1000

// EachItem calls each with every item for sale, in the order of the variants'
// ids, and with those that stopped being for sale in the last 14 days (Hidden
// says why, RemovedAt is set when it left the shop). What was never for sale is
// left out: nobody needs to hear of an unpublished product. An error of the
// callback ends it and is returned as it is.
func (s *Store) EachItem(ctx context.Context, m acp.MerchantID, each func(acp.Item) error) error {
	since := toMillis(s.Now().Add(-tombstones))
	after := ""
	for {
		page, err := s.queryItems(ctx, `WHERE v.merchant_id = ? AND v.id > ? AND p.id IS NOT NULL
			AND (v.gone_at = 0 OR v.gone_at > ?) AND (p.gone_at = 0 OR p.gone_at > ?) ORDER BY v.id LIMIT ?`,
			m, after, since, since, itemsPerPage)
		if err != nil {
			return failed("read items", err)
		}
		for _, item := range page {
			if err := each(item); err != nil {
				return err
			}
		}
		if len(page) < itemsPerPage {
			return nil
		}
		after = page[len(page)-1].VariantID
	}
}
