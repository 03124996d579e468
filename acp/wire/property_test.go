package wire_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
)

const maxAmount = int64(1) << 40

// anySession draws a session whose amounts fit together as the domain
// promises: base, discount and tax of the order are the sums of its lines and
// shipping, and the total is whatever the shop said, the rest being a fee.
func anySession(t *rapid.T) acp.Session {
	s := acp.Session{
		ID: "cs_1", Currency: rapid.SampledFrom([]acp.Currency{"jpy", "usd", "eur", "kwd"}).Draw(t, "currency"),
		Status: rapid.SampledFrom([]acp.Status{
			acp.NotReady, acp.Ready, acp.Escalated, acp.Authenticating, acp.InProgress, acp.PendingApproval, acp.Completed, acp.Canceled, acp.Expired,
		}).Draw(t, "status"),
		Metadata:  rapid.SampledFrom([][]byte{nil, []byte(`{}`), []byte(`{"a":{"b":[1]}}`)}).Draw(t, "metadata"),
		Challenge: challengedSession().Challenge,
		CreatedAt: time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "created"), 0), ExpiresAt: noon,
	}
	for i := range rapid.IntRange(1, 5).Draw(t, "lines") {
		l := anyLine(t, i)
		s.Lines = append(s.Lines, l)
		s.Totals.ItemsBase += l.Base
		s.Totals.ItemsDiscount += l.Discount
		s.Totals.Tax += l.Tax
	}
	s.Buyer = rapid.SampledFrom([]*acp.Buyer{
		nil,
		{},
		{Email: "ada@example.com"},
		{Email: "ada@example.com", FullName: "Ada King Lovelace"},
		{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"},
	}).Draw(t, "buyer")
	anyDelivery(t, &s)
	anyDiscounts(t, &s)
	s.Totals.Tax += rapid.Int64Range(0, 1000).Draw(t, "shipping tax")
	s.Totals.Fee = rapid.Int64Range(-5, 5).Draw(t, "fee")
	s.Totals.Total = s.Totals.Sum()
	if rapid.Bool().Draw(t, "broken down") {
		half := s.Totals.Tax / 2
		rates := rapid.SampledFrom([]string{"0.0725", "0", "19", ".07", "007", "7 %", "", "NaN", "1e-2"})
		s.Totals.TaxParts = []acp.TaxPart{
			{Title: "A", Rate: rates.Draw(t, "rate"), Amount: half},
			{Title: "B", Rate: rates.Draw(t, "other rate"), Amount: s.Totals.Tax - half},
		}
	}
	anyOrder(t, &s)
	return s
}

func anyLine(t *rapid.T, i int) acp.Line {
	base := rapid.Int64Range(0, maxAmount).Draw(t, "base")
	l := acp.Line{
		ID: fmt.Sprintf("li_%d", i), Item: acp.ItemID(fmt.Sprint(i)), Title: rapid.String().Draw(t, "title"),
		ImageURL: rapid.SampledFrom([]string{"", "https://cdn.example.com/ü b.png", "://", "ftp://x/y"}).Draw(t, "image"),
		Quantity: rapid.Int64Range(1, acp.MaxQuantity).Draw(t, "quantity"), UnitAmount: base, Base: base,
		Discount: rapid.Int64Range(0, base).Draw(t, "discount"), Tax: rapid.Int64Range(0, maxAmount).Draw(t, "tax"),
		Shippable: rapid.Bool().Draw(t, "shippable"),
		Availability: rapid.SampledFrom([]acp.Availability{
			"", acp.InStock, acp.LowStock, acp.OutOfStock, acp.Backorder,
		}).Draw(t, "availability"),
	}
	if rapid.Bool().Draw(t, "counted") {
		stock := rapid.Int64Range(-10, 10).Draw(t, "stock")
		l.Stock = &stock
	}
	return l
}

func anyDelivery(t *rapid.T, s *acp.Session) {
	kinds := []acp.FulfillmentKind{acp.Shipping, acp.LocalDelivery, acp.Pickup, acp.Digital}
	for i, kind := range rapid.SliceOfN(rapid.SampledFrom(kinds), 0, 4).Draw(t, "delivery") {
		o := acp.FulfillmentOption{
			ID: fmt.Sprintf("%s-%d", kind, i), Title: "Rate", Kind: kind, Amount: rapid.Int64Range(0, maxAmount).Draw(t, "shipping"),
		}
		if kind == acp.Pickup {
			o.Location = &acp.PickupLocation{Name: "Shop", Address: acp.Address{Country: "US"}}
		}
		s.Options = append(s.Options, o)
	}
	if len(s.Options) == 0 {
		return
	}
	chosen := rapid.SampledFrom(s.Options).Draw(t, "chosen")
	s.Selected, s.Totals.Fulfillment = chosen.ID, chosen.Amount
	s.Fulfillment = &acp.FulfillmentDetails{Address: &acp.Address{Country: "US", Company: "Engines"}}
}

