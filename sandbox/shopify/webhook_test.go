package shopify_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

// next waits for one webhook.
func (f *fixture) next() received {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), 10*time.Second)
	defer cancel()
	select {
	case got := <-f.app.got:
		return got
	case <-ctx.Done():
		f.t.Fatal("no webhook came")
		return received{}
	}
}

// atOnce is a timer that does not wait, so that retries follow at once.
func atOnce(time.Duration) <-chan time.Time {
	now := make(chan time.Time, 1)
	now <- time.Time{}
	return now
}

func (f *fixture) change(variant, body string) {
	f.t.Helper()
	res := f.post("/_sandbox/products/"+variant, json.RawMessage(body), nil)
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		f.t.Fatalf("change %s: %d", body, res.StatusCode)
	}
}

func TestWebhooksAreSignedAndCarryNumericIDs(t *testing.T) {
	f := start(t, func(c *shopify.Config) { c.Subscriptions = topics("products/update", "inventory_levels/update") })
	variant := f.variants()["MUG"]
	f.change(variant, `{"price": "15.50", "inventory": 3}`)
	seen := map[string]received{}
	for range 2 {
		got := f.next()
		seen[got.header.Get("X-Shopify-Topic")] = got
	}
	got := seen["products/update"]
	mac := hmac.New(sha256.New, []byte(testSecret))
	mac.Write(got.body)
	if sum, err := base64.StdEncoding.DecodeString(got.header.Get("X-Shopify-Hmac-Sha256")); err != nil || !hmac.Equal(sum, mac.Sum(nil)) {
		t.Error("the signature does not fit the body")
	}
	for name, want := range map[string]string{"X-Shopify-Shop-Domain": testShop, "X-Shopify-API-Version": "2026-10", "Content-Type": "application/json"} {
		if got.header.Get(name) != want {
			t.Errorf("%s: %q", name, got.header.Get(name))
		}
	}
	for _, name := range []string{"X-Shopify-Webhook-Id", "X-Shopify-Event-Id", "X-Shopify-Triggered-At"} {
		if got.header.Get(name) == "" {
			t.Errorf("%s is missing", name)
		}
	}
	var payload struct {
		ID       int64  `json:"id"`
		GID      string `json:"admin_graphql_api_id"`
		Variants []struct {
			ID    int64  `json:"id"`
			Price string `json:"price"`
		} `json:"variants"`
	}
	if err := json.Unmarshal(got.body, &payload); err != nil {
		t.Fatal(err)
	}
	if payload.ID <= 1<<53 || variant != fmt.Sprintf("gid://shopify/ProductVariant/%d", payload.Variants[0].ID) || payload.Variants[0].Price != "15.50" {
		t.Errorf("payload: %+v", payload)
	}
	if int64(float64(payload.Variants[0].ID)) == payload.Variants[0].ID {
		t.Errorf("id %d survives a float: it would not show a client that uses one", payload.Variants[0].ID)
	}
	var level map[string]any
	if err := json.Unmarshal(seen["inventory_levels/update"].body, &level); err != nil || str(level, "available") != "3" {
		t.Errorf("inventory: %v %v", level, err)
	}
}

func TestARefusedWebhookIsRetriedWithTheSameIDAndBody(t *testing.T) {
	f := start(t, func(c *shopify.Config) { c.Subscriptions, c.After = topics("products/update"), atOnce })
	f.app.status = func(n int) int {
		if n < 3 {
			return http.StatusServiceUnavailable
		}
		return http.StatusOK
	}
	f.change(f.variants()["MUG"], `{"inventory": 3}`)
	first := f.next()
	for range 2 {
		again := f.next()
		if again.header.Get("X-Shopify-Webhook-Id") != first.header.Get("X-Shopify-Webhook-Id") || !bytes.Equal(again.body, first.body) {
			t.Error("a retry differs from the first attempt")
		}
	}
}

