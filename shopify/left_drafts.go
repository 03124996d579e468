package shopify

import (
	"context"
	"fmt"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

const leftDraftsPage = 100

// LeftDrafts implements acp.Drafts with a search for this app's tag. Drafts that staff work on, or whose
// invoice staff have sent, are left out by their date and their status.
func (c *Client) LeftDrafts(ctx context.Context, m acp.Merchant, before time.Time) ([]acp.LeftDraft, error) {
	query := fmt.Sprintf("tag:'%s' status:open updated_at:<'%s'", TagAgentSale, before.UTC().Format(time.RFC3339))
	nodes, err := restOf(nil, admin.Page{HasNextPage: true, EndCursor: new(string)}, func(after *string) ([]admin.LeftDraft, admin.Page, error) {
		answer, err := admin.DraftsLeft(ctx, c.reading(m.Shop), query, leftDraftsPage, set(value(after)))
		if err != nil {
			return nil, admin.Page{}, fmt.Errorf("search draft orders: %w", err)
		}
		return answer.DraftOrders.Nodes, answer.DraftOrders.PageInfo, nil
	})
	if err != nil {
		return nil, err
	}
	left := make([]acp.LeftDraft, len(nodes))
	for i, d := range nodes {
		left[i] = acp.LeftDraft{ID: d.Id, CreatedAt: d.CreatedAt}
		for _, a := range d.CustomAttributes {
			switch a.Key {
			case AttributeSession:
				left[i].Session = acp.SessionID(value(a.Value))
			case AttributeReference:
				left[i].Reference = value(a.Value)
			}
		}
	}
	return left, nil
}
