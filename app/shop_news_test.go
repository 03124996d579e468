package app

import (
	"net/http"
	"strings"
	"testing"
)

// feedRow finds an item in the feed, nil when it is not there.
func (r *running) feedRow(t *testing.T, item string) map[string]any {
	t.Helper()
	got := r.send(t, http.MethodGet, r.FeedURL, "", "", nil)
	for line := range strings.Lines(got.Raw) {
		var row map[string]any
		reply{Raw: line}.decode(t, &row)
		if row["item_id"] == item {
			return row
		}
	}
	return nil
}

func TestAChangeInTheShopReachesTheFeed(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	item := r.item(t)
	r.send(t, http.MethodPost, r.ShopifyURL+"/_sandbox/products/"+item, "", "", map[string]any{"price": "12.34", "inventory": 0})
	r.eventually(t, "the feed shows the new price and no stock", func() bool {
		row := r.feedRow(t, item)
		return row != nil && (row["price"] == "12.34 USD" || row["sale_price"] == "12.34 USD") && row["availability"] == "out_of_stock"
	})
	var s checkoutSession
	got := r.post(t, "/checkout_sessions", cart(item, 1))
	if got.decode(t, &s); got.Status != http.StatusCreated || s.Status != "not_ready_for_payment" || !s.says("out_of_stock") {
		t.Errorf("a checkout of a sold-out item: %d %s", got.Status, got.Raw)
	}
}

func TestWhatBecomesOfAnOrderReachesTheAgent(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	s := r.payable(t)
	r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), payment(r.token(t, s.total(), "pm_card_visa"))).decode(t, &s)
	r.soldOnce(t, s)
	order := numericTail(r.shop(t).Orders[0].ID)
	r.send(t, http.MethodPost, r.ShopifyURL+"/_sandbox/orders/"+order+"/fulfill", "", "", map[string]any{})
	r.eventually(t, "the agent hears of the parcel", func() bool { return strings.Contains(r.lastEvent(t), `"fulfillments"`) })
	r.send(t, http.MethodPost, r.ShopifyURL+"/_sandbox/orders/"+order+"/refund", "", "", map[string]any{})
	r.eventually(t, "the agent hears of the refund", func() bool { return strings.Contains(r.lastEvent(t), `"amount_refunded"`) })
	var event struct {
		Type string `json:"type"`
		Data struct {
			Session     string `json:"checkout_session_id"`
			Adjustments []struct {
				Type   string `json:"type"`
				Amount int64  `json:"amount"`
			} `json:"adjustments"`
		} `json:"data"`
	}
	reply{Raw: r.lastEvent(t)}.decode(t, &event)
	if event.Type != "order_update" || event.Data.Session != s.ID || len(event.Data.Adjustments) == 0 || event.Data.Adjustments[0].Type != "refund" {
		t.Errorf("the event says %s", r.lastEvent(t))
	}
}

// lastEvent is the body of the newest order event.
func (r *running) lastEvent(t *testing.T) string {
	t.Helper()
	var books struct {
		Events []struct {
			Body string `json:"body"`
		} `json:"events"`
	}
	r.send(t, http.MethodGet, r.AgentURL+"/_sandbox/state", "", "", nil).decode(t, &books)
	if len(books.Events) == 0 {
		return ""
	}
	return books.Events[len(books.Events)-1].Body
}

func TestAnUninstalledShopIsServedNoMoreAndComesBack(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	s := r.payable(t)
	r.send(t, http.MethodPost, r.ShopifyURL+"/_sandbox/uninstall", "", "", nil)
	r.eventually(t, "agents are turned away", func() bool {
		got := r.send(t, http.MethodGet, r.ACPBaseURL+"/checkout_sessions/"+s.ID, r.BearerToken, "", nil)
		return got.Status == http.StatusUnauthorized
	})
	if feed := r.send(t, http.MethodGet, r.FeedURL, "", "", nil); feed.Status != http.StatusNotFound {
		t.Errorf("the feed of an uninstalled shop: %d", feed.Status)
	}
	admin := r.send(t, http.MethodGet, r.AdminURL, "", "", nil)
	frame := appFrame.FindStringSubmatch(admin.Raw)
	if frame == nil {
		t.Fatalf("no app in the admin: %s", admin.Raw)
	}
	r.send(t, http.MethodGet, strings.ReplaceAll(frame[1], "&amp;", "&"), "", "", nil)
	r.eventually(t, "the shop is served again after staff opened the app", func() bool {
		got := r.send(t, http.MethodGet, r.ACPBaseURL+"/checkout_sessions/"+s.ID, r.BearerToken, "", nil)
		return got.Status == http.StatusOK
	})
}