func anyDiscounts(t *rapid.T, s *acp.Session) {
	s.Totals.Discount = rapid.Int64Range(0, s.Totals.Subtotal()).Draw(t, "order discount")
	for i := range rapid.IntRange(0, 3).Draw(t, "codes") {
		d := acp.Discount{Code: fmt.Sprintf("CODE%d", i), Amount: rapid.Int64Range(-1, 100).Draw(t, "worth")}
		d.Rejected = rapid.SampledFrom([]string{"", "discount_code_expired", "made_up"}).Draw(t, "rejected")
		d.Level = rapid.SampledFrom([]acp.DiscountLevel{"", acp.LineDiscount, acp.OrderDiscount, acp.ShippingDiscount}).Draw(t, "level")
		if d.Amount > 0 {
			d.Allocations = []acp.Allocation{{Line: 0, Amount: d.Amount}}
		}
		s.DiscountCodes = append(s.DiscountCodes, d.Code)
		s.Discounts = append(s.Discounts, d)
		s.Messages = append(s.Messages, acp.Message{
			Type: rapid.SampledFrom([]acp.MessageType{acp.Info, acp.Warning, acp.Problem}).Draw(t, "weight"),
			Code: d.Rejected, Content: rapid.String().Draw(t, "content"),
		})
	}
}

func anyOrder(t *rapid.T, s *acp.Session) {
	if s.Status != acp.Completed {
		return
	}
	o := placedOrder()
	o.Totals, o.Currency = s.Totals, s.Currency
	o.Refunded = rapid.Int64Range(0, 100).Draw(t, "refunded")
	o.Lines[0].Current = rapid.Int64Range(-1, 2).Draw(t, "current")
	s.Order = &o
}

func TestAnySessionIsValidAndAddsUpInEveryVersion(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := anySession(r)
		view := wire.View{
			Session: s, Merchant: demoMerchant(), Handlers: []acp.PaymentHandler{{ID: "h", PSP: "stripe"}},
			ContinueURL: rapid.SampledFrom([]string{"", "https://app.example.com/c/t"}).Draw(r, "continue"),
		}
		for _, version := range wire.Supported() {
			body, err := wire.EncodeSession(version, view)
			if err != nil {
				r.Fatal(err)
			}
			validSession(r, version, body)
			sumsUp(r, s, body)
		}
	})
}

// sumsUp checks the amounts of a session in whatever shape they have.
func sumsUp(r *rapid.T, s acp.Session, body []byte) {
	var shown struct {
		Totals []total `json:"totals"`
		Lines  []struct {
			Totals   []total `json:"totals"`
			Base     int64   `json:"base_amount"`
			Discount int64   `json:"discount"`
			Subtotal int64   `json:"subtotal"`
			Tax      int64   `json:"tax"`
			Total    int64   `json:"total"`
		} `json:"line_items"`
		Order *struct {
			Totals []total `json:"totals"`
		} `json:"order"`
	}
	if err := json.Unmarshal(body, &shown); err != nil {
		r.Fatal(err)
	}
	addsUp(r, shown.Totals, s.Totals.Total)
	for i, l := range shown.Lines {
		if l.Totals == nil { // before 2026-01-30
			l.Totals = []total{
				{"items_base_amount", l.Base},
				{"items_discount", l.Discount},
				{"subtotal", l.Subtotal},
				{"tax", l.Tax},
				{"total", l.Total},
			}
		}
		addsUp(r, l.Totals, s.Lines[i].Total())
	}
	if (shown.Order != nil) != (s.Status == acp.Completed) {
		r.Fatalf("order of a session that is %s: %v", s.Status, shown.Order)
	}
	if shown.Order != nil && shown.Order.Totals != nil {
		addsUp(r, shown.Order.Totals, s.Totals.Total)
	}
}

type total struct {
	Type   string `json:"type"`
	Amount int64  `json:"amount"`
}

// addsUp checks the identities that agents check.
func addsUp(t *rapid.T, totals []total, want int64) {
	by := map[string]int64{}
	for _, entry := range totals {
		if _, twice := by[entry.Type]; twice {
			t.Fatalf("%s comes twice", entry.Type)
		}
		by[entry.Type] = entry.Amount
	}
	if by["subtotal"] != by["items_base_amount"]-by["items_discount"] {
		t.Fatalf("subtotal: %v", by)
	}
	sum := by["subtotal"] - by["discount"] + by["fulfillment"] + by["tax"] + by["fee"]
	if by["total"] != sum || by["total"] != want {
		t.Fatalf("total: %v, want %d", by, want)
	}
}
