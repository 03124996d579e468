package app

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// items are the line items of a cart: one of each, or as many as quantity says
// of the first.
func items(quantity int, ids ...string) map[string]any {
	lines := make([]map[string]any, len(ids))
	for i, id := range ids {
		lines[i] = map[string]any{"id": id, "quantity": 1}
	}
	lines[0]["quantity"] = quantity
	return map[string]any{"line_items": lines}
}

// savedCart is what these tests read of a cart.
type savedCart struct {
	ID          string `json:"id"`
	ContinueURL string `json:"continue_url"`
	Items       []struct {
		Quantity int `json:"quantity"`
	} `json:"line_items"`
	Messages []struct {
		Type  string `json:"type"`
		Code  string `json:"code"`
		Param string `json:"param"`
	} `json:"messages"`
}

// filled makes a cart.
func (r *running) filled(t *testing.T, body map[string]any) (c savedCart) {
	t.Helper()
	got := r.insist(t, "/carts", r.key(), body)
	got.decode(t, &c)
	if got.Status != http.StatusCreated || c.ID == "" {
		t.Fatalf("create: %d %s", got.Status, got.Raw)
	}
	return c
}

// opens checks that the cart's link fills the storefront's cart with these
// lines and no other.
func (r *running) opens(t *testing.T, c savedCart, lines string) {
	t.Helper()
	if !strings.HasPrefix(c.ContinueURL, r.ShopifyURL+"/cart/"+lines+"?") {
		t.Errorf("the link is %s, want %s", c.ContinueURL, lines)
	}
	if page := r.send(t, http.MethodGet, c.ContinueURL, "", "", nil); page.Status != http.StatusOK || !strings.Contains(page.Raw, c.ID) {
		t.Errorf("the link shows %d %.300s", page.Status, page.Raw)
	}
}

// The link of a cart opens the shop's own cart, with what can be sold and
// nothing else.
func TestACartLeadsToTheStorefront(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	item := r.item(t)
	got := r.post(t, "/carts", map[string]any{"line_items": []map[string]any{{"id": item, "quantity": 1}, {"id": "424242"}}})
	link, _ := got.Body["continue_url"].(string)
	id, _ := got.Body["id"].(string)
	if got.Status != http.StatusCreated || !strings.HasPrefix(link, r.ShopifyURL+"/cart/"+item+":1?") || !strings.Contains(got.Raw, "not_found") {
		t.Fatalf("%d %s", got.Status, got.Raw)
	}
	page := r.send(t, http.MethodGet, link, "", "", nil)
	if page.Status != http.StatusOK || !strings.Contains(page.Raw, id) {
		t.Errorf("the link shows %d %.300s", page.Status, page.Raw)
	}
	if calls := r.shop(t).Calls["draftOrderCalculate"]; calls != 1 {
		t.Errorf("the shop was asked %d times", calls)
	}
	foreign := r.send(t, http.MethodGet, r.ACPBaseURL+"/carts/"+id, r.HandoffBearerToken, "", nil)
	if foreign.Status != http.StatusNotFound {
		t.Errorf("another connection reads it: %d", foreign.Status)
	}
	put := r.send(t, http.MethodPut, r.ACPBaseURL+"/carts/"+id, r.BearerToken, r.key(), map[string]any{"line_items": []map[string]any{{"id": item, "quantity": 0}}})
	if put.Status != http.StatusBadRequest || put.Body["param"] != "$.line_items[0].quantity" {
		t.Errorf("quantity of zero: %d %s", put.Status, put.Raw)
	}
	if canceled := r.post(t, "/carts/"+id+"/cancel", map[string]any{}); canceled.Status != http.StatusOK {
		t.Errorf("cancel: %d %s", canceled.Status, canceled.Raw)
	}
	if gone := r.send(t, http.MethodGet, r.ACPBaseURL+"/carts/"+id, r.BearerToken, "", nil); gone.Status != http.StatusNotFound {
		t.Errorf("after cancel: %d", gone.Status)
	}
}

