package shopify_test

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	sandbox "github.com/acp-bridge/acp-bridge/sandbox/shopify"
	"github.com/acp-bridge/acp-bridge/shopify"
)

func TestPaymentTakenElsewhereIsRecordedOnce(t *testing.T) {
	for _, fault := range []string{"", "drop_after", "throttle"} {
		s := openShop(t, nil)
		s.mirror()
		o, p := s.order()
		if fault != "" {
			s.fault("orderCreateManualPayment", fault)
		}
		s.must(s.RecordPayment(context.Background(), s.merchant, p))
		s.must(s.RecordPayment(context.Background(), s.merchant, p))
		o, err := s.Order(context.Background(), s.merchant, o.ID)
		if err != nil || !o.Paid || o.Status != acp.OrderConfirmed {
			t.Errorf("%s: %+v %v", fault, o, err)
		}
		r := <-s.webhooks
		body, _ := io.ReadAll(r.Body)
		if err := testApp.VerifyWebhook(body, r.Header.Get("X-Shopify-Hmac-Sha256")); err != nil {
			t.Error(err)
		}
		if news, err := shopify.ParseWebhook(r.Header.Get("X-Shopify-Topic"), body); err != nil || news.Order != o.ID {
			t.Errorf("%+v %v", news, err)
		}
	}
}

func TestAnOrderThatTheBuyerPaidInShopifyIsNotTakenForRecorded(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	o, p := s.order()
	s.do(o.ID, "pay", `{"online":true}`)
	wantKind(t, s.RecordPayment(context.Background(), s.merchant, p), acp.KindState)
	money, err := s.OrderMoney(context.Background(), s.merchant, p)
	if err != nil || !money.InShop {
		t.Errorf("%+v %v", money, err)
	}
	balances, err := s.OrderBalances(context.Background(), s.merchant, []string{o.ID})
	if err != nil || !balances[o.ID].Paid || !acp.PaidInShop(balances[o.ID].Sales, p) {
		t.Errorf("%+v %v", balances, err)
	}
}

// A shop may take the money only when it ships.
func TestAnOrderThatTheBuyerIsAboutToPayInShopifyIsNotRecorded(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	o, p := s.order()
	s.do(o.ID, "pay", `{"authorized":true}`)
	wantKind(t, s.RecordPayment(context.Background(), s.merchant, p), acp.KindState)
	if read, err := s.Order(context.Background(), s.merchant, o.ID); err != nil || read.Paid || !acp.PaidInShop(read.Sales, p) {
		t.Errorf("%+v %v", read, err)
	}
	if b, err := s.OrderBalances(context.Background(), s.merchant, []string{o.ID}); err != nil || !acp.PaidInShop(b[o.ID].Sales, p) {
		t.Errorf("%+v %v", b, err)
	}
}

// What was given back counts for nothing.
func TestAnOrderWhosePaymentInShopifyWasGivenBackIsNotPaidThere(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	o, p := s.order()
	s.do(o.ID, "pay", `{"online":true}`)
	s.do(o.ID, "refund")
	if read, err := s.Order(context.Background(), s.merchant, o.ID); err != nil || acp.PaidInShop(read.Sales, p) {
		t.Errorf("%+v %v", read, err)
	}
}

func TestPaymentOfAnotherAmountIsNotRecorded(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	_, p := s.order()
	p.Amount.Amount--
	wantKind(t, s.RecordPayment(context.Background(), s.merchant, p), acp.KindInternal)
}

func TestLostAnswerToCreatingIsFoundByReference(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	cart := s.cart(s.line("RED", 1))
	s.fault("draftOrderCreate", "drop_after")
	_, err := s.CreateDraft(context.Background(), s.merchant, acp.DraftOrder{Cart: cart, Session: "cs_1", Reference: "acp-1-1"})
	wantKind(t, err, acp.KindUnknown)
	<-s.clock.After(time.Minute) // the search index lags
	d, err := s.FindDraft(context.Background(), s.merchant, "acp-1-1")
	s.must(err)
	s.must(s.DeleteDraft(context.Background(), s.merchant, d.ID))
	_, err = s.Draft(context.Background(), s.merchant, d.ID)
	wantKind(t, err, acp.KindNotFound)
	s.must(s.DeleteDraft(context.Background(), s.merchant, d.ID))
}