func TestADeliveryIsGivenUpAfterEightRetries(t *testing.T) {
	f := start(t, func(c *shopify.Config) { c.Subscriptions, c.After = topics("products/update"), atOnce })
	f.app.status = func(int) int { return http.StatusFound } // a redirect is a failure
	f.change(f.variants()["MUG"], `{"inventory": 3}`)
	for range 9 {
		f.next()
	}
	f.shut()
	if n := len(f.app.got); n != 0 {
		t.Errorf("%d attempts too many", n)
	}
}

func TestSomeWebhooksComeTwice(t *testing.T) {
	f := start(t, func(c *shopify.Config) { c.Subscriptions, c.After = topics("products/update"), atOnce })
	mug := f.variants()["MUG"]
	times := map[string]int{}
	for range 5 {
		f.change(mug, `{"inventory": 3}`)
	}
	for range 6 {
		times[f.next().header.Get("X-Shopify-Webhook-Id")]++
	}
	if len(times) != 5 {
		t.Errorf("six deliveries of %d webhooks, want five of which one comes twice", len(times))
	}
}

func TestWebhooksOwedSurviveAKill(t *testing.T) {
	never := func(time.Duration) <-chan time.Time { return nil }
	dir := t.TempDir()
	f := start(t, func(c *shopify.Config) {
		c.Subscriptions, c.After, c.Dir = topics("products/update"), never, dir
	})
	f.app.status = func(n int) int {
		if n == 1 {
			return http.StatusInternalServerError
		}
		return http.StatusOK
	}
	f.change(f.variants()["MUG"], `{"price": "20.00"}`)
	first := f.next()
	// The first process is not closed, as after kill -9: a second one opens the same books.
	f.config.Dir = dir
	second, err := shopify.New(f.config)
	if err != nil {
		t.Fatal(err)
	}
	again := f.next()
	if again.header.Get("X-Shopify-Webhook-Id") != first.header.Get("X-Shopify-Webhook-Id") {
		t.Error("another webhook came")
	}
	if err := second.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAnAppThatDoesNotListenYetGetsItsWebhooksLater(t *testing.T) {
	waiting, listens := make(chan struct{}, 1), make(chan time.Time)
	var open atomic.Bool
	open.Store(true) // while the fixture installs the app
	f := start(t, func(c *shopify.Config) {
		base := c.AppURL
		c.Subscriptions = topics("products/update")
		c.After = func(time.Duration) <-chan time.Time { waiting <- struct{}{}; return listens }
		c.AppURL = func() string {
			if !open.Load() {
				return ""
			}
			return base()
		}
	})
	open.Store(false)
	f.change(f.variants()["MUG"], `{"price": "20.00"}`)
	<-waiting
	open.Store(true)
	listens <- time.Time{}
	f.next()
}

func TestAnOrderTellsItsStory(t *testing.T) {
	f := start(t, func(c *shopify.Config) {
		c.Subscriptions = topics("orders/create", "orders/paid", "orders/fulfilled", "fulfillments/create", "refunds/create", "orders/cancelled", "draft_orders/delete", "app/uninstalled", "customers/redact")
		c.After = atOnce
	})
	id, _ := f.readyDraft(map[string]any{"lineItems": lines(f.variants()["MUG"], 2), "email": "ada@example.com"})
	order := str(f.must(completeDraft, map[string]any{"id": id}), "draftOrderComplete", "draftOrder", "order", "id")
	number := order[strings.LastIndex(order, "/")+1:]
	for _, deed := range []string{"fulfill", "refund", "cancel"} {
		res := f.post("/_sandbox/orders/"+number+"/"+deed, nil, nil)
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d", deed, res.StatusCode)
		}
	}
	stray, _ := f.readyDraft(map[string]any{"lineItems": lines(f.variants()["MUG"], 1)})
	f.must(`mutation($id: ID!) { draftOrderDelete(input: {id: $id}) { deletedId userErrors { message } } }`, map[string]any{"id": stray})
	_ = f.post("/_sandbox/compliance/customers/redact", nil, nil).Body.Close()
	_ = f.post("/_sandbox/uninstall", nil, nil).Body.Close()
	want := len(f.config.Subscriptions)
	topicsSeen := map[string]bool{}
	for len(topicsSeen) < want {
		topicsSeen[f.next().header.Get("X-Shopify-Topic")] = true
	}
	o := dig(f.state(), "orders", 0)
	if str(o, "displayFulfillmentStatus") != "FULFILLED" || str(o, "displayFinancialStatus") != "REFUNDED" || str(o, "fulfillments", 0, "trackingInfo", 0, "company") != "UPS" {
		t.Errorf("order: %v %v", str(o, "displayFulfillmentStatus"), str(o, "displayFinancialStatus"))
	}
}

