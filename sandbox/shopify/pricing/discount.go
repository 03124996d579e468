package pricing

import (
	"slices"
	"strings"
	"time"
)

// Code is a discount code of the shop. Exactly one of PPM, Amount and FreeShipping counts.
type Code struct {
	Code         string
	Title        string
	PPM          int64 // share of the merchandise
	Amount       int64 // minor units off the merchandise
	FreeShipping bool
	MinSubtotal  int64     // minor units of merchandise below which it does not apply
	EndsAt       time.Time // zero: never
}

// Automatic takes a share off every line whose product has the tag.
type Automatic struct {
	Title string
	Tag   string
	PPM   int64
}

// Reasons of a Warning.
const (
	ReasonNotFound    = "NOT_FOUND"
	ReasonExpired     = "EXPIRED"
	ReasonMinimum     = "MINIMUM_SUBTOTAL_NOT_MET"
	ReasonCombination = "COMBINATION_NOT_ALLOWED"
	ReasonNoShipping  = "NO_SHIPPING_TO_DISCOUNT"
)

// DefaultCodes are the demo shop's: SAVE10, SHIPFREE, FIVEOFF, BIG100 (15 % from 100.00) and EXPIRED.
func DefaultCodes(currency string) []Code {
	return []Code{
		{Code: "SAVE10", Title: "10% off", PPM: 100_000},
		{Code: "SHIPFREE", Title: "Free shipping", FreeShipping: true},
		{Code: "FIVEOFF", Title: "5 off", Amount: Scaled(500, currency)},
		{Code: "BIG100", Title: "15% off from 100", PPM: 150_000, MinSubtotal: Scaled(10_000, currency)},
		{Code: "EXPIRED", Title: "Last year's sale", PPM: 200_000, EndsAt: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)},
	}
}

func (d Discount) on(amount, units int64) int64 {
	if d.PPM > 0 {
		return share(amount, d.PPM, Million)
	}
	return min(d.Amount*units, amount)
}

func (q *Quote) discountLines(shop Shop, cart Cart) {
	q.Lines = make([]QuotedLine, len(cart.Lines))
	for i, l := range cart.Lines {
		q.Lines[i].Original = l.Unit * l.Quantity
		if l.Discount != nil {
			q.Lines[i].LineDiscount = l.Discount.on(q.Lines[i].Original, l.Quantity)
		}
	}
	if !cart.AcceptAutomatic {
		return
	}
	for _, a := range shop.Automatic {
		q.automatic(a, cart)
	}
}

func (q *Quote) automatic(a Automatic, cart Cart) {
	applied := Applied{Title: a.Title, Automatic: true, Lines: make([]int64, len(cart.Lines))}
	for i, l := range cart.Lines {
		if !slices.Contains(l.Tags, a.Tag) {
			continue
		}
		off := Discount{PPM: a.PPM}.on(q.Lines[i].Original-q.Lines[i].LineDiscount, l.Quantity)
		q.Lines[i].LineDiscount += off
		applied.Lines[i] = off
		applied.Amount += off
	}
	if applied.Amount > 0 {
		q.Applied = append(q.Applied, applied)
	}
}

// discountOrder applies the order's own discount and the codes. Only one merchandise code
// counts, the first that is eligible; a shipping code combines with it. Whether and how
// codes combine is set per discount at Shopify; not combining is the harsher reading.
func (q *Quote) discountOrder(shop Shop, cart Cart) {
	if cart.OrderDiscount != nil {
		q.OrderDiscount = q.takeOff(cart.OrderDiscount.on(q.net(), 1), nil)
	}
	taken := false
	for _, typed := range uniqueCodes(cart.Codes) {
		code, reason := eligible(shop, cart, typed, q.LinesSubtotal)
		switch {
		case reason != "":
			q.warn(typed, reason)
		case code.FreeShipping:
			q.freeShipping(code)
		case taken:
			q.warn(typed, ReasonCombination)
		default:
			taken = true
			applied := Applied{Code: code.Code, Title: code.Title, Lines: make([]int64, len(q.Lines))}
			applied.Amount = q.takeOff(Discount{PPM: code.PPM, Amount: code.Amount}.on(q.net(), 1), applied.Lines)
			q.Applied = append(q.Applied, applied)
		}
	}
}

func eligible(shop Shop, cart Cart, typed string, subtotal int64) (Code, string) {
	i := slices.IndexFunc(shop.Codes, func(c Code) bool { return strings.EqualFold(c.Code, typed) })
	if i < 0 {
		return Code{}, ReasonNotFound
	}
	code := shop.Codes[i]
	switch {
	case !code.EndsAt.IsZero() && cart.Now.After(code.EndsAt):
		return code, ReasonExpired
	case subtotal < code.MinSubtotal:
		return code, ReasonMinimum
	case code.FreeShipping && !needsShipping(cart):
		return code, ReasonNoShipping
	}
	return code, ""
}

func (q *Quote) freeShipping(code Code) {
	applied := Applied{Code: code.Code, Title: code.Title, Shipping: true, Lines: make([]int64, len(q.Lines))}
	if q.Shipping != nil {
		applied.Amount = q.Shipping.Net
		q.Shipping.Net = 0
	}
	q.Applied = append(q.Applied, applied)
}

// takeOff spreads an amount over the lines by what they still cost and adds its parts to record.
func (q *Quote) takeOff(amount int64, record []int64) int64 {
	weights := make([]int64, len(q.Lines))
	for i, l := range q.Lines {
		weights[i] = l.Net()
	}
	var taken int64
	for i, part := range Apportion(amount, weights) {
		q.Lines[i].OrderDiscount += part
		taken += part
		if record != nil {
			record[i] += part
		}
	}
	return taken
}

func (q *Quote) warn(code, reason string) {
	q.Warnings = append(q.Warnings, Warning{Code: code, Reason: reason, Message: warnings[reason]})
}

var warnings = map[string]string{
	ReasonNotFound:    "Discount code is not valid.",
	ReasonExpired:     "Discount code has expired.",
	ReasonMinimum:     "Order does not meet the minimum purchase amount for this discount.",
	ReasonCombination: "Discount can't be combined with the other discounts on this order.",
	ReasonNoShipping:  "Discount does not apply to orders without shipping.",
}

func uniqueCodes(codes []string) []string {
	var unique []string
	for _, c := range codes {
		same := func(u string) bool { return strings.EqualFold(u, c) }
		if c != "" && !slices.ContainsFunc(unique, same) {
			unique = append(unique, c)
		}
	}
	return unique
}