func TestACartsKeyIsGoodForOneRequest(t *testing.T) {
	inFull(t)
	t.Parallel()
	onEachEngine(t, func(t *testing.T, start starter) {
		r := start(t, nil)
		item := r.item(t)
		c := r.filled(t, items(1, item))
		for _, op := range []struct {
			method, path string
			body         map[string]any
		}{
			{http.MethodPost, "/carts", items(1, item)},
			{http.MethodPut, "/carts/" + c.ID, items(2, item)},
			{http.MethodPost, "/carts/" + c.ID + "/cancel", map[string]any{}},
		} {
			key, url := r.key(), r.ACPBaseURL+op.path
			first := r.send(t, op.method, url, r.BearerToken, key, op.body)
			asked := r.shop(t).Calls["draftOrderCalculate"]
			again := r.send(t, op.method, url, r.BearerToken, key, op.body)
			if first.Status >= 300 || again.Status != first.Status || again.Raw != first.Raw || again.Header.Get("Idempotent-Replayed") != "true" {
				t.Errorf("%s %s: %d %s, then %d %s", op.method, op.path, first.Status, first.Raw, again.Status, again.Raw)
			}
			other := r.send(t, op.method, url, r.BearerToken, key, items(3, item))
			if other.Status != http.StatusUnprocessableEntity || other.Body["code"] != "idempotency_conflict" {
				t.Errorf("%s %s with another body: %d %s", op.method, op.path, other.Status, other.Raw)
			}
			if now := r.shop(t).Calls["draftOrderCalculate"]; now != asked {
				t.Errorf("%s %s: the shop was asked %d times more", op.method, op.path, now-asked)
			}
		}
	})
}

// The shop's stock decides, also before the mirror has heard of it.
func TestACartTellsWhatTheShopHasTooLittleOf(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	scarce, plenty := r.item(t), ""
	for _, it := range r.Items {
		if it.Available && it.ID != scarce {
			plenty = it.ID
		}
	}
	stock := func(n int) {
		r.send(t, http.MethodPost, r.ShopifyURL+"/_sandbox/products/"+scarce, "", "", map[string]any{"inventory": n})
	}
	stock(1)
	c := r.filled(t, items(3, scarce, plenty))
	if m := c.Messages; len(c.Items) != 2 || len(m) != 1 || m[0].Code != "quantity_exceeded" || m[0].Param != "$.line_items[0].quantity" {
		t.Errorf("one left of three: %+v", c)
	}
	r.opens(t, c, scarce+":1,"+plenty+":1")

	stock(0)
	replaced := r.send(t, http.MethodPut, r.ACPBaseURL+"/carts/"+c.ID, r.BearerToken, r.key(), items(1, scarce, plenty))
	replaced.decode(t, &c)
	if m := c.Messages; replaced.Status != http.StatusOK || len(c.Items) != 2 || len(m) != 1 || m[0].Code != "out_of_stock" {
		t.Errorf("none left: %d %s", replaced.Status, replaced.Raw)
	}
	r.opens(t, c, plenty+":1")

	nothing := r.send(t, http.MethodPut, r.ACPBaseURL+"/carts/"+c.ID, r.BearerToken, r.key(), items(1, scarce))
	if nothing.Status != http.StatusUnprocessableEntity || nothing.Body["code"] != "out_of_stock" {
		t.Errorf("nothing to sell: %d %s", nothing.Status, nothing.Raw)
	}
	if kept := r.send(t, http.MethodGet, r.ACPBaseURL+"/carts/"+c.ID, r.BearerToken, "", nil); kept.Raw != replaced.Raw {
		t.Errorf("a refused replacement changed the cart: %s", kept.Raw)
	}
}

func TestACartLivesTwoWeeksFromItsLastChange(t *testing.T) {
	inFull(t)
	t.Parallel()
	var later atomic.Int64
	r := startSandbox(t, func(f *sandboxFlags) {
		f.now = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	})
	c := r.filled(t, items(1, r.item(t)))
	url := r.ACPBaseURL + "/carts/" + c.ID
	const life = 14 * 24 * time.Hour
	later.Store(int64(life - time.Hour))
	if got := r.send(t, http.MethodPut, url, r.BearerToken, r.key(), items(2, r.item(t))); got.Status != http.StatusOK {
		t.Fatalf("an hour before its end: %d %s", got.Status, got.Raw)
	}
	later.Store(int64(life + time.Hour))
	if got := r.send(t, http.MethodGet, url, r.BearerToken, "", nil); got.Status != http.StatusOK {
		t.Errorf("the change did not prolong it: %d %s", got.Status, got.Raw)
	}
	later.Store(int64(2 * life))
	for method, body := range map[string]any{http.MethodGet: nil, http.MethodPut: items(1, r.item(t))} {
		if got := r.send(t, method, url, r.BearerToken, r.key(), body); got.Status != http.StatusNotFound {
			t.Errorf("%s after its end: %d %s", method, got.Status, got.Raw)
		}
	}
}
