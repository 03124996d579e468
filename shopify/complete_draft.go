package shopify

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// CompleteDraft implements acp.Drafts with draftOrderComplete. It looks before it acts: a draft that became an
// order already, by an earlier call whose answer was lost or by the buyer, gives that order back.
func (c *Client) CompleteDraft(ctx context.Context, m acp.Merchant, id string) (acp.Draft, error) {
	for wait := time.Second; ; wait = min(2*wait, 8*time.Second) {
		d, err := c.awaitReady(ctx, m, id)
		if err != nil {
			return acp.Draft{}, err
		}
		if d.Order != nil {
			return draftOf(d)
		}
		done, err := c.complete(ctx, m, id)
		if acp.KindOf(err) == acp.KindRefused && !stillCalculating(err) {
			return c.completedMeanwhile(ctx, m, id, err)
		}
		if !stillCalculating(err) {
			return done, err
		}
		if err := c.pause(ctx, wait); err != nil {
			return acp.Draft{}, acp.Failed(acp.KindUnavailable, "wait until the draft order is calculated", err)
		}
	}
}

// completedMeanwhile looks once more before a refusal is believed: Shopify also refuses a draft that somebody
// else, or an earlier try of ours, completed a moment ago, and then there is an order to be paid for.
func (c *Client) completedMeanwhile(ctx context.Context, m acp.Merchant, id string, refusal error) (acp.Draft, error) {
	d, err := c.draft(ctx, m, id)
	switch {
	case acp.KindOf(err) == acp.KindNotFound:
		return acp.Draft{}, refusal
	case err != nil:
		return acp.Draft{}, acp.Failed(acp.KindUnknown, "look at the refused draft order", err)
	case d.Order != nil:
		return draftOf(d)
	}
	return acp.Draft{}, refusal
}

func (c *Client) complete(ctx context.Context, m acp.Merchant, id string) (acp.Draft, error) {
	answer, err := admin.DraftComplete(ctx, c.changing(m.Shop), id, nil)
	if err != nil {
		return acp.Draft{}, fmt.Errorf("complete draft order: %w", err)
	}
	payload := answer.DraftOrderComplete
	if payload == nil {
		return acp.Draft{}, acp.Failed(acp.KindUnknown, "complete draft order", errEmptyPayload)
	}
	if err := refusedBy("complete draft order", payload.UserErrors); err != nil {
		return acp.Draft{}, err
	}
	if payload.DraftOrder == nil || payload.DraftOrder.Order == nil {
		// It was accepted but there is no order to show yet: whoever asks again finds it.
		return acp.Draft{}, acp.Failed(acp.KindUnknown, "complete draft order", errEmptyPayload)
	}
	return draftOf(payload.DraftOrder)
}

// stillCalculating recognises the one refusal that time mends. Errors of draft orders have no code; integrators
// report this sentence ("…not finished calculating") although ready said yes.
func stillCalculating(err error) bool {
	return acp.KindOf(err) == acp.KindRefused && strings.Contains(err.Error(), "finished calculating")
}
