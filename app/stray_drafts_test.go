package app

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// later is the checkout by a clock that is ahead.
func (s *sandbox) later(t *testing.T, d time.Duration) *acp.Checkout {
	t.Helper()
	config := s.bridge.checkout.CheckoutConfig
	config.Now = func() time.Time { return time.Now().Add(d) }
	c, err := acp.NewCheckout(config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// leftBehind is a draft that a process created without living to note it.
func (s *sandbox) leftBehind(t *testing.T, m acp.Merchant, id, reference string) string {
	t.Helper()
	known, err := s.bridge.store.Session(t.Context(), m.ID, "", acp.SessionID(id))
	if err != nil {
		t.Fatal(err)
	}
	d, err := s.bridge.shop.CreateDraft(t.Context(), m, acp.DraftOrder{
		Cart:    acp.Cart{Currency: m.Currency, Lines: []acp.CartLine{{VariantID: known.Lines[0].VariantID, Quantity: 1}}},
		Session: known.ID, Reference: reference,
	})
	if err != nil {
		t.Fatal(err)
	}
	return d.ID
}

func TestDraftsThatNoSessionOwnsAreSwept(t *testing.T) {
	inFull(t)
	t.Parallel()
	opened, r := startOpened(t, nil)
	m, err := opened.bridge.store.MerchantByShop(t.Context(), sandboxShop)
	if err != nil {
		t.Fatal(err)
	}
	handed, delegated := r.handedOver(t, 1), r.payable(t)
	r.follow(t, handed)
	reference := func(id string, n int) string { return acp.Attempt{Number: n}.Reference(acp.SessionID(id)) }
	strays := []string{
		opened.leftBehind(t, m, handed.ID, reference(handed.ID, 1)),
		opened.leftBehind(t, m, delegated.ID, reference(delegated.ID, 1)),
	}
	kept := []string{
		opened.leftBehind(t, m, handed.ID, reference(delegated.ID, 1)), // the marks contradict each other
		opened.leftBehind(t, m, handed.ID, "copied by staff"),
	}
	there := func(id string) bool {
		_, err := opened.bridge.shop.Draft(t.Context(), m, id)
		return err == nil
	}
	r.eventually(t, "the search shows them", func() bool {
		left, err := opened.bridge.shop.LeftDrafts(t.Context(), m, time.Now().Add(time.Hour))
		return err == nil && len(left) == 5
	})
	if err := opened.later(t, 23*time.Hour).SweepDrafts(t.Context(), m.ID); err != nil || !there(strays[0]) || !there(strays[1]) {
		t.Fatalf("swept within a day: %v", err)
	}
	if err := opened.later(t, 25*time.Hour).SweepDrafts(t.Context(), m.ID); err != nil {
		t.Fatal(err)
	}
	r.eventually(t, "the strays are gone", func() bool { return !slices.ContainsFunc(strays, there) })
	for _, id := range kept {
		if !there(id) {
			t.Errorf("deleted %s, which may be somebody else's", id)
		}
	}
	if got := r.send(t, http.MethodGet, handed.ContinueURL, "", "", nil); got.Status == http.StatusServiceUnavailable {
		t.Errorf("the session's own draft: %d", got.Status)
	}
	if n := r.shop(t).open(); n != 3 {
		t.Errorf("%d drafts are left", n)
	}
}
