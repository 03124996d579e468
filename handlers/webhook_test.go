package handlers_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

var delivered = []string{
	"X-Shopify-Hmac-Sha256", goodSigned, "X-Shopify-Shop-Domain", shop, "X-Shopify-Webhook-Id", "w-1",
	"X-Shopify-Topic", "products/update", "X-Shopify-Triggered-At", "2026-11-21T15:03:00.123456789Z",
}

// stored is the one delivery of these tests as the inbox has it.
func (b *bridge) stored() (acp.Delivery, bool) {
	b.t.Helper()
	d, err := b.books.Delivery(b.t.Context(), "m_1", "w-1")
	if err != nil && acp.KindOf(err) != acp.KindNotFound {
		b.t.Fatal(err)
	}
	return d, err == nil
}

func TestASignedWebhookIsStoredOnce(t *testing.T) {
	b := open(t)
	for _, body := range []string{`{"id":1}`, `{"id":2}`} {
		wantStatus(t, b.call(http.MethodPost, "/webhooks/products/update", body, delivered...), http.StatusOK)
	}
	d, ok := b.stored()
	if !ok || string(d.Body) != `{"id":1}` || d.Topic != "products/update" || d.TriggeredAt.UnixMilli() != 1795273380123 {
		t.Errorf("stored %+v", d)
	}
}

func TestComplianceWebhooksAreTaken(t *testing.T) {
	b := open(t)
	w := b.call(http.MethodPost, "/webhooks/compliance", `{}`, append(delivered, "X-Shopify-Topic", "customers/data_request")...)
	wantStatus(t, w, http.StatusOK)
	if d, ok := b.stored(); !ok || d.Topic != "customers/data_request" {
		t.Errorf("stored %+v", d)
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
		"too large":        {"X-Shopify-Topic", "products/update", strings.Repeat("x", 2<<20+1), 413},
		"forged and empty": {"X-Shopify-Hmac-Sha256", "forged", ``, 401},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t)
			w := b.call(http.MethodPost, "/webhooks/x", test.body, append(delivered, test.header, test.value)...)
			wantStatus(t, w, test.status)
			if d, ok := b.stored(); ok {
				t.Errorf("stored %+v", d)
			}
		})
	}
}

// Shopify documents the header; a delivery that lacks it is signed all the same.
func TestAWebhookWithoutATimeCountsFromItsArrival(t *testing.T) {
	for _, told := range []string{"", "yesterday"} {
		b := open(t)
		w := b.call(http.MethodPost, "/webhooks/x", `{}`, append(delivered, "X-Shopify-Triggered-At", told)...)
		wantStatus(t, w, http.StatusOK)
		if d, ok := b.stored(); !ok || !d.TriggeredAt.Equal(b.clock.Now()) || !d.ReceivedAt.Equal(b.clock.Now()) {
			t.Errorf("%q: stored %+v", told, d)
		}
		if !strings.Contains(b.log.String(), "webhook without a time") {
			t.Errorf("%q: nothing logged", told)
		}
	}
}

func TestAWebhookOfAnUnknownShopIsIgnored(t *testing.T) {
	b := open(t)
	w := b.call(http.MethodPost, "/webhooks/x", `{}`, append(delivered, "X-Shopify-Shop-Domain", "other.myshopify.com")...)
	wantStatus(t, w, http.StatusOK)
	if d, ok := b.stored(); ok {
		t.Errorf("stored %+v", d)
	}
}

func TestAWebhookThatCannotBeStoredComesAgain(t *testing.T) {
	b := open(t)
	b.books.breakDown(errors.New("disk full"))
	wantStatus(t, b.call(http.MethodPost, "/webhooks/x", `{}`, delivered...), http.StatusServiceUnavailable)
}
