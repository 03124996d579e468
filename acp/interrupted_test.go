package acp_test

import (
	"context"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

// moodyShop answers one call otherwise than it should, once.
type moodyShop struct {
	*onePageShop
	order, await, find error
}

func once(err *error) error {
	said := *err
	*err = nil
	return said
}

func (s *moodyShop) Order(ctx context.Context, m acp.Merchant, id string) (acp.Order, error) {
	if err := once(&s.order); err != nil {
		return acp.Order{}, err
	}
	return s.onePageShop.Order(ctx, m, id)
}

func (s *moodyShop) AwaitDraft(ctx context.Context, m acp.Merchant, id string) (acp.Draft, error) {
	if err := once(&s.await); err != nil {
		return acp.Draft{}, err
	}
	return s.onePageShop.AwaitDraft(ctx, m, id)
}

func (s *moodyShop) CreateDraft(ctx context.Context, m acp.Merchant, d acp.DraftOrder) (acp.Draft, error) {
	if err := once(&s.find); err != nil {
		return acp.Draft{}, err
	}
	return s.onePageShop.CreateDraft(ctx, m, d)
}

// An answer that is kept under the agent's key must not say that there is no
// order while the purchase goes on: the agent would buy again.
func TestAnInterruptedPurchaseIsNotAnsweredForGood(t *testing.T) {
	said := func(k acp.Kind) error { return &acp.Error{Kind: k, Message: "not today"} }
	for name, c := range map[string]struct {
		shop moodyShop
		kind acp.Kind
	}{
		"the order cannot be read yet":    {moodyShop{order: acp.NotFound("order")}, acp.KindUnknown},
		"reading the order is refused":    {moodyShop{order: said(acp.KindRefused)}, acp.KindUnknown},
		"looking at the draft is refused": {moodyShop{await: said(acp.KindRefused)}, acp.KindUnknown},
		"the draft is called wrong":       {moodyShop{find: said(acp.KindInvalid)}, acp.KindUnknown},
		"the shop is busy":                {moodyShop{order: said(acp.KindThrottled)}, acp.KindThrottled},
		"the shop is shut":                {moodyShop{order: said(acp.KindReauthorize)}, acp.KindReauthorize},
		"a defect of ours":                {moodyShop{order: said(acp.KindInternal)}, acp.KindInternal},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			c.shop.onePageShop = w.shop
			w.checkout.Drafts, w.checkout.Orders = &c.shop, &c.shop
			id, who := w.create(delegated), w.caller(delegated)
			pay := acp.CompleteRequest{Handler: "card", Token: "spt_1"}
			if _, err := w.checkout.Complete(t.Context(), who, id, pay); acp.KindOf(err) != c.kind {
				t.Errorf("got %q (%v), want %q", acp.KindOf(err), err, c.kind)
			}
			if s, err := w.checkout.Complete(t.Context(), who, id, pay); err != nil || s.Status != acp.Completed {
				t.Errorf("with the same key: %s, %v", s.Status, err)
			}
		})
	}
}
