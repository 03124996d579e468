package shopify

import (
	"context"
	"fmt"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// TagOrder implements acp.ShopRefunds. A tag that is there already stays one, so a lost answer does no harm.
func (c *Client) TagOrder(ctx context.Context, m acp.Merchant, id, tag string) error {
	answer, err := admin.TagsAdd(ctx, c.changing(m.Shop), id, []string{tag})
	if err != nil {
		return fmt.Errorf("tag order: %w", err)
	}
	if answer.TagsAdd == nil {
		return acp.Failed(acp.KindUnknown, "tag order", errEmptyPayload)
	}
	return refusedBy("tag order", answer.TagsAdd.UserErrors)
}
