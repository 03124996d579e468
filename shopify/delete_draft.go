package shopify

import (
	"context"
	"fmt"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// DeleteDraft implements acp.Drafts with draftOrderDelete. KindRefused when the draft has become an order;
// gone is success, also when the answer to deleting it was lost.
func (c *Client) DeleteDraft(ctx context.Context, m acp.Merchant, id string) error {
	failure := c.delete(ctx, m, id)
	if kind := acp.KindOf(failure); kind != acp.KindRefused && kind != acp.KindUnknown {
		return failure
	}
	d, err := c.draft(ctx, m, id)
	switch {
	case acp.KindOf(err) == acp.KindNotFound:
		return nil
	case err == nil && d.Order != nil:
		return &acp.Error{Kind: acp.KindRefused, Code: "refused", Message: "the draft order has become an order", Err: failure}
	}
	return failure
}

func (c *Client) delete(ctx context.Context, m acp.Merchant, id string) error {
	answer, err := admin.DraftDelete(ctx, c.changing(m.Shop), admin.DraftOrderDeleteInput{Id: id})
	if err != nil {
		return fmt.Errorf("delete draft order: %w", err)
	}
	if answer.DraftOrderDelete == nil {
		return acp.Failed(acp.KindUnknown, "delete draft order", errEmptyPayload)
	}
	return refusedBy("delete draft order", answer.DraftOrderDelete.UserErrors)
}