func TestAHandOffFollowsItsCartAndItsEnd(t *testing.T) {
	t.Parallel()
	r := startSandbox(t, nil)
	var s checkoutSession
	r.send(t, http.MethodPost, r.ACPBaseURL+"/checkout_sessions", r.HandoffBearerToken, r.key(), cart(r.item(t), 1)).decode(t, &s)
	if head := r.send(t, http.MethodHead, s.ContinueURL, "", "", nil); head.Status >= 400 || len(r.shop(t).Drafts) != 0 {
		t.Errorf("a link preview made %d drafts (%d)", len(r.shop(t).Drafts), head.Status)
	}
	follow := r.send(t, http.MethodGet, s.ContinueURL, "", "", nil)
	invoice := follow.Header.Get("Location")
	if follow.Status != http.StatusFound || invoice == "" || len(r.shop(t).Drafts) != 1 {
		t.Fatalf("follow: %d, %d drafts, %s", follow.Status, len(r.shop(t).Drafts), follow.Raw)
	}
	changed := r.send(t, http.MethodPost, r.ACPBaseURL+"/checkout_sessions/"+s.ID, r.HandoffBearerToken, r.key(),
		map[string]any{"line_items": []map[string]any{{"id": r.item(t), "quantity": 2}}})
	if changed.Status != http.StatusOK {
		t.Fatalf("change: %d %s", changed.Status, changed.Raw)
	}
	if again := r.follow(t, s); again == invoice {
		t.Errorf("a changed cart leads to the old invoice")
	}
	if drafts := r.shop(t).Drafts; len(drafts) != 1 {
		t.Errorf("%d drafts after the cart changed; the old invoice can still be paid", len(drafts))
	}
	cancel := r.send(t, http.MethodPost, r.ACPBaseURL+"/checkout_sessions/"+s.ID+"/cancel", r.HandoffBearerToken, r.key(), map[string]any{})
	if cancel.Status != http.StatusOK || len(r.shop(t).Drafts) != 0 {
		t.Errorf("cancel: %d, %d drafts left to pay", cancel.Status, len(r.shop(t).Drafts))
	}
	if gone := r.send(t, http.MethodGet, s.ContinueURL, "", "", nil); gone.Status != http.StatusGone && gone.Status != http.StatusConflict && gone.Status != http.StatusNotFound {
		t.Errorf("the link of a canceled checkout: %d", gone.Status)
	}
}

func TestAShopThatLostItsAccessComesBackWhenStaffOpenTheApp(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	r.send(t, http.MethodPost, r.ShopifyURL+"/_sandbox/revoke", "", "", nil)
	lost := r.post(t, "/checkout_sessions", cart(r.item(t), 1))
	if lost.Status != http.StatusServiceUnavailable || lost.Header.Get("Retry-After") == "" {
		t.Fatalf("a checkout without access to the shop: %d %s", lost.Status, lost.Raw)
	}
	admin := r.send(t, http.MethodGet, r.AdminURL, "", "", nil)
	frame := appFrame.FindStringSubmatch(admin.Raw)
	if frame == nil {
		t.Fatalf("no app in the admin: %s", admin.Raw)
	}
	r.send(t, http.MethodGet, strings.ReplaceAll(frame[1], "&amp;", "&"), "", "", nil)
	if s := r.payable(t); s.Status != "ready_for_payment" {
		t.Errorf("after staff opened the app the checkout is %s", s.Status)
	}
}

func TestACustomerWhoAsksIsForgotten(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	s := r.payable(t)
	r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), payment(r.token(t, s.total(), "pm_card_visa"))).decode(t, &s)
	r.soldOnce(t, s)
	r.eventually(t, "the event is sent", func() bool { return r.heard(t, "order_update") > 0 })
	if got := r.send(t, http.MethodPost, r.ShopifyURL+"/_sandbox/compliance/customers/redact", "", "", nil); got.Status != http.StatusOK {
		t.Fatalf("compliance: %d %s", got.Status, got.Raw)
	}
	r.eventually(t, "the session names nobody", func() bool {
		got := r.send(t, http.MethodGet, r.ACPBaseURL+"/checkout_sessions/"+s.ID, r.BearerToken, "", nil)
		return got.Status == http.StatusOK && !strings.Contains(got.Raw, "ada@example.com") && !strings.Contains(got.Raw, "Lovelace")
	})
}
