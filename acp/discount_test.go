package acp

import (
	"testing"

	"pgregory.net/rapid"
)

func TestAllocationsAddUpToTheDiscount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuote(t)
		d := Discount{
			Amount: rapid.Int64Range(0, 1e7).Draw(t, "amount"),
			Level:  rapid.SampledFrom([]DiscountLevel{"", LineDiscount, OrderDiscount, ShippingDiscount}).Draw(t, "level"),
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "told") {
			d.Allocations = append(d.Allocations, Allocation{
				Line: rapid.IntRange(-1, len(q.Lines)).Draw(t, "line"), Amount: rapid.Int64Range(-1, d.Amount+int64(i)).Draw(t, "part"),
			})
		}
		q.Discounts = []Discount{d}
		left := d.Amount
		got := allocated(q)[0]
		for _, a := range got.Allocations {
			left -= a.Amount
			if a.Line < 0 || a.Line >= len(q.Lines) || a.Amount <= 0 {
				t.Fatalf("allocation %+v of %d lines", a, len(q.Lines))
			}
		}
		if d.Level == ShippingDiscount && len(got.Allocations) != 0 || d.Level != ShippingDiscount && left != 0 {
			t.Fatalf("%+v leaves %d", got, left)
		}
	})
}

func TestTheShopsOwnAllocationsAreKept(t *testing.T) {
	q := Quote{
		Lines:     []QuotedLine{{Original: 1000, Discounted: 1000}, {Original: 1000, Discounted: 1000}},
		Discounts: []Discount{{Amount: 300, Level: LineDiscount, Allocations: []Allocation{{Line: 0, Amount: 1}, {Line: 1, Amount: 299}}}},
	}
	if got := allocated(q)[0].Allocations; len(got) != 2 || got[0].Amount != 1 || got[1].Amount != 299 {
		t.Errorf("allocations %+v", got)
	}
	q.Discounts[0].Allocations = nil
	q.Lines[1].Discounted = 700
	if got := allocated(q)[0].Allocations; len(got) != 1 || got[0] != (Allocation{Line: 1, Amount: 300}) {
		t.Errorf("a discount of lines falls to the reduced ones: %+v", got)
	}
}
