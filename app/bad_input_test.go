package app

import (
	"net/http"
	"strings"
	"testing"
)

func TestBadInputGetsTheProtocolsErrorAndNoneA500(t *testing.T) {
	onEachEngine(t, func(t *testing.T, start starter) {
		r := start(t, nil)
		item := r.item(t)
		with := func(id string, quantity any) map[string]any {
			return map[string]any{
				"currency": "usd", "capabilities": map[string]any{},
				"line_items": []map[string]any{{"id": id, "quantity": quantity}},
			}
		}
		for _, c := range []struct {
			name   string
			body   any
			status int
			param  string
		}{
			{"unknown item", with("424242", 1), 400, "$.line_items[0].id"},
			{"item id that is no number", with("'; DROP TABLE sessions; --", 1), 400, "$.line_items[0].id"},
			{"zero quantity", with(item, 0), 400, "$.line_items[0].quantity"},
			{"negative quantity", with(item, -1), 400, "$.line_items[0].quantity"},
			{"absurd quantity", with(item, 1000000), 400, "$.line_items[0].quantity"},
			{"quantity beyond 64 bits", `{"currency":"usd","capabilities":{},"line_items":[{"id":"1","quantity":99999999999999999999999}]}`, 400, ""},
			{"fractional quantity", `{"currency":"usd","capabilities":{},"line_items":[{"id":"1","quantity":1.5}]}`, 400, ""},
			{"no items", map[string]any{"currency": "usd", "capabilities": map[string]any{}, "line_items": []any{}}, 400, "$.line_items"},
			{"malformed JSON", `{"currency":"usd",`, 400, ""},
			{"not an object", `[]`, 400, ""},
			{"unknown field", `{"currency":"usd","capabilities":{},"line_items":[{"id":"1"}],"surprise":1}`, 400, "$.surprise"},
			{"body over 64 KB", `{"currency":"` + strings.Repeat("u", 70<<10) + `"}`, 413, ""},
			{"foreign currency", strings.Replace(`{"currency":"eur","capabilities":{},"line_items":[{"id":"ITEM"}]}`, "ITEM", item, 1), 400, "$.currency"},
		} {
			t.Run(c.name, func(t *testing.T) {
				got := r.post(t, "/checkout_sessions", c.body)
				if got.Status != c.status || got.Body["type"] != "invalid_request" || got.Body["code"] == "" || got.Body["message"] == "" {
					t.Fatalf("%d %s", got.Status, got.Raw)
				}
				if c.param != "" && got.Body["param"] != c.param {
					t.Errorf("param %v, want %s", got.Body["param"], c.param)
				}
				if got.Header.Get("Request-Id") == "" || got.Header.Get("API-Version") == "" {
					t.Error("the answer names neither request nor version")
				}
			})
		}
	})
}

// Without an address the confirmation would go nowhere, and what the buyer
// decided about marketing would have nobody to reach.
func TestAPurchaseNeedsAnEmailAddress(t *testing.T) {
	t.Parallel()
	r := startSandbox(t, nil)
	body := cart(r.item(t), 1)
	delete(body, "buyer")
	body["fulfillment_details"] = map[string]any{"address": body["fulfillment_details"].(map[string]any)["address"]}
	var s checkoutSession
	r.post(t, "/checkout_sessions", body).decode(t, &s)
	pay := payment(r.token(t, s.total(), "pm_card_visa"))
	pay["marketing_consents"] = []map[string]any{{"channel": "email", "opted_in": true}}
	got := r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), pay)
	if got.Status != http.StatusBadRequest || got.Body["code"] != "missing" || got.Body["param"] != "$.buyer.email" {
		t.Fatalf("without: %d %s", got.Status, got.Raw)
	}
	r.soldNothing(t)
	pay["buyer"] = map[string]any{"email": "ada@example.com"}
	got = r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), pay)
	if got.decode(t, &s); got.Status != http.StatusOK || s.Status != "completed" {
		t.Fatalf("with: %d %s", got.Status, got.Raw)
	}
	r.soldOnce(t, s)
}

func TestStrangersAreTurnedAway(t *testing.T) {
	onEachEngine(t, func(t *testing.T, start starter) {
		r := start(t, nil)
		for name, token := range map[string]string{"no bearer": "", "wrong bearer": "acpb_" + strings.Repeat("A", 52), "no token at all": "x"} {
			got := r.send(t, http.MethodPost, r.ACPBaseURL+"/checkout_sessions", token, "k", cart(r.item(t), 1))
			if got.Status != http.StatusUnauthorized || got.Body["type"] != "invalid_request" {
				t.Errorf("%s: %d %s", name, got.Status, got.Raw)
			}
		}
		if got := r.send(t, http.MethodGet, r.ACPBaseURL+"/checkout_sessions/cs_nobody", r.BearerToken, "", nil); got.Status != http.StatusNotFound {
			t.Errorf("unknown session: %d %s", got.Status, got.Raw)
		}
		s := r.payable(t)
		if got := r.send(t, http.MethodGet, r.ACPBaseURL+"/checkout_sessions/"+s.ID, r.HandoffBearerToken, "", nil); got.Status != http.StatusNotFound {
			t.Errorf("another agent's session: %d %s", got.Status, got.Raw)
		}
		for name, forged := range map[string]string{"no signature": "", "wrong signature": "AAAA"} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.AppURL+"/webhooks/orders", strings.NewReader(`{"id":1}`))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("X-Shopify-Topic", "orders/paid")
			req.Header.Set("X-Shopify-Shop-Domain", r.Shop)
			req.Header.Set("X-Shopify-Webhook-Id", "w-1")
			req.Header.Set("X-Shopify-Hmac-Sha256", forged)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusUnauthorized {
				t.Errorf("webhook with %s: %d", name, resp.StatusCode)
			}
		}
		got := r.send(t, http.MethodGet, r.AppURL+"/?embedded=1&shop="+r.Shop+"&id_token=eyJhbGciOiJub25lIn0.e30.", "", "", nil)
		if strings.Contains(got.Raw, "Latest orders") || got.Status >= 500 {
			t.Errorf("a forged session token opened the dashboard: %d", got.Status)
		}
	})
}

func TestAnAddressThatCannotBeShippedToIsAMessage(t *testing.T) {
	onEachEngine(t, func(t *testing.T, start starter) {
		r := start(t, nil)
		body := cart(r.item(t), 1)
		address := body["fulfillment_details"].(map[string]any)["address"].(map[string]any) //nolint:forcetypeassert // built above
		address["country"], address["state"], address["postal_code"] = "AQ", "", "0000"
		var s checkoutSession
		got := r.post(t, "/checkout_sessions", body)
		got.decode(t, &s)
		if got.Status != http.StatusCreated || s.Status != "not_ready_for_payment" || !s.says("region_restricted") || len(s.Options) != 0 {
			t.Errorf("%d %s", got.Status, got.Raw)
		}
		complete := r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), payment("spt_x"))
		if complete.decode(t, &s); complete.Status != http.StatusOK || s.Status != "not_ready_for_payment" {
			t.Errorf("complete: %d %s", complete.Status, complete.Raw)
		}
		r.soldNothing(t)
	})
}
