package app

import (
	"net/http"
	"strings"
	"testing"
)

// The link of a cart opens the shop's own cart, with what can be sold and
// nothing else.
func TestACartLeadsToTheStorefront(t *testing.T) {
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
