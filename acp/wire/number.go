package wire

import (
	"cmp"
	"strconv"
	"strings"
)

// decimal is a JSON number taken apart without a float: digits times ten to
// the power of exponent.
type decimal struct {
	negative bool
	digits   string // without leading or trailing zeros; empty for zero
	exponent int
}

// maxExponent is far beyond any amount and keeps arithmetic on exponents safe.
const maxExponent = 1000

// takeApart reads the literal of a valid JSON number; false when its exponent
// is absurd.
func takeApart(literal string) (decimal, bool) {
	var d decimal
	literal, d.negative = strings.CutPrefix(literal, "-")
	mantissa, power, scientific := strings.Cut(strings.ToLower(literal), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	d.digits = strings.TrimLeft(whole+fraction, "0")
	if d.digits == "" {
		return decimal{}, true
	}
	if scientific {
		e, err := strconv.Atoi(power)
		if err != nil || e > maxExponent || e < -maxExponent {
			return d, false
		}
		d.exponent = e
	}
	d.exponent -= len(fraction)
	trimmed := strings.TrimRight(d.digits, "0")
	d.exponent += len(d.digits) - len(trimmed)
	d.digits = trimmed
	return d, true
}

// wholeNumber is the value of a number without a fraction that fits into 64
// bits. 1.0 and 1e2 are whole numbers, as they are to JSON Schema.
func wholeNumber(literal string) (int64, bool) {
	d, ok := takeApart(literal)
	if !ok || d.exponent < 0 || len(d.digits)+d.exponent > 19 {
		return 0, false
	}
	sign := ""
	if d.negative {
		sign = "-"
	}
	n, err := strconv.ParseInt(sign+cmp.Or(d.digits, "0")+strings.Repeat("0", d.exponent), 10, 64)
	return n, err == nil
}

// maxExact is 2^53, the largest integer up to which every integer is a
// double: RFC 8785 writes numbers as doubles.
const maxExact = "9007199254740992"

// exact reports whether the number lies within plus or minus 2^53, where
// canonical JSON keeps neighboring integers apart.
func exact(literal string) bool {
	d, ok := takeApart(literal)
	if !ok {
		return false
	}
	size := len(d.digits) + d.exponent // digits before the point
	if d.digits == "" || size != len(maxExact) {
		return d.digits == "" || size < len(maxExact)
	}
	padded := d.digits + strings.Repeat("0", max(d.exponent, 0))
	return padded[:len(maxExact)] < maxExact || strings.TrimRight(padded, "0") == maxExact
}
