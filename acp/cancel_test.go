package acp_test

import (
	"context"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

// watched is a shop at which, whenever a draft is deleted, the session is saved
// by somebody else, as the watch over hand-offs does.
type watched struct {
	*onePageShop
	meanwhile func()
	deleted   int
}

func (s *watched) DeleteDraft(context.Context, acp.Merchant, string) error {
	s.deleted++
	s.meanwhile()
	return nil
}

func TestACancelThatTheWatchCrossesIsRepeated(t *testing.T) {
	w := openWorld(t)
	id := w.followed(w.create(handedOver))
	crossings := 0
	shop := &watched{onePageShop: w.shop}
	shop.meanwhile = func() {
		if shop.deleted > crossings {
			return
		}
		s, err := w.store.Session(t.Context(), w.merchant.ID, "", id)
		w.must(err)
		w.must(w.store.SaveSession(t.Context(), &s))
	}
	w.checkout.Drafts = shop
	crossings = 100
	if _, err := w.checkout.Cancel(t.Context(), w.caller(handedOver), id, acp.CancelRequest{}); acp.KindOf(err) != acp.KindStale {
		t.Errorf("crossed for ever: %v", err)
	}
	shop.deleted, crossings = 0, 1
	s, err := w.checkout.Cancel(t.Context(), w.caller(handedOver), id, acp.CancelRequest{})
	if err != nil || s.Status != acp.Canceled || shop.deleted != 2 {
		t.Errorf("crossed once: %s after %d deletions, %v", s.Status, shop.deleted, err)
	}
}
