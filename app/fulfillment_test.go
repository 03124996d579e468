package app

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// deliverySession is what these tests read of a session.
type deliverySession struct {
	checkoutSession
	LineItems []struct {
		ID   string `json:"id"`
		Item struct {
			ID string `json:"id"`
		} `json:"item"`
	} `json:"line_items"`
	Options []struct {
		Type     string `json:"type"`
		ID       string `json:"id"`
		Location *struct {
			Name    string `json:"name"`
			Address struct {
				City string `json:"city"`
			} `json:"address"`
		} `json:"location"`
	} `json:"fulfillment_options"`
	Selected []selection `json:"selected_fulfillment_options"`
	Problem  string      `json:"param"` // of an error
}

type selection struct {
	Type     string   `json:"type"`
	OptionID string   `json:"option_id"`
	ItemIDs  []string `json:"item_ids"`
}

func (s deliverySession) option(kind string) string {
	for _, o := range s.Options {
		if o.Type == kind {
			return o.ID
		}
	}
	return ""
}

func (s deliverySession) part(kind string) int64 {
	for _, t := range s.Totals {
		if t.Type == kind {
			return t.Amount
		}
	}
	return 0
}

// pricings is how often the shop was asked what a cart costs or how it can be delivered.
func (r *running) pricings(t *testing.T) int {
	t.Helper()
	calls := r.shop(t).Calls
	return calls["draftOrderCalculate"] + calls["draftOrderAvailableDeliveryOptions"]
}

func (r *running) choose(t *testing.T, s *deliverySession, chosen ...selection) reply {
	t.Helper()
	got := r.post(t, "/checkout_sessions/"+s.ID, map[string]any{"selected_fulfillment_options": chosen})
	if got.Status == http.StatusOK {
		*s = deliverySession{}
	}
	got.decode(t, s)
	return got
}

func TestAPickupIsOrderedAsAPickup(t *testing.T) {
	inFull(t)
	onEachEngine(t, func(t *testing.T, start starter) {
		r := start(t, nil)
		before := r.pricings(t)
		var s deliverySession
		got := r.post(t, "/checkout_sessions", cart(r.item(t), 1))
		got.decode(t, &s)
		if n := r.pricings(t) - before; n != 2 {
			t.Errorf("creating took %d calls; want 2", n)
		}
		pickup := s.option("pickup")
		if pickup == "" || s.option("local_delivery") == "" || s.Options[len(s.Options)-1].Location == nil {
			t.Fatalf("options: %s", got.Raw)
		}
		if len(s.Selected) != 1 || s.Selected[0].Type != "shipping" {
			t.Errorf("preselected %+v; a pickup is free, but a buyer with an address wants the goods brought", s.Selected)
		}
		before = r.pricings(t)
		got = r.choose(t, &s, selection{"pickup", pickup, []string{s.LineItems[0].ID}})
		if got.Status != http.StatusOK || s.Selected[0].OptionID != pickup || s.part("fulfillment") != 0 || s.Status != "ready_for_payment" {
			t.Fatalf("choosing the pickup: %d %s", got.Status, got.Raw)
		}
		if n := r.pricings(t) - before; n != 1 {
			t.Errorf("choosing took %d calls; want 1", n)
		}
		done := r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), payment(r.token(t, s.total(), "pm_card_visa")))
		done.decode(t, &s)
		if done.Status != http.StatusOK || s.Status != "completed" {
			t.Fatalf("complete: %d %s", done.Status, done.Raw)
		}
		r.soldOnce(t, s.checkoutSession)
		if line := r.shop(t).Orders[0].ShippingLine; line.Handle != pickup || line.Title == "" {
			t.Errorf("the order's shipping line is %+v; want %s", line, pickup)
		}
	})
}

func TestAChosenOptionMustFitTheCart(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	s := deliverySession{checkoutSession: r.payable(t)}
	r.send(t, http.MethodGet, r.ACPBaseURL+"/checkout_sessions/"+s.ID, r.BearerToken, "", nil).decode(t, &s)
	line, rate := s.LineItems[0].ID, s.option("shipping")
	const at = "$.selected_fulfillment_options"
	for name, c := range map[string]struct {
		chosen []selection
		param  string
	}{
		"an unknown option":            {[]selection{{"shipping", "teleport", []string{line}}}, at + "[0].option_id"},
		"the wrong type":               {[]selection{{"pickup", rate, []string{line}}}, at + "[0].type"},
		"an item of another checkout":  {[]selection{{"shipping", rate, []string{line, "li_1"}}}, at + "[0].item_ids[1]"},
		"a download of a shirt":        {[]selection{{"digital", "digital", []string{line}}}, at + "[0].option_id"},
		"two ways for physical things": {[]selection{{"shipping", rate, []string{line}}, {"pickup", s.option("pickup"), []string{line}}}, at + "[1].option_id"},
	} {
		var failed struct{ Type, Code, Param string }
		got := r.post(t, "/checkout_sessions/"+s.ID, map[string]any{"selected_fulfillment_options": c.chosen})
		got.decode(t, &failed)
		if got.Status != http.StatusBadRequest || failed.Param != c.param || failed.Code != "invalid" {
			t.Errorf("%s: %d %s; want a complaint about %s", name, got.Status, got.Raw, c.param)
		}
	}
	if got := r.choose(t, &s, selection{"shipping", rate, []string{s.LineItems[0].Item.ID}}); got.Status != http.StatusOK {
		t.Errorf("naming the item instead of the line, as official examples do: %d %s", got.Status, got.Raw)
	}
}

