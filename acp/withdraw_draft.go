package acp

import (
	"context"
	"fmt"
)

// withdraw deletes a draft that must not be paid any more. It returns the order
// if the buyer was faster, and else whether the draft is certainly gone: one
// that is known by its reference only may still be hidden from the search.
func (c *Checkout) withdraw(ctx context.Context, m Merchant, s *Session, d HandedDraft) (order string, gone bool, err error) {
	if d.ID == "" {
		return c.withdrawLost(ctx, m, s, d)
	}
	order, err = c.delete(ctx, m, d.ID)
	return order, order == "" && err == nil, err
}

// withdrawLost looks for drafts whose creation was begun without our learning
// its end. Nobody was led to them.
func (c *Checkout) withdrawLost(ctx context.Context, m Merchant, s *Session, d HandedDraft) (order string, gone bool, err error) {
	found, err := c.Drafts.FindDrafts(ctx, m, s.handOffReference(d.Revision))
	if err != nil {
		return "", false, Failed(KindOf(err), "look for draft orders", err)
	}
	for _, f := range found {
		if f.ID == s.Handover.DraftID {
			continue
		}
		if order, err = c.delete(ctx, m, f.ID); order != "" || err != nil {
			return order, false, err
		}
	}
	return "", c.Now().Sub(d.Since) >= searchSettles, nil
}

// delete removes a draft, or returns the order that it has become.
func (c *Checkout) delete(ctx context.Context, m Merchant, draft string) (order string, err error) {
	err = c.Drafts.DeleteDraft(ctx, m, draft)
	if KindOf(err) != KindRefused {
		if err != nil {
			err = Failed(KindOf(err), "delete draft order", err)
		}
		return "", err
	}
	d, looked := c.Drafts.Draft(ctx, m, draft)
	switch {
	case KindOf(looked) == KindNotFound:
		return "", nil
	case looked != nil:
		return "", fmt.Errorf("look whether the buyer has paid: %w", looked)
	case d.OrderID != "":
		return d.OrderID, nil
	}
	return "", Failed(KindUnavailable, "delete draft order", err)
}
