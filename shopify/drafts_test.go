package shopify_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify"
)

const draftID = "gid://shopify/DraftOrder/1"

// draftJSON is a draft order as Shopify shows it; order is empty or its id.
func draftJSON(ready bool, tag, created, order string) string {
	o := "null"
	if order != "" {
		o = fmt.Sprintf(`{"id":%q,"name":"#1001"}`, order)
	}
	return fmt.Sprintf(`{"id":%q,"name":"#D1","status":"OPEN","ready":%t,"invoiceUrl":"https://demo.myshopify.com/1/invoices/x",
		"createdAt":%q,"updatedAt":%q,"completedAt":null,"tags":["acp",%q],"customAttributes":[],
		"totalPriceSet":{"presentmentMoney":{"amount":"12.5","currencyCode":"USD"}},"order":%s}`, draftID, ready, created, created, tag, o)
}

const created = "2026-11-21T12:00:00Z"

func read(ready bool, order string) http.HandlerFunc {
	return body(200, `{"data":{"draftOrder":`+draftJSON(ready, "acp-1", created, order)+`}}`)
}

func completed(order string) http.HandlerFunc {
	return body(200, `{"data":{"draftOrderComplete":{"draftOrder":`+draftJSON(true, "acp-1", created, order)+`,"userErrors":[]}}}`)
}

func refusing(field, message string) http.HandlerFunc {
	return body(200, fmt.Sprintf(`{"data":{%q:{"userErrors":[{"field":null,"message":%q}]}}}`, field, message))
}

func run(t *testing.T, answers ...http.HandlerFunc) (*shopify.Client, *script, *waits) {
	t.Helper()
	s, waited := &script{answers: answers}, &waits{}
	return client(t, serve(t, s.ServeHTTP), func(c *shopify.Config) { c.After = waited.After }), s, waited
}

func operations(s *script) string {
	var names []string
	for _, call := range s.sent() {
		names = append(names, call.operation)
	}
	return strings.Join(names, " ")
}

func TestCompletingWaitsUntilTheDraftIsReady(t *testing.T) {
	c, s, waited := run(t, read(false, ""), read(false, ""), read(true, ""), completed("gid://shopify/Order/7"))
	d, err := c.CompleteDraft(context.Background(), merchant, draftID)
	if err != nil || d.OrderID != "gid://shopify/Order/7" || d.Total != (acp.Money{Amount: 1250, Currency: "usd"}) {
		t.Fatalf("%+v %v", d, err)
	}
	if got := operations(s); got != "DraftGet DraftGet DraftGet DraftComplete" {
		t.Error(got)
	}
	if got := waited.all(); len(got) != 2 || got[0] != 250*time.Millisecond || got[1] != 500*time.Millisecond {
		t.Errorf("waited %v", got)
	}
}

func TestCompletingDoesNotBelieveARefusalBeforeItHasLooked(t *testing.T) {
	already := refusing("draftOrderComplete", "This draft order has already been completed.")
	c, s, _ := run(t, read(true, ""), already, read(true, "gid://shopify/Order/7"))
	if d, err := c.CompleteDraft(context.Background(), merchant, draftID); err != nil || d.OrderID != "gid://shopify/Order/7" {
		t.Fatalf("%+v %v", d, err)
	}
	if got := operations(s); got != "DraftGet DraftComplete DraftGet" {
		t.Error(got)
	}
	c, _, _ = run(t, read(true, ""), refusing("draftOrderComplete", "Widget is out of stock."), read(true, ""))
	_, err := c.CompleteDraft(context.Background(), merchant, draftID)
	wantKind(t, err, acp.KindRefused)
	// When even the look fails, nobody may conclude that there is no order.
	c, _, _ = run(t, read(true, ""), already, body(502, "<html>"))
	_, err = c.CompleteDraft(context.Background(), merchant, draftID)
	wantKind(t, err, acp.KindUnknown)
}

func TestCompletingTriesAgainWhileShopifyStillCalculates(t *testing.T) {
	busy := refusing("draftOrderComplete", "This order has not finished calculating, please try again later.")
	c, s, _ := run(t, read(true, ""), busy, read(true, ""), completed("gid://shopify/Order/7"))
	if _, err := c.CompleteDraft(context.Background(), merchant, draftID); err != nil {
		t.Fatal(err)
	}
	if got := operations(s); got != "DraftGet DraftComplete DraftGet DraftComplete" {
		t.Error(got)
	}
}