func TestAPickupAloneIsNotChosenForTheBuyer(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	body := cart(r.item(t), 1)
	address := body["fulfillment_details"].(map[string]any)["address"].(map[string]any) //nolint:forcetypeassert // built above
	address["country"], address["state"], address["city"], address["postal_code"] = "BR", "SP", "São Paulo", "01000-000"
	var s deliverySession
	got := r.post(t, "/checkout_sessions", body)
	got.decode(t, &s)
	if s.Status != "not_ready_for_payment" || len(s.Selected) != 0 || len(s.Options) != 1 || !s.says("missing") {
		t.Fatalf("create: %d %s", got.Status, got.Raw)
	}
	if r.choose(t, &s, selection{"pickup", s.option("pickup"), []string{}}); s.Status != "ready_for_payment" || len(s.Selected) != 1 {
		t.Errorf("after choosing the pickup: %+v", s)
	}
}

func TestShirtAndDownloadGoTheirOwnWays(t *testing.T) {
	inFull(t)
	t.Parallel()
	path := filepath.Join(t.TempDir(), "export.csv")
	rows := "Handle,Title,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Requires Shipping,Variant Taxable,Status\n" +
		"shirt,Shirt,true,Title,Default Title,SHIRT,shopify,3,deny,18.00,true,true,active\n" +
		"book,E-book,true,Title,Default Title,BOOK,,0,continue,9.00,false,true,active\n"
	if err := os.WriteFile(path, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	r := startSandbox(t, func(f *sandboxFlags) { f.Catalog = path })
	body := cart(r.Items[0].ID, 1)
	body["line_items"] = []map[string]any{{"id": r.Items[0].ID}, {"id": r.Items[1].ID}}
	var s deliverySession
	got := r.post(t, "/checkout_sessions", body)
	got.decode(t, &s)
	shirt, book := s.LineItems[0].ID, s.LineItems[1].ID
	if strings.Contains(r.Items[0].Title, "book") {
		shirt, book = book, shirt
	}
	if len(s.Selected) != 2 || s.Selected[0].Type != "shipping" || s.Selected[1].Type != "digital" ||
		strings.Join(s.Selected[0].ItemIDs, " ") != shirt || strings.Join(s.Selected[1].ItemIDs, " ") != book {
		t.Fatalf("selected %+v in %s", s.Selected, got.Raw)
	}
	if !s.says("low_stock") {
		t.Errorf("two shirts would be left, which nobody says: %s", got.Raw)
	}
	chosen := []selection{{"pickup", s.option("pickup"), []string{shirt}}, {"digital", "digital", []string{book}}}
	if got := r.choose(t, &s, chosen...); got.Status != http.StatusOK || len(s.Selected) != 2 || s.Selected[0].Type != "pickup" {
		t.Errorf("a pickup and a download: %d %s", got.Status, got.Raw)
	}
	for name, bad := range map[string]selection{
		"shipping a download":        {"shipping", s.option("shipping"), []string{shirt, book}},
		"leaving the shirt nowhere":  {"shipping", s.option("shipping"), []string{book}},
		"downloading the shirt, too": {"digital", "digital", []string{book, shirt}},
	} {
		if got := r.post(t, "/checkout_sessions/"+s.ID, map[string]any{"selected_fulfillment_options": []selection{bad}}); got.Status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, got.Status, got.Raw)
		}
	}
}

func TestAShopThatCannotTellItsOptionsStillShips(t *testing.T) {
	inFull(t)
	t.Parallel()
	for _, mode := range []string{"http_500", "user_error"} {
		t.Run(mode, func(t *testing.T) {
			r := startSandbox(t, nil)
			r.fault(t, r.ShopifyURL, "draftOrderAvailableDeliveryOptions", mode, 50)
			var s deliverySession
			got := r.post(t, "/checkout_sessions", cart(r.item(t), 1))
			got.decode(t, &s)
			if got.Status != http.StatusCreated || s.Status != "ready_for_payment" || s.option("shipping") == "" || s.option("pickup") != "" {
				t.Errorf("%d %s", got.Status, got.Raw)
			}
		})
	}
}