func TestLostAnswerToCompletingLeavesOneOrder(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	d := s.draft("RED", "acp-1-1")
	s.fault("draftOrderComplete", "drop_after")
	_, err := s.CompleteDraft(context.Background(), s.merchant, d.ID)
	wantKind(t, err, acp.KindUnknown)
	first, err := s.CompleteDraft(context.Background(), s.merchant, d.ID)
	s.must(err)
	found, err := s.Draft(context.Background(), s.merchant, d.ID)
	if err != nil || found.OrderID != first.OrderID {
		t.Errorf("%+v %v", found, err)
	}
}

func TestWhatTheShopRefusesIsRefused(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	ctx := context.Background()
	_, err := s.Quote(ctx, s.merchant, s.cart(acp.CartLine{VariantID: "gid://shopify/ProductVariant/1", Quantity: 1}))
	wantKind(t, err, acp.KindRefused)
	q, err := s.Quote(ctx, s.merchant, s.cart(s.line("BLUE", 1)))
	if err != nil || q.Lines[0].Available {
		t.Errorf("%+v %v", q, err)
	}
	abroad := s.cart(s.line("RED", 1))
	abroad.Address = &acp.Address{Name: "A B", LineOne: "1", City: "Pyongyang", Country: "KP"}
	if q, err = s.Quote(ctx, s.merchant, abroad); err != nil || len(q.Rates) != 0 {
		t.Errorf("%+v %v", q, err)
	}
	_, err = s.Order(ctx, s.merchant, "gid://shopify/Order/1")
	wantKind(t, err, acp.KindNotFound)
}

func TestEveryFaultOfPricingEndsInAnError(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	cart := s.cart(s.line("RED", 1))
	for mode, want := range map[string]acp.Kind{"drop_before": "", "drop_after": "", "http_500": "", "throttle": "", "garbage": "", "user_error": acp.KindRefused} {
		s.fault("draftOrderCalculate", mode)
		_, err := s.Quote(context.Background(), s.merchant, cart)
		if got := acp.KindOf(err); got != want {
			t.Errorf("%s: %q %v", mode, got, err)
		}
	}
}

func TestTokenOfAnHourIsRenewedOnTheWay(t *testing.T) {
	s := openShop(t, nil)
	<-s.clock.After(2 * time.Hour)
	if _, err := s.Profile(context.Background(), s.merchant); err != nil {
		t.Error(err)
	}
}

func TestCanceledOrderTellsSo(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	o, _ := s.order()
	s.must(s.CancelOrder(context.Background(), s.merchant, o.ID, "the payment was lost"))
	<-s.clock.After(time.Minute)
	o, err := s.Order(context.Background(), s.merchant, o.ID)
	if err != nil || o.Status != acp.OrderCanceled || len(o.Adjustments) == 0 {
		t.Errorf("%+v %v", o, err)
	}
	s.must(s.CancelOrder(context.Background(), s.merchant, o.ID, ""))
}

func TestParcelsAndRefundsOfAnOrderAreTold(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	ctx := context.Background()
	o, p := s.order()
	s.must(s.RecordPayment(ctx, s.merchant, p))
	s.do(o.ID, "fulfill")
	o, err := s.Order(ctx, s.merchant, o.ID)
	s.must(err)
	line := []acp.LineQuantity{{Line: o.Lines[0].ID, Quantity: 1}}
	if o.Status != acp.OrderFulfilled || o.Lines[0].Fulfilled != 1 || len(o.Fulfillments) != 1 {
		t.Fatalf("%+v", o)
	}
	if f := o.Fulfillments[0]; f.Kind != acp.Shipping || f.Status != "shipped" || f.Carrier != "UPS" || f.TrackingURL == "" ||
		!slices.Equal(f.Lines, line) || len(f.Events) != 1 {
		t.Errorf("parcel %+v", f)
	}
	charged := o.Totals.Total
	s.do(o.ID, "refund")
	o, err = s.Order(ctx, s.merchant, o.ID)
	s.must(err)
	if !o.Paid || o.Refunded != charged || o.Totals.Total != charged || len(o.Adjustments) != 1 {
		t.Fatalf("%+v", o)
	}
	if a := o.Adjustments[0]; a.Type != "refund" || a.Status != "completed" || a.Amount != charged || !slices.Equal(a.Lines, line) {
		t.Errorf("refund %+v", a)
	}
}

