package shopify

import (
	"context"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// AwaitDraft implements acp.Drafts. Shopify calculates taxes and shipping of a saved draft in its own time,
// and refuses to complete it before that.
func (c *Client) AwaitDraft(ctx context.Context, m acp.Merchant, id string) (acp.Draft, error) {
	d, err := c.awaitReady(ctx, m, id)
	if err != nil {
		return acp.Draft{}, err
	}
	return draftOf(d)
}

// awaitReady asks after a quarter of a second, then twice as late each time, up to four seconds.
func (c *Client) awaitReady(ctx context.Context, m acp.Merchant, id string) (*admin.Draft, error) {
	for wait := 250 * time.Millisecond; ; wait = min(2*wait, 4*time.Second) {
		d, err := c.draft(ctx, m, id)
		if err != nil {
			return nil, err
		}
		if d.Ready || d.Order != nil {
			return d, nil
		}
		if err := c.pause(ctx, wait); err != nil {
			return nil, acp.Failed(acp.KindUnavailable, "wait until the draft order is calculated", err)
		}
	}
}

// pause waits, but not longer than the caller does.
func (c *Client) pause(ctx context.Context, wait time.Duration) error {
	select {
	case <-c.After(wait):
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}
