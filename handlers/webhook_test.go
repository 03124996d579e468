package handlers_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

var delivered = []string{
	"X-Shopify-Hmac-Sha256", goodSigned, "X-Shopify-Shop-Domain", shop, "X-Shopify-Webhook-Id", "w-1",
	"X-Shopify-Topic", "products/update", "X-Shopify-Triggered-At", "2026-11-21T15:03:00.123456789Z",
}

func TestASignedWebhookIsStoredOnce(t *testing.T) {
	b := open(t)
	for range 2 {
		wantStatus(t, b.call(http.MethodPost, "/webhooks/products/update", `{"id":1}`, delivered...), http.StatusOK)
	}
	if len(b.books.deliveries) != 1 {
		t.Fatalf("deliveries %v", b.books.deliveries)
	}
	d := b.books.deliveries["w-1"]
	if string(d.Body) != `{"id":1}` || d.Topic != "products/update" || d.Merchant != "m_1" || d.TriggeredAt.Nanosecond() != 123456789 {
		t.Errorf("stored %+v", d)
	}
}

func TestComplianceWebhooksAreTaken(t *testing.T) {
	b := open(t)
	w := b.call(http.MethodPost, "/webhooks/compliance", `{}`, append(delivered, "X-Shopify-Topic", "customers/data_request")...)
	wantStatus(t, w, http.StatusOK)
	if b.books.deliveries["w-1"].Topic != "customers/data_request" {
		t.Errorf("stored %v", b.books.deliveries)
	}
}

func TestAWebhookThatIsNotRightIsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		header, value, body string
		status              int
	}{
		"forged":           {"X-Shopify-Hmac-Sha256", "forged", `{}`, 401},
		"unsigned":         {"X-Shopify-Hmac-Sha256", "", `{}`, 401},
		"without a shop":   {"X-Shopify-Shop-Domain", "", `{}`, 400},
		"without an id":    {"X-Shopify-Webhook-Id", "", `{}`, 400},
		"without a topic":  {"X-Shopify-Topic", "", `{}`, 400},
		"without a time":   {"X-Shopify-Triggered-At", "", `{}`, 400},
		"too large":        {"X-Shopify-Topic", "products/update", strings.Repeat("x", 2<<20+1), 413},
		"forged and empty": {"X-Shopify-Hmac-Sha256", "forged", ``, 401},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t)
			w := b.call(http.MethodPost, "/webhooks/x", test.body, append(delivered, test.header, test.value)...)
			wantStatus(t, w, test.status)
			if len(b.books.deliveries) != 0 {
				t.Errorf("stored %v", b.books.deliveries)
			}
		})
	}
}

func TestAWebhookOfAnUnknownShopIsIgnored(t *testing.T) {
	b := open(t)
	w := b.call(http.MethodPost, "/webhooks/x", `{}`, append(delivered, "X-Shopify-Shop-Domain", "other.myshopify.com")...)
	wantStatus(t, w, http.StatusOK)
	if len(b.books.deliveries) != 0 {
		t.Errorf("stored %v", b.books.deliveries)
	}
}

func TestAWebhookThatCannotBeStoredComesAgain(t *testing.T) {
	b := open(t)
	b.books.fail = errors.New("disk full")
	wantStatus(t, b.call(http.MethodPost, "/webhooks/x", `{}`, delivered...), http.StatusServiceUnavailable)
}
