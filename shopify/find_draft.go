package shopify

import (
	"context"
	"fmt"
	"slices"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// FindDraft implements acp.Drafts: it searches by the tag that CreateDraft gave the draft. If a create was
// sent twice, the draft that became an order counts, else the oldest, so that everyone finds the same one.
func (c *Client) FindDraft(ctx context.Context, m acp.Merchant, reference string) (acp.Draft, error) {
	answer, err := admin.DraftFind(ctx, c.reading(m.Shop), fmt.Sprintf("tag:'%s'", reference))
	if err != nil {
		return acp.Draft{}, fmt.Errorf("search draft orders: %w", err)
	}
	var found *admin.Draft
	for i := range answer.DraftOrders.Nodes {
		d := &answer.DraftOrders.Nodes[i]
		if !slices.Contains(d.Tags, reference) { // a search is not an exact match
			continue
		}
		if d.Order != nil {
			return draftOf(d)
		}
		if found == nil || d.CreatedAt.Before(found.CreatedAt) {
			found = d
		}
	}
	if found == nil {
		return acp.Draft{}, acp.NotFound("draft order")
	}
	return draftOf(found)
}

// Draft implements acp.Drafts.
func (c *Client) Draft(ctx context.Context, m acp.Merchant, id string) (acp.Draft, error) {
	d, err := c.draft(ctx, m, id)
	if err != nil {
		return acp.Draft{}, err
	}
	return draftOf(d)
}

func (c *Client) draft(ctx context.Context, m acp.Merchant, id string) (*admin.Draft, error) {
	answer, err := admin.DraftGet(ctx, c.reading(m.Shop), id)
	if err != nil {
		return nil, fmt.Errorf("read draft order: %w", err)
	}
	if answer.DraftOrder == nil {
		return nil, acp.NotFound("draft order")
	}
	return answer.DraftOrder, nil
}
