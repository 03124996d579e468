package shopify_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/acp-bridge/acp-bridge/acp"
	sandbox "github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

func kindsOf(options []acp.FulfillmentOption) map[acp.FulfillmentKind]acp.FulfillmentOption {
	kinds := map[acp.FulfillmentKind]acp.FulfillmentOption{}
	for _, o := range options {
		kinds[o.Kind] = o
	}
	return kinds
}

func TestPickupAndCourierAreOfferedAndOrdered(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	ctx := context.Background()
	cart := s.cart(s.line("RED", 2))
	cart.Address.City, cart.Address.PostalCode = "San Francisco", "94131"
	options, err := s.DeliveryOptions(ctx, s.merchant, cart)
	s.must(err)
	kinds := kindsOf(options)
	pickup, courier := kinds[acp.Pickup], kinds[acp.LocalDelivery]
	if len(kinds) != 3 || courier.Amount != 700 || pickup.Location == nil || pickup.Location.Address.City != "San Francisco" ||
		pickup.Location.Instructions == "" || pickup.Location.Phone == "" {
		t.Fatalf("options %+v", options)
	}
	for _, o := range []acp.FulfillmentOption{pickup, courier} {
		cart.Rate = o.ID
		q, err := s.Quote(ctx, s.merchant, cart)
		s.must(err)
		if q.Rate != o.ID || q.Shipping != o.Amount || q.RateAmount != o.Amount {
			t.Errorf("%s: quote %+v", o.Kind, q)
		}
		d, err := s.CreateDraft(ctx, s.merchant, acp.DraftOrder{Cart: cart, Session: "cs_1", Reference: "acp-" + string(o.Kind)})
		s.must(err)
		if d.Total.Amount != q.Total {
			t.Errorf("%s: the draft costs %s, the quote said %d", o.Kind, d.Total, q.Total)
		}
	}
	cart.Address.PostalCode = "10001"
	if options, err = s.DeliveryOptions(ctx, s.merchant, cart); err != nil || kindsOf(options)[acp.LocalDelivery].ID != "" {
		t.Errorf("the courier rides to New York: %+v %v", options, err)
	}
}

func TestAPlaceIsReadOnce(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	cart := s.cart(s.line("RED", 1))
	offered := func(want bool) {
		t.Helper()
		options, err := s.DeliveryOptions(context.Background(), s.merchant, cart)
		if _, found := kindsOf(options)[acp.Pickup]; err != nil || found != want {
			t.Errorf("a pickup is offered: %t, want %t (%v)", found, want, err)
		}
	}
	s.fault("location", "user_error")
	offered(false)
	offered(true)
	s.fault("location", "user_error")
	offered(true) // known by now
	<-s.clock.After(time.Hour)
	offered(false) // looked at again, and refused
}

func TestAPickupWithoutAPlaceIsLeftOut(t *testing.T) {
	s := openShop(t, func(c *sandbox.Config) {
		c.Scopes = []string{"read_products", "read_inventory", "write_draft_orders", "write_orders"}
	})
	s.mirror()
	options, err := s.DeliveryOptions(context.Background(), s.merchant, s.cart(s.line("RED", 1)))
	if kinds := kindsOf(options); err != nil || kinds[acp.Pickup].ID != "" || kinds[acp.Shipping].ID == "" {
		t.Errorf("without read_locations: %+v %v", options, err)
	}
}

func TestDeliveryOptionsInAnotherCurrencyAreNotBelieved(t *testing.T) {
	c, _, _ := run(t, func(w http.ResponseWriter, r *http.Request) {
		body(200, `{"data":{"draftOrderAvailableDeliveryOptions":{"availableShippingRates":[{"handle":"h","title":"Post",
			"price":{"amount":"5.00","currencyCode":"EUR"}}],"availableLocalDeliveryRates":[],"availableLocalPickupOptions":[]}}}`)(w, r)
	})
	if options, err := c.DeliveryOptions(context.Background(), merchant, oneLine()); acp.KindOf(err) != acp.KindInternal {
		t.Errorf("%+v %v", options, err)
	}
}

// A quote adds up for any cart, however it is delivered, discounted and taxed; TestTotalsOfAnyQuoteAddUp
// carries that on to what an agent reads.
func TestAnyQuoteAddsUp(t *testing.T) {
	for _, currency := range []string{"USD", "JPY", "KWD"} {
		for _, included := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, tax included %t", currency, included), func(t *testing.T) {
				s := openShop(t, func(c *sandbox.Config) {
					c.Settings.Currency, c.Settings.TaxesIncluded = currency, included
					c.Settings.Plus = true // so many questions at once are more than a Standard shop answers
					c.Products[0].Tags = []string{"autumn-sale"}
				})
				s.mirror()
				rapid.Check(t, func(t *rapid.T) { s.checkQuote(t, strings.ToLower(currency)) })
			})
		}
	}
}

func (s *shop) checkQuote(t *rapid.T, currency string) {
	lines := []acp.CartLine{s.line("RED", rapid.Int64Range(1, 60).Draw(t, "red"))}
	if rapid.Bool().Draw(t, "with an e-book") {
		lines = append(lines, s.line("EBOOK", rapid.Int64Range(1, 9).Draw(t, "books")))
	}
	cart := s.cart(lines...)
	cart.Currency = acp.Currency(currency)
	cart.Address.City, cart.Address.PostalCode = "San Francisco", rapid.SampledFrom([]string{"94131", "90001"}).Draw(t, "zip")
	codes := rapid.SampledFrom([]string{"save10", "SHIPFREE", "FIVEOFF", "BIG100", "EXPIRED", "nope"})
	cart.DiscountCodes = rapid.SliceOfNDistinct(codes, 0, 4, rapid.ID[string]).Draw(t, "codes")
	options, err := s.DeliveryOptions(context.Background(), s.merchant, cart)
	if err != nil {
		t.Fatal(err)
	}
	cart.Rate = rapid.SampledFrom(options).Draw(t, "option").ID
	q, err := s.Quote(context.Background(), s.merchant, cart)
	if err != nil {
		t.Fatal(err)
	}
	want := q.Shipping - q.DiscountTotal
	for _, l := range q.Lines {
		want += l.Original
	}
	if !q.TaxesIncluded {
		want += q.Tax
	}
	if q.Total != want || q.Rate != cart.Rate {
		t.Fatalf("parts sum to %d, total %d: %+v", want, q.Total, q)
	}
	told := len(cart.DiscountCodes)
	for _, d := range q.Discounts {
		left := d.Amount
		for _, a := range d.Allocations {
			left -= a.Amount
		}
		if d.Rejected == "" && d.Level != acp.ShippingDiscount && left != 0 {
			t.Fatalf("allocations of %+v leave %d", d, left)
		}
		if d.Code != "" {
			told--
		}
	}
	if told != 0 {
		t.Fatalf("codes %v, told of %+v", cart.DiscountCodes, q.Discounts)
	}
}
