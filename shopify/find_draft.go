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
	found, err := c.FindDrafts(ctx, m, reference)
	if err != nil {
		return acp.Draft{}, err
	}
	if len(found) == 0 {
		return acp.Draft{}, acp.NotFound("draft order")
	}
	return found[0], nil
}

// FindDrafts implements acp.Drafts: first the one that became an order, then the oldest.
func (c *Client) FindDrafts(ctx context.Context, m acp.Merchant, reference string) ([]acp.Draft, error) {
	answer, err := admin.DraftFind(ctx, c.reading(m.Shop), fmt.Sprintf("tag:'%s'", reference))
	if err != nil {
		return nil, fmt.Errorf("search draft orders: %w", err)
	}
	nodes := slices.DeleteFunc(answer.DraftOrders.Nodes, func(d admin.MarkedDraft) bool {
		return !slices.Contains(d.Tags, reference) // a search is not an exact match
	})
	slices.SortStableFunc(nodes, func(a, b admin.MarkedDraft) int {
		if (a.Order != nil) != (b.Order != nil) {
			return map[bool]int{true: -1, false: 1}[a.Order != nil]
		}
		return a.CreatedAt.Compare(b.CreatedAt)
	})
	found := make([]acp.Draft, len(nodes))
	for i := range nodes {
		if found[i], err = draftOf(&nodes[i].Draft); err != nil {
			return nil, err
		}
	}
	return found, nil
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