func TestABulkOperationTellsWhenItIsDone(t *testing.T) {
	f := start(t, func(c *shopify.Config) { c.Subscriptions, c.After = topics("bulk_operations/finish"), atOnce })
	f.must(bulkStart, map[string]any{"query": `{ products { edges { node { id } } } }`}) // nobody polls
	var payload map[string]any
	if err := json.Unmarshal(f.next().body, &payload); err != nil || str(payload, "status") != "completed" {
		t.Errorf("payload %v %v", payload, err)
	}
}

func TestALaterWebhookOvertakesAnEarlierOne(t *testing.T) {
	held := make(chan time.Time)
	f := start(t, func(c *shopify.Config) {
		c.Subscriptions = topics("products/update")
		c.After = func(time.Duration) <-chan time.Time { return held }
	})
	mug := f.variants()["MUG"]
	prices := map[string]bool{}
	for _, price := range []string{"1.00", "2.00", "3.00", "4.00", "5.00"} {
		f.change(mug, `{"price": "`+price+`"}`)
	}
	priceOf := func(got received) string {
		var payload map[string]any
		if err := json.Unmarshal(got.body, &payload); err != nil {
			t.Fatal(err)
		}
		return str(payload, "variants", 0, "price")
	}
	for range 4 {
		prices[priceOf(f.next())] = true
	}
	if len(prices) != 4 || prices["4.00"] {
		t.Fatalf("before the hold is over: %v", prices)
	}
	close(held)
	for late := ""; late != "4.00"; {
		late = priceOf(f.next()) // the fifth comes a second time, before or after
	}
}

func TestProductsComeAndGo(t *testing.T) {
	f := start(t, func(c *shopify.Config) { c.Subscriptions = topics("products/create", "products/delete") })
	var made map[string]any
	f.decode(f.post("/_sandbox/products", map[string]any{"title": "Lamp", "price": "30.00", "inventory": 2}, nil), &made)
	if topic := f.next().header.Get("X-Shopify-Topic"); topic != "products/create" || str(made, "title") != "Lamp" {
		t.Fatalf("%s: %v", topic, made)
	}
	remove := func() int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, f.http.URL+"/_sandbox/products/"+str(made, "id"), nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return res.StatusCode
	}
	if first, second := remove(), remove(); first != http.StatusOK || second != http.StatusNotFound {
		t.Errorf("deleting: %d, then %d", first, second)
	}
	if topic := f.next().header.Get("X-Shopify-Topic"); topic != "products/delete" {
		t.Errorf("webhook %s", topic)
	}
	if got := dig(f.must(`query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }`, map[string]any{"ids": []any{made["id"]}}), "nodes", 0); got != nil {
		t.Errorf("the deleted product is still %v", got)
	}
}

func TestAChangeThatMakesNoSenseIsRefused(t *testing.T) {
	f := start(t, nil)
	mug := f.variants()["MUG"]
	for body, want := range map[string]int{`{"price": "1.005"}`: 400, `{"price": "-1"}`: 400, `{"price": 1}`: 400, `[`: 400, `{}`: 200} {
		res := f.post("/_sandbox/products/"+mug, rawBody(body), nil)
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", body, res.StatusCode, want)
		}
	}
	res := f.post("/_sandbox/products/17", rawBody(`{}`), nil)
	_ = res.Body.Close()
	if res.StatusCode != http.StatusNotFound {
		t.Errorf("unknown variant: %d", res.StatusCode)
	}
}