func TestLostAnswerToCompletingIsFoundByAskingAgain(t *testing.T) {
	c, s, _ := run(t, read(true, ""), drop, read(true, "gid://shopify/Order/7"))
	_, err := c.CompleteDraft(context.Background(), merchant, draftID)
	wantKind(t, err, acp.KindUnknown)
	if d, err := c.CompleteDraft(context.Background(), merchant, draftID); err != nil || d.OrderID != "gid://shopify/Order/7" {
		t.Fatalf("%+v %v", d, err)
	}
	if got := operations(s); got != "DraftGet DraftComplete DraftGet" {
		t.Errorf("completing was sent again: %s", got)
	}
}

func TestWaitingForADraftEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	s := &script{answers: []http.HandlerFunc{read(false, "")}}
	c := client(t, serve(t, s.ServeHTTP), func(c *shopify.Config) {
		c.After = func(time.Duration) <-chan time.Time { cancel(); return nil }
	})
	_, err := c.AwaitDraft(ctx, merchant, draftID)
	wantKind(t, err, acp.KindUnavailable)
}

func TestFindPrefersTheDraftThatBecameAnOrder(t *testing.T) {
	found := func(drafts ...string) http.HandlerFunc {
		return body(200, `{"data":{"draftOrders":{"nodes":[`+strings.Join(drafts, ",")+`]}}}`)
	}
	older := strings.ReplaceAll(draftJSON(true, "acp-1", "2026-11-21T11:00:00Z", ""), draftID, draftID+"0")
	other := draftJSON(true, "acp-12", "2026-11-21T10:00:00Z", "")
	c, _, _ := run(t, found(draftJSON(true, "acp-1", created, ""), other, older))
	if d, err := c.FindDraft(context.Background(), merchant, "acp-1"); err != nil || d.ID != draftID+"0" {
		t.Errorf("%+v %v", d, err)
	}
	c, _, _ = run(t, found(older, draftJSON(true, "acp-1", created, "gid://shopify/Order/7")))
	if d, err := c.FindDraft(context.Background(), merchant, "acp-1"); err != nil || d.OrderID == "" {
		t.Errorf("%+v %v", d, err)
	}
	c, _, _ = run(t, found(other))
	_, err := c.FindDraft(context.Background(), merchant, "acp-1")
	wantKind(t, err, acp.KindNotFound)
}

func TestDeletingADraftThatIsGoneIsSuccess(t *testing.T) {
	gone := body(200, `{"data":{"draftOrder":null}}`)
	for name, first := range map[string]http.HandlerFunc{
		"refused":     refusing("draftOrderDelete", "Draft order does not exist"),
		"answer lost": drop,
		"done":        body(200, `{"data":{"draftOrderDelete":{"deletedId":"`+draftID+`","userErrors":[]}}}`),
	} {
		c, _, _ := run(t, first, gone)
		if err := c.DeleteDraft(context.Background(), merchant, draftID); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	c, _, _ := run(t, drop, read(true, ""))
	wantKind(t, c.DeleteDraft(context.Background(), merchant, draftID), acp.KindUnknown)
	c, _, _ = run(t, refusing("draftOrderDelete", "completed"), read(true, "gid://shopify/Order/7"))
	wantKind(t, c.DeleteDraft(context.Background(), merchant, draftID), acp.KindRefused)
}

func TestDraftCarriesItsMarksAndHoldsStock(t *testing.T) {
	c, s, _ := run(t, body(200, `{"data":{"draftOrderCreate":{"draftOrder":`+draftJSON(false, "acp-1", created, "")+`,"userErrors":[]}}}`))
	_, err := c.CreateDraft(context.Background(), merchant, acp.DraftOrder{
		Cart:    acp.Cart{Currency: "usd", Lines: []acp.CartLine{{VariantID: "gid://shopify/ProductVariant/1", Quantity: 1}}},
		Session: "cs_1", Reference: "acp-1", Agent: "ChatGPT", HoldStock: noon.Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		`"reserveInventoryUntil":"2026-11-21T13:00:00Z"`, `"tags":["acp","acp-1"]`, `{"key":"acp_session_id","value":"cs_1"}`, `{"key":"acp_agent","value":"ChatGPT"}`,
	} {
		if sent := s.sent()[0].body; !strings.Contains(sent, part) {
			t.Errorf("%s is not in %s", part, sent)
		}
	}
}
