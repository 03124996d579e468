package app

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// discountSession is what these tests read of a session.
type discountSession struct {
	deliverySession
	Discounts *struct {
		Codes   []string `json:"codes"`
		Applied []struct {
			Code        string `json:"code"`
			Automatic   bool   `json:"automatic"`
			Amount      int64  `json:"amount"`
			Allocations []struct {
				Path   string `json:"path"`
				Amount int64  `json:"amount"`
			} `json:"allocations"`
		} `json:"applied"`
		Rejected []struct {
			Code   string `json:"code"`
			Reason string `json:"reason"`
		} `json:"rejected"`
	} `json:"discounts"`
	Capabilities struct {
		Extensions []struct {
			Name string `json:"name"`
		} `json:"extensions"`
	} `json:"capabilities"`
}

var allocationPath = regexp.MustCompile(`^\$\.(line_items\[[0-9]+\]|totals\.fulfillment)$`)

// check holds what must be true of discounts in every session.
func (s discountSession) check(t *testing.T) {
	t.Helper()
	sum := s.part("items_base_amount") - s.part("items_discount") - s.part("discount") + s.part("fulfillment") + s.part("tax") + s.part("fee")
	if sum != s.total() {
		t.Errorf("parts sum to %d, total %d", sum, s.total())
	}
	if len(s.Capabilities.Extensions) != 1 || s.Capabilities.Extensions[0].Name != "discount" {
		t.Errorf("extensions %+v", s.Capabilities.Extensions)
	}
	for _, d := range s.Discounts.Applied {
		left := d.Amount
		for _, a := range d.Allocations {
			left -= a.Amount
			if !allocationPath.MatchString(a.Path) {
				t.Errorf("path %q", a.Path)
			}
		}
		if left != 0 || d.Amount <= 0 {
			t.Errorf("the parts of %+v leave %d", d, left)
		}
	}
}

func (r *running) codes(t *testing.T, id string, codes ...string) (s discountSession) {
	t.Helper()
	got := r.insist(t, "/checkout_sessions/"+id, r.key(), map[string]any{"discounts": map[string]any{"codes": append([]string{}, codes...)}})
	if got.decode(t, &s); got.Status != http.StatusOK {
		t.Fatalf("codes %v: %d %s", codes, got.Status, got.Raw)
	}
	s.check(t)
	return s
}

// autumnShop sells a scarf on sale, for 15 % less, and a mug at its price.
func autumnShop(t *testing.T) *running {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export.csv")
	rows := "Handle,Title,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Requires Shipping,Variant Taxable,Status\n" +
		"scarf,Scarf,autumn-sale,true,Title,Default Title,SCARF,shopify,50,deny,33.33,true,true,active\n" +
		"mug,Mug,,true,Title,Default Title,MUG,shopify,50,deny,18.01,true,true,active\n"
	if err := os.WriteFile(path, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	return startSandbox(t, func(f *sandboxFlags) { f.Catalog = path })
}

func TestCodesAreAppliedRejectedAndReplaced(t *testing.T) {
	r := autumnShop(t)
	body := cart(r.Items[0].ID, 1)
	body["line_items"] = []map[string]any{{"id": r.Items[0].ID, "quantity": 2}, {"id": r.Items[1].ID, "quantity": 1}}
	var s discountSession
	r.post(t, "/checkout_sessions", body).decode(t, &s)
	s.check(t)
	if len(s.Discounts.Applied) != 1 || !s.Discounts.Applied[0].Automatic || s.Discounts.Applied[0].Amount != s.part("items_discount") {
		t.Fatalf("the sale: %+v", s.Discounts)
	}
	full, id := s.total(), s.ID

	s = r.codes(t, id, "save10", "SAVE10", "Expired", "nonsense", "BIG100", "SHIPFREE")
	applied := map[string]int64{}
	for _, d := range s.Discounts.Applied {
		applied[d.Code] = d.Amount
	}
	if len(s.Discounts.Codes) != 5 || len(applied) != 3 || applied["save10"] != s.part("discount") || applied["SHIPFREE"] != 500 || s.part("fulfillment") != 0 {
		t.Errorf("applied %+v of %v", s.Discounts.Applied, s.Discounts.Codes)
	}
	reasons := map[string]string{}
	for _, d := range s.Discounts.Rejected {
		reasons[d.Code] = d.Reason
	}
	if len(reasons) != 3 || reasons["Expired"] != "discount_code_expired" || reasons["nonsense"] != "discount_code_invalid" ||
		reasons["BIG100"] != "discount_code_minimum_not_met" || !s.says("discount_code_expired") || s.Status != "ready_for_payment" {
		t.Errorf("rejected %v, messages %+v", reasons, s.Messages)
	}

	s = r.codes(t, id, "FIVEOFF", "SAVE10")
	if len(s.Discounts.Rejected) != 1 || s.Discounts.Rejected[0].Reason != "discount_code_combination_disallowed" || s.part("discount") != 500 {
		t.Errorf("two codes that do not combine: %+v", s.Discounts)
	}
	if s = r.codes(t, id); s.total() != full || len(s.Discounts.Codes) != 0 || len(s.Discounts.Rejected) != 0 {
		t.Errorf("an empty list takes the codes away: %+v, total %d of %d", s.Discounts, s.total(), full)
	}
}

func TestWhatACodeTakesOffIsNotCharged(t *testing.T) {
	inFull(t)
	r := autumnShop(t)
	body := cart(r.Items[0].ID, 1)
	body["discounts"] = map[string]any{"codes": []string{"sAvE10"}}
	var s discountSession
	r.post(t, "/checkout_sessions", body).decode(t, &s)
	s.check(t)
	got := r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), payment(r.token(t, s.total(), "pm_card_visa")))
	if got.decode(t, &s); s.Status != "completed" {
		t.Fatalf("complete: %d %s", got.Status, got.Raw)
	}
	r.soldOnce(t, s.checkoutSession)
}

func TestAPriceThatChangedSinceTheAgentSawItIsTold(t *testing.T) {
	r := autumnShop(t)
	var s checkoutSession
	r.post(t, "/checkout_sessions", cart(r.Items[0].ID, 1)).decode(t, &s)
	if s.says("price_change") {
		t.Errorf("nothing changed yet: %+v", s.Messages)
	}
	r.send(t, http.MethodPost, r.ShopifyURL+"/_sandbox/products/"+r.Items[0].ID, "", "", map[string]any{"price": "35.00"})
	change := map[string]any{"line_items": []map[string]any{{"id": r.Items[0].ID, "quantity": 2}}}
	r.post(t, "/checkout_sessions/"+s.ID, change).decode(t, &s)
	if !s.says("price_change") || s.Messages[0].Param != "$.line_items[0].unit_amount" || s.Status != "ready_for_payment" {
		t.Errorf("after the change: %+v", s)
	}
	again := checkoutSession{}
	if r.post(t, "/checkout_sessions/"+s.ID, change).decode(t, &again); again.says("price_change") {
		t.Errorf("told once is enough: %+v", again.Messages)
	}
}
