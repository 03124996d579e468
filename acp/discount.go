package acp

// Discount is a code or an automatic discount that was applied, or a code that
// was not (Rejected non-empty, one of the protocol's discount error codes).
type Discount struct {
	Code        string
	Title       string
	Amount      int64
	Automatic   bool
	Level       DiscountLevel
	Allocations []Allocation // add up to Amount; none for shipping discounts
	Rejected    string
	Reason      string
}

// DiscountLevel tells what a discount is taken off.
type DiscountLevel string

// The levels of discounts.
const (
	LineDiscount     DiscountLevel = "line"
	OrderDiscount    DiscountLevel = "order"
	ShippingDiscount DiscountLevel = "shipping"
)

// Allocation is the part of a discount that falls to one line, in minor units.
type Allocation struct {
	Line   int // index into the session's lines
	Amount int64
}

// allocated gives every applied discount allocations that add up to its amount
// exactly (discount extension, applied_discount.allocations). The shop's own
// are kept when they do; otherwise the amount is spread by what the shop said
// of it, or else by what the lines cost, by largest remainder.
func allocated(q Quote) []Discount {
	list := make([]Discount, len(q.Discounts))
	for i, d := range q.Discounts {
		if d.Rejected != "" || d.Level == ShippingDiscount || d.Amount <= 0 {
			d.Allocations = nil
		} else {
			d.Allocations = spread(d, q.Lines)
		}
		list[i] = d
	}
	return list
}

func spread(d Discount, lines []QuotedLine) []Allocation {
	told, reduced, prices := make([]int64, len(lines)), make([]int64, len(lines)), make([]int64, len(lines))
	for _, a := range d.Allocations {
		if a.Line >= 0 && a.Line < len(lines) {
			told[a.Line] += max(a.Amount, 0)
		}
	}
	for i, l := range lines {
		prices[i] = l.Discounted
		if d.Level == LineDiscount {
			reduced[i] = l.Original - l.Discounted
		}
	}
	for _, weights := range [][]int64{told, reduced, prices} {
		if positive(weights) {
			return allocations(Allocate(d.Amount, weights))
		}
	}
	return allocations(Allocate(d.Amount, prices))
}

func positive(weights []int64) bool {
	for _, w := range weights {
		if w > 0 {
			return true
		}
	}
	return false
}

func allocations(parts []int64) []Allocation {
	var list []Allocation
	for i, part := range parts {
		if part > 0 {
			list = append(list, Allocation{Line: i, Amount: part})
		}
	}
	return list
}
