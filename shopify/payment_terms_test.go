package shopify_test

import (
	"context"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// The terms are asked for once a day and shop, and again after a refusal,
// which may have been about them.
func TestPaymentTermsAreAskedForOnceADay(t *testing.T) {
	now := noon
	terms := body(200, `{"data":{"paymentTermsTemplates":[{"id":"gid://shopify/PaymentTermsTemplate/1","paymentTermsType":"RECEIPT"}]}}`)
	saved := body(200, `{"data":{"draftOrderCreate":{"draftOrder":`+draftJSON(false, "acp-1", created, "")+`,"userErrors":[]}}}`)
	refused := refusing("draftOrderCreate", "Payment terms template is invalid")
	c, s, _ := run(t, terms, saved, saved, terms, saved, refused, terms, saved, terms, saved)
	c.Now = func() time.Time { return now }
	create := func(shop acp.Merchant) error {
		_, err := c.CreateDraft(context.Background(), shop, acp.DraftOrder{
			Cart:    acp.Cart{Currency: "usd", Lines: []acp.CartLine{{VariantID: "gid://shopify/ProductVariant/1", Quantity: 1}}},
			Session: "cs_1", Reference: "acp-1", PaidElsewhere: true,
		})
		return err
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(create(merchant))
	now = now.Add(24*time.Hour - time.Second)
	must(create(merchant))
	now = now.Add(time.Second)
	must(create(merchant))
	wantKind(t, create(merchant), acp.KindRefused)
	must(create(merchant))
	other := merchant
	other.Shop = "other.myshopify.com"
	must(create(other))
	want := "PaymentTermsTemplates DraftCreate DraftCreate PaymentTermsTemplates DraftCreate DraftCreate " +
		"PaymentTermsTemplates DraftCreate PaymentTermsTemplates DraftCreate"
	if got := operations(s); got != want {
		t.Errorf("asked for %s", got)
	}
}
