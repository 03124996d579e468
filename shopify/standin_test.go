package shopify_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/acp-bridge/acp-bridge/acp"
)

func TestInstallingReadsTheShop(t *testing.T) {
	s := openShop(t, nil)
	if s.grant.RefreshToken.Empty() || !s.grant.ExpiresAt.Equal(noon.Add(time.Hour)) {
		t.Errorf("grant %+v", s.grant)
	}
	if p := s.merchant.Profile; p.Currency != "usd" || p.Country != "US" || p.Name == "" || !strings.HasPrefix(p.StorefrontURL, "http") {
		t.Errorf("profile %+v", p)
	}
}

func TestExportAndRefetchGiveTheSameRecords(t *testing.T) {
	s := openShop(t, nil)
	exported := s.mirror()
	var products []string
	for _, r := range exported {
		if r.Product != nil {
			products = append(products, r.Product.ID)
		}
	}
	refetched, missing, err := s.Refetch(context.Background(), s.merchant, append(products, "gid://shopify/Product/1"))
	s.must(err)
	if !slices.Equal(missing, []string{"gid://shopify/Product/1"}) {
		t.Errorf("missing %v", missing)
	}
	byID := func(records []acp.Record) map[string]acp.Record {
		m := map[string]acp.Record{}
		for _, r := range records {
			switch {
			case r.Product != nil:
				m[r.Product.ID] = r
			case r.Variant != nil:
				m[r.Variant.ID] = r
			default:
				m[r.Media.ID] = r
			}
		}
		return m
	}
	if diff := cmp.Diff(byID(exported), byID(refetched)); diff != "" {
		t.Error(diff)
	}
	red := s.variants["RED"]
	if red.Price != 2500 || red.CompareAt != 3000 || red.GTIN != "4006381333931" || red.WeightGrams != 120 || *red.Stock != 5 || !red.Shippable {
		t.Errorf("red %+v", red)
	}
	if s.variants["BLUE"].Availability != acp.OutOfStock || s.variants["EBOOK"].Stock != nil || s.variants["EBOOK"].Title != "" {
		t.Errorf("blue %+v, e-book %+v", s.variants["BLUE"], s.variants["EBOOK"])
	}
}

func TestQuoteIsWhatTheOrderCosts(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	ctx := context.Background()
	cart := s.cart(s.line("EBOOK", 1), s.line("RED", 2))
	cart.DiscountCodes = []string{"SAVE10", "nonsense"}
	q, err := s.Quote(ctx, s.merchant, cart)
	s.must(err)
	if len(q.Rates) < 2 || len(q.Lines) != 2 || q.Lines[0].VariantID != cart.Lines[0].VariantID || q.Lines[0].Stock != nil ||
		*q.Lines[1].Stock != 5 || q.Lines[1].Unit != 2500 || q.Lines[1].Original != 5000 {
		t.Fatalf("quote %+v", q)
	}
	cart.Rate = q.Rates[1].Handle
	q, err = s.Quote(ctx, s.merchant, cart)
	s.must(err)
	if q.Rate != cart.Rate || q.Shipping == 0 || q.Tax == 0 || q.DiscountTotal != 590 {
		t.Errorf("quote %+v", q)
	}
	rejected := slices.IndexFunc(q.Discounts, func(d acp.Discount) bool { return d.Rejected != "" })
	if rejected < 0 || q.Discounts[rejected].Code != "nonsense" {
		t.Errorf("discounts %+v", q.Discounts)
	}
	d, err := s.CreateDraft(ctx, s.merchant, acp.DraftOrder{Cart: cart, Session: "cs_1", Reference: "acp-1-1", PaidElsewhere: true, HoldStock: noon.Add(time.Hour)})
	s.must(err)
	if d.Ready {
		t.Error("a new draft is calculated later")
	}
	d, err = s.AwaitDraft(ctx, s.merchant, d.ID)
	s.must(err)
	if d.Total != (acp.Money{Amount: q.Total, Currency: "usd"}) {
		t.Errorf("draft costs %s, quoted %d", d.Total, q.Total)
	}
	d, err = s.CompleteDraft(ctx, s.merchant, d.ID)
	s.must(err)
	o, err := s.Order(ctx, s.merchant, d.OrderID)
	s.must(err)
	if o.Session != "cs_1" || o.Paid || o.Status != acp.OrderCreated || o.Totals.Total != q.Total || o.Totals.Sum() != q.Total || o.Totals.Fee != 0 ||
		o.Totals.Fulfillment != q.Shipping || o.Totals.Tax != q.Tax || len(o.Lines) != 2 || o.Lines[1].Ordered != 2 || o.Email != "buyer@example.com" {
		t.Errorf("order %+v", o)
	}
	again, err := s.CompleteDraft(ctx, s.merchant, d.ID)
	if err != nil || again.OrderID != d.OrderID {
		t.Errorf("completing again: %+v %v", again, err)
	}
	wantKind(t, s.DeleteDraft(ctx, s.merchant, d.ID), acp.KindRefused)
}

func TestLinesOfAQuoteKeepTheirPlace(t *testing.T) {
	s := openShop(t, nil)
	s.mirror()
	q, err := s.Quote(context.Background(), s.merchant, s.cart(s.line("RED", 1), s.line("EBOOK", 1), s.line("RED", 3)))
	s.must(err)
	if q.Lines[0].Original != 2500 || q.Lines[1].Original != 900 || q.Lines[2].Original != 7500 {
		t.Errorf("lines %+v", q.Lines)
	}
	if q, err = s.Quote(context.Background(), s.merchant, s.cart(s.line("PROTO", 1))); acp.KindOf(err) != acp.KindRefused && (err != nil || q.Lines[0].Available) {
		t.Errorf("a draft product is for sale: %+v %v", q, err)
	}
}
