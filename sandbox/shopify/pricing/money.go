// Package pricing is the arithmetic of the demo shop's checkout: discounts, shipping,
// taxes and totals. It is pure. Every amount is int64 minor units of the shop's
// currency, every rate is parts per million, and all totals add up exactly.
package pricing

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Million is the denominator of every rate: 10 % is 100_000 parts per million.
const Million = 1_000_000

var exponents = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
	"RWF": 0, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}

// Exponent is the number of decimals of an ISO 4217 currency.
func Exponent(currency string) int {
	if e, ok := exponents[currency]; ok {
		return e
	}
	return 2
}

// Format writes minor units as Shopify's Money scalar does: "12.00", and "1200" for JPY.
func Format(minor int64, exponent int) string {
	sign := ""
	if minor < 0 {
		sign, minor = "-", -minor
	}
	digits := strconv.FormatInt(minor, 10)
	if exponent == 0 {
		return sign + digits
	}
	if len(digits) <= exponent {
		digits = strings.Repeat("0", exponent-len(digits)+1) + digits
	}
	return sign + digits[:len(digits)-exponent] + "." + digits[len(digits)-exponent:]
}

// FormatDecimal writes minor units as MoneyV2.amount does: at least one decimal and no
// further trailing zeros, so "12.0", "12.5" and "1200.0" for JPY.
func FormatDecimal(minor int64, exponent int) string {
	s := Format(minor, exponent)
	if exponent == 0 {
		return s + ".0"
	}
	s = strings.TrimRight(s, "0")
	if strings.HasSuffix(s, ".") {
		s += "0"
	}
	return s
}

// Parse reads a decimal string into minor units. It refuses what the currency cannot hold.
func Parse(s string, exponent int) (int64, error) {
	r, ok := new(big.Rat).SetString(strings.TrimSpace(s))
	if !ok || strings.ContainsAny(s, "eE/") {
		return 0, fmt.Errorf("amount %q is not a decimal", s)
	}
	r.Mul(r, new(big.Rat).SetInt(pow10(exponent)))
	if !r.IsInt() || !r.Num().IsInt64() {
		return 0, fmt.Errorf("amount %q does not fit %d decimals", s, exponent)
	}
	return r.Num().Int64(), nil
}

// ParsePercent reads a percentage such as "12.5" into parts per million.
func ParsePercent(s string) (int64, error) {
	ppm, err := Parse(s, 4)
	if err != nil || ppm < 0 || ppm > Million {
		return 0, fmt.Errorf("percentage %q is not between 0 and 100 with at most 4 decimals", s)
	}
	return ppm, nil
}

func pow10(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}
