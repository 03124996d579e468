package shopify_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

const usd = `{"presentmentMoney":{"amount":"10.0","currencyCode":"USD"}}`

// quoteJSON is a calculated draft of one line.
func quoteJSON(change ...string) http.HandlerFunc {
	text := `{"data":{"draftOrderCalculate":{"userErrors":[],"calculatedDraftOrder":{"presentmentCurrencyCode":"USD","taxesIncluded":false,
		"lineItems":[{"quantity":1,"requiresShipping":true,"taxable":true,
			"variant":{"id":"gid://shopify/ProductVariant/1","availableForSale":true,"sellableOnlineQuantity":-2,"inventoryPolicy":"CONTINUE",
				"inventoryItem":{"tracked":true},"product":{"status":"ACTIVE"}},
			"originalUnitPriceSet":M,"originalTotalSet":M,"discountedTotalSet":M}],
		"subtotalPriceSet":M,"totalLineItemsPriceSet":M,"totalShippingPriceSet":M,"totalTaxSet":M,
		"totalPriceSet":M,"taxLines":[{"title":"VAT","rate":0.0725,"priceSet":M}],"shippingLine":null,
		"availableShippingRates":[{"handle":"h1","title":"Post","price":{"amount":"5.00","currencyCode":"RATE"}}],"platformDiscounts":[],
		"warnings":[{"errorCode":"minimum_not_met","message":"Spend more.","discountCode":"BIG","discountTitle":null},
			{"errorCode":"other","message":"The address has no province."}]}}}}`
	return body(200, strings.NewReplacer(append(change, "M,", usd+",", "M}", usd+"}", "RATE", "USD")...).Replace(text))
}

func oneLine() acp.Cart {
	return acp.Cart{Currency: "usd", Lines: []acp.CartLine{{VariantID: "gid://shopify/ProductVariant/1", Quantity: 1}}, DiscountCodes: []string{"big"}}
}

func TestQuoteReadsStockTaxAndRejectedCodes(t *testing.T) {
	c, _, _ := run(t, quoteJSON())
	q, err := c.Quote(context.Background(), merchant, oneLine())
	if err != nil {
		t.Fatal(err)
	}
	if l := q.Lines[0]; !l.Available || !l.Backorder || *l.Stock != 0 || l.Unit != 1000 {
		t.Errorf("line %+v", l)
	}
	if len(q.Discounts) != 1 || q.Discounts[0].Code != "big" || q.Discounts[0].Rejected != "discount_code_minimum_not_met" || q.TaxParts[0].Rate != "0.0725" {
		t.Errorf("discounts %+v, taxes %+v", q.Discounts, q.TaxParts)
	}
}

func TestCodeThatShopifyPassesOverInSilenceIsReported(t *testing.T) {
	c, _, _ := run(t, quoteJSON())
	cart := oneLine()
	cart.DiscountCodes = append(cart.DiscountCodes, "quiet")
	q, err := c.Quote(context.Background(), merchant, cart)
	if err != nil || len(q.Discounts) != 2 || q.Discounts[1].Code != "quiet" || q.Discounts[1].Rejected != acp.CodeDiscountInvalid {
		t.Errorf("%+v %v", q.Discounts, err)
	}
}

func TestQuoteOfAnotherCartIsNotBelieved(t *testing.T) {
	for name, change := range map[string][]string{
		"a rate in another currency": {"RATE", "EUR"},
		"unknown currency":           {`"presentmentCurrencyCode":"USD"`, `"presentmentCurrencyCode":"ZZZ"`},
		"another quantity":           {`"quantity":1`, `"quantity":2`},
		"another variant":            {"ProductVariant/1", "ProductVariant/2"},
		"a tenth of a cent":          {`"5.00"`, `"5.001"`},
	} {
		c, _, _ := run(t, quoteJSON(change...))
		if q, err := c.Quote(context.Background(), merchant, oneLine()); acp.KindOf(err) != acp.KindInternal {
			t.Errorf("%s: %+v %v", name, q, err)
		}
	}
	c, _, _ := run(t, quoteJSON(`"status":"ACTIVE"`, `"status":"ARCHIVED"`))
	if q, err := c.Quote(context.Background(), merchant, oneLine()); err != nil || q.Lines[0].Available {
		t.Errorf("an archived product is for sale: %+v %v", q, err)
	}
}