func TestQuoteHoldsInShopsWithOtherTaxesAndCurrencies(t *testing.T) {
	for name, settings := range map[string]sandbox.Settings{
		"tax included": {Currency: "EUR", Country: "DE", TaxesIncluded: true},
		"no decimals":  {Currency: "JPY", Country: "JP", TaxesIncluded: true},
		"tax added":    {Currency: "USD", Country: "US"},
	} {
		t.Run(name, func(t *testing.T) {
			s := openShop(t, func(c *sandbox.Config) { c.Settings = settings })
			s.mirror()
			if red := s.variants["RED"]; red.Price != 2500 {
				t.Fatalf("price %d", red.Price)
			}
			cart := s.cart(s.line("RED", 2), s.line("EBOOK", 1))
			cart.Address = &acp.Address{Name: "A B", LineOne: "1", City: "X", Country: settings.Country, PostalCode: "12345", State: map[string]string{"US": "CA"}[settings.Country]}
			q, err := s.Quote(context.Background(), s.merchant, cart)
			s.must(err)
			cart.Rate = q.Rates[0].Handle
			q, err = s.Quote(context.Background(), s.merchant, cart)
			s.must(err)
			sum := q.Shipping - q.DiscountTotal
			for _, l := range q.Lines {
				sum += l.Original
			}
			if !q.TaxesIncluded {
				sum += q.Tax
			}
			if sum != q.Total || q.Currency.Upper() != settings.Currency || q.Tax == 0 || q.TaxesIncluded != settings.TaxesIncluded {
				t.Errorf("parts sum to %d: %+v", sum, q)
			}
			d, err := s.CreateDraft(context.Background(), s.merchant, acp.DraftOrder{Cart: cart, Session: "cs_1", Reference: "acp-1-1"})
			s.must(err)
			d, err = s.CompleteDraft(context.Background(), s.merchant, d.ID)
			s.must(err)
			o, err := s.Order(context.Background(), s.merchant, d.OrderID)
			if err != nil || o.Totals.Total != q.Total || o.Totals.Sum() != q.Total || o.Totals.Fee != 0 || !o.Paid {
				t.Errorf("%+v %v", o, err)
			}
			// The parts are those of a session: goods and shipping each without
			// the tax that is in them.
			goods, tax := int64(0), int64(0)
			for _, l := range o.Lines {
				goods, tax = goods+l.Subtotal, tax+l.Tax
			}
			shippingTax := o.Totals.Tax - tax
			if goods != o.Totals.Subtotal() || shippingTax <= 0 || settings.TaxesIncluded && o.Totals.Fulfillment+shippingTax != q.Shipping {
				t.Errorf("goods %d, tax on goods %d, totals %+v, shipping quoted at %d", goods, tax, o.Totals, q.Shipping)
			}
		})
	}
}

func TestLargeOrdersLoseNoLine(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	var lines []acp.CartLine
	for sku := range s.variants {
		if strings.HasPrefix(sku, "B-") {
			lines = append(lines, s.line(sku, 1))
		}
	}
	cart := s.cart(lines...)
	d, err := s.CreateDraft(context.Background(), s.merchant, acp.DraftOrder{Cart: cart, Session: "cs_1", Reference: "acp-1-1"})
	s.must(err)
	d, err = s.CompleteDraft(context.Background(), s.merchant, d.ID)
	s.must(err)
	s.do(d.OrderID, "fulfill")
	s.do(d.OrderID, "refund")
	o, err := s.Order(context.Background(), s.merchant, d.OrderID)
	s.must(err)
	if len(o.Lines) != 120 || len(o.Fulfillments[0].Lines) != 120 || len(o.Adjustments[0].Lines) != 120 {
		t.Errorf("%d lines, %d fulfilled, %d refunded", len(o.Lines), len(o.Fulfillments[0].Lines), len(o.Adjustments[0].Lines))
	}
}
