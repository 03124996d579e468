package pricing_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify/pricing"
)

func demoShop(currency string, included bool) pricing.Shop {
	return pricing.Shop{
		Currency: currency, TaxesIncluded: included, TaxShipping: true, Country: "US", ShipsTo: []string{"DE", "JP"},
		FreeShippingOver: pricing.Scaled(10_000, currency), Codes: pricing.DefaultCodes(currency),
		Automatic:  []pricing.Automatic{{Title: "Autumn", Tag: "autumn", PPM: 150_000}},
		Collection: pricing.DefaultCollection("US"), LocalDelivery: pricing.DefaultLocalDelivery("US", currency),
	}
}

func TestTotalsAddUpForAnyCart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shop := demoShop(rapid.SampledFrom([]string{"USD", "JPY", "KWD"}).Draw(t, "currency"), rapid.Bool().Draw(t, "included"))
		shop.TaxShipping = rapid.Bool().Draw(t, "taxShipping")
		cart := drawCart(t)
		first, err := pricing.Price(shop, cart)
		if err != nil {
			t.Fatal(err)
		}
		ways := slices.Concat(first.Rates, pricing.LocalDeliveries(shop, cart), pricing.Collections(shop, cart))
		if len(ways) > 0 {
			cart.Shipping = &pricing.ShippingChoice{Handle: rapid.SampledFrom(ways).Draw(t, "rate").Handle}
		}
		q, err := pricing.Price(shop, cart)
		if err != nil {
			t.Fatal(err)
		}
		checkSums(t, shop, q)
	})
}

func drawCart(t *rapid.T) pricing.Cart {
	line := rapid.Custom(func(t *rapid.T) pricing.Line {
		l := pricing.Line{
			Unit: rapid.Int64Range(0, 5_000_000).Draw(t, "unit"), Quantity: rapid.Int64Range(1, 50).Draw(t, "quantity"),
			Taxable: rapid.Bool().Draw(t, "taxable"), RequiresShipping: rapid.Bool().Draw(t, "ships"),
		}
		if rapid.Bool().Draw(t, "autumn") {
			l.Tags = []string{"autumn"}
		}
		if rapid.Bool().Draw(t, "manual") {
			l.Discount = &pricing.Discount{PPM: rapid.Int64Range(0, pricing.Million).Draw(t, "ppm"), Amount: rapid.Int64Range(0, 1000).Draw(t, "off")}
		}
		return l
	})
	places := []*pricing.Destination{
		nil,
		{Country: "US", Province: "CA", City: "Los Angeles"},
		{Country: "US", Province: "NY", City: "New York"},
		{Country: "DE", City: "Berlin"},
		{Country: "JP", City: "Tokyo"},
		{Country: "US", Province: "OR", Zip: "97201"},
		{Country: "US", Province: "CA", City: "San Francisco", Zip: "94131"},
	}
	codes := rapid.SampledFrom([]string{"SAVE10", "save10", "SHIPFREE", "FIVEOFF", "BIG100", "EXPIRED", "NOPE"})
	return pricing.Cart{
		Lines:           rapid.SliceOfN(line, 1, 12).Draw(t, "lines"),
		Destination:     rapid.SampledFrom(places).Draw(t, "destination"),
		Codes:           rapid.SliceOfN(codes, 0, 4).Draw(t, "codes"),
		AcceptAutomatic: rapid.Bool().Draw(t, "automatic"),
		Now:             time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC),
	}
}

func checkSums(t *rapid.T, shop pricing.Shop, q pricing.Quote) {
	var original, lineOff, orderOff, lineTax, taxes int64
	for _, l := range q.Lines {
		original += l.Original
		lineOff += l.LineDiscount
		orderOff += l.OrderDiscount
		if l.Net() < 0 {
			t.Fatalf("line costs %d", l.Net())
		}
		for _, x := range l.Taxes {
			lineTax += x.Amount
		}
	}
	var shipping int64
	if q.Shipping != nil {
		shipping = q.Shipping.Net
		for _, x := range q.Shipping.Taxes {
			lineTax += x.Amount
		}
	}
	for _, x := range q.Taxes {
		taxes += x.Amount
	}
	want := q.Subtotal + shipping
	if !shop.TaxesIncluded {
		want += taxes
	}
	equal(t, "line items", q.LineItemsTotal, original)
	equal(t, "subtotal of lines", q.LinesSubtotal, original-lineOff)
	equal(t, "subtotal", q.Subtotal, original-lineOff-orderOff)
	equal(t, "discounts", q.DiscountTotal, lineOff+orderOff)
	equal(t, "taxes of lines and shipping", lineTax, taxes)
	equal(t, "tax total", q.TaxTotal, taxes)
	equal(t, "total", q.Total, want)
	if shop.TaxesIncluded && q.TaxTotal > q.Total {
		t.Fatalf("contained tax %d exceeds total %d", q.TaxTotal, q.Total)
	}
}

