package acp

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// anyQuote draws a quote whose parts add up the way a shop's do: exclusive
// shops add the tax, inclusive shops contain it.
func anyQuote(t *rapid.T) Quote {
	q := Quote{Currency: rapid.SampledFrom([]Currency{"usd", "jpy", "kwd"}).Draw(t, "currency"), TaxesIncluded: rapid.Bool().Draw(t, "inclusive")}
	var goods, subtotal int64
	for range rapid.IntRange(1, 8).Draw(t, "lines") {
		original := rapid.Int64Range(0, 1e7).Draw(t, "original")
		l := QuotedLine{
			Original: original, Discounted: original - rapid.Int64Range(0, original).Draw(t, "discount"),
			Taxable: rapid.Bool().Draw(t, "taxable"), Shippable: rapid.Bool().Draw(t, "shippable"), Available: true,
		}
		goods += original
		subtotal += l.Discounted
		q.Lines = append(q.Lines, l)
	}
	orderDiscount := rapid.Int64Range(0, subtotal).Draw(t, "order discount")
	q.DiscountTotal = goods - subtotal + orderDiscount
	q.Shipping = rapid.Int64Range(0, 1e5).Draw(t, "shipping")
	q.Total = subtotal - orderDiscount + q.Shipping
	q.Tax = rapid.Int64Range(0, q.Total/4+1).Draw(t, "tax")
	if !q.TaxesIncluded {
		q.Total += q.Tax
	}
	q.Rates = []ShippingRate{{Handle: "post", Amount: q.Shipping + rapid.Int64Range(0, 500).Draw(t, "off shipping")}}
	q.Discounts = []Discount{{Code: "A", Amount: orderDiscount, Level: OrderDiscount}, {Code: "B", Amount: goods - subtotal, Level: LineDiscount}}
	q.Rate = rapid.SampledFrom([]string{"", "post", "shop", "courier"}).Draw(t, "rate")
	q.RateAmount = q.Shipping
	return q
}

func TestTotalsOfAnyQuoteAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuote(t)
		s := Session{Lines: make([]Line, len(q.Lines))}
		for i := range s.Lines {
			s.Lines[i].ID = fmt.Sprintf("li_%d", i)
		}
		s.apply(q, Merchant{Profile: Profile{TaxShipping: rapid.Bool().Draw(t, "tax shipping")}},
			optionsOf(q, []FulfillmentOption{{ID: "shop", Kind: Pickup}, {ID: "courier", Kind: LocalDelivery, Amount: 1}}), q.Rate)
		if s.Totals.Fee != 0 {
			t.Fatalf("a consistent quote left a fee of %d: %+v", s.Totals.Fee, s.Totals)
		}
		if s.Totals.Sum() != q.Total || s.Totals.Total != q.Total {
			t.Fatalf("parts sum to %d, the shop charges %d", s.Totals.Sum(), q.Total)
		}
		served := map[string]int{}
		for _, sel := range s.Selections() {
			for _, id := range sel.Lines {
				served[id]++
			}
		}
		for _, l := range s.Lines {
			_, chosen := s.SelectedKind()
			if want := map[bool]int{true: 1}[!l.Shippable || chosen]; served[l.ID] != want {
				t.Fatalf("line %+v is fulfilled %d times, want %d: %+v", l, served[l.ID], want, s.Selections())
			}
		}
		var base, discount, tax int64
		for _, l := range s.Lines {
			base, discount, tax = base+l.Base, discount+l.Discount, tax+l.Tax
			if l.Total() != l.Base-l.Discount+l.Tax {
				t.Fatalf("line does not add up: %+v", l)
			}
		}
		if base != s.Totals.ItemsBase || discount != s.Totals.ItemsDiscount || tax > s.Totals.Tax {
			t.Fatalf("lines (%d, %d, %d) disagree with the session %+v", base, discount, tax, s.Totals)
		}
	})
}

func TestWhatTheShopAddsBeyondItsPartsIsShownAsAFee(t *testing.T) {
	q := Quote{Lines: []QuotedLine{{Original: 1000, Discounted: 1000}}, Total: 1050}
	totals, _ := totalsOf(q, false)
	if totals.Fee != 50 || totals.Sum() != 1050 {
		t.Errorf("totals = %+v; want a fee of 50", totals)
	}
}

func TestEveryStatusHasItsTransitions(t *testing.T) {
	all := []Status{NotReady, Ready, Escalated, Authenticating, InProgress, PendingApproval, Completed, Canceled, Expired}
	allowed := 0
	for _, from := range all {
		for _, to := range all {
			if from.CanBecome(to) {
				allowed++
			}
		}
	}
	if allowed != 30 {
		t.Errorf("%d transitions are allowed; the table was changed, so look again at what it means for money", allowed)
	}
	for _, final := range []Status{Completed} {
		for _, to := range all {
			if final.CanBecome(to) {
				t.Errorf("%s is final but can become %s", final, to)
			}
		}
	}
	if Ready.CanBecome(Completed) {
		t.Error("a session can be completed without complete_in_progress, which is the lock against charging twice")
	}
}