func equal(t *rapid.T, what string, got, want int64) {
	t.Helper()
	if got != want {
		t.Fatalf("%s: %d, want %d", what, got, want)
	}
}

func TestCaliforniaPaysStateAndCityTaxOnGoodsAndShipping(t *testing.T) {
	cart := pricing.Cart{
		Lines:       []pricing.Line{{Unit: 1999, Quantity: 2, Taxable: true, RequiresShipping: true}},
		Destination: &pricing.Destination{Country: "US", Province: "CA", City: "San Francisco"},
		Shipping:    &pricing.ShippingChoice{Handle: "shopify-Standard-5.00"}, Codes: []string{"SAVE10", "EXPIRED"},
		Now: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC),
	}
	q, err := pricing.Price(demoShop("USD", false), cart)
	if err != nil {
		t.Fatal(err)
	}
	// 39.98 - 4.00 = 35.98; + 5.00 = 40.98; 7.25 % = 2.97, 1.375 % = 0.56
	if q.Subtotal != 3598 || q.ShippingTotal != 500 || len(q.Taxes) != 2 || q.Taxes[0].Amount != 297 || q.Taxes[1].Amount != 56 || q.Total != 4451 {
		t.Fatalf("quote: %+v", q)
	}
	if len(q.Warnings) != 1 || q.Warnings[0].Reason != pricing.ReasonExpired {
		t.Fatalf("warnings: %+v", q.Warnings)
	}
}

func TestARateThatIsNotOfferedIsRefused(t *testing.T) {
	cart := pricing.Cart{
		Lines:       []pricing.Line{{Unit: 100, Quantity: 1, RequiresShipping: true}},
		Destination: &pricing.Destination{Country: "AQ", City: "McMurdo"}, Shipping: &pricing.ShippingChoice{Handle: "shopify-Standard-5.00"},
	}
	if _, err := pricing.Price(demoShop("USD", false), cart); !errors.Is(err, pricing.ErrUnknownRate) {
		t.Fatalf("error %v, want ErrUnknownRate", err)
	}
}

func TestAmountsKeepTheirDecimals(t *testing.T) {
	for _, c := range []struct {
		currency, money, decimal string
		minor                    int64
	}{{"USD", "0.05", "0.05", 5}, {"USD", "12.00", "12.0", 1200}, {"JPY", "1200", "1200.0", 1200}, {"KWD", "1.250", "1.25", 1250}, {"USD", "-1.50", "-1.5", -150}} {
		e := pricing.Exponent(c.currency)
		if got := pricing.Format(c.minor, e); got != c.money {
			t.Errorf("Format(%d %s) = %s", c.minor, c.currency, got)
		}
		if got := pricing.FormatDecimal(c.minor, e); got != c.decimal {
			t.Errorf("FormatDecimal(%d %s) = %s", c.minor, c.currency, got)
		}
		for _, s := range []string{c.money, c.decimal} {
			if got, err := pricing.Parse(s, e); err != nil || got != c.minor {
				t.Errorf("Parse(%s %s) = %d, %v", s, c.currency, got, err)
			}
		}
	}
	for _, bad := range []string{"", "1.005", "1e3", "1/2", "abc", "99999999999999999999"} {
		if got, err := pricing.Parse(bad, 2); err == nil {
			t.Errorf("Parse(%q) = %d, want an error", bad, got)
		}
	}
}

func TestWhatIsCollectedIsTaxedWhereItIsCollected(t *testing.T) {
	shop := demoShop("USD", false)
	cart := pricing.Cart{
		Lines:       []pricing.Line{{Unit: 10000, Quantity: 1, Taxable: true, RequiresShipping: true}},
		Destination: &pricing.Destination{Country: "US", Province: "OR", City: "Portland", Zip: "97201"},
	}
	cart.Shipping = &pricing.ShippingChoice{Handle: pricing.Collections(shop, cart)[0].Handle}
	q, err := pricing.Price(shop, cart)
	if err != nil || !q.Collected || q.ShippingTotal != 0 || q.TaxTotal != 725+138 || len(q.Rates) == 0 {
		t.Errorf("quote %+v, %v", q, err)
	}
	if offered := pricing.LocalDeliveries(shop, cart); len(offered) != 0 {
		t.Errorf("the courier rides to Portland: %+v", offered)
	}
	cart.Destination = nil
	if offered := pricing.Collections(shop, cart); len(offered) != 0 {
		t.Errorf("a pickup without an address: %+v", offered)
	}
}
