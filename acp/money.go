package acp

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Money is an amount in minor units of a currency: 1999 USD is 19.99 dollars,
// 1999 JPY is 1999 yen.
type Money struct {
	Amount   int64
	Currency Currency
}

// ParseMoney reads a decimal string such as Shopify's "19.90" exactly, by
// shifting the decimal point. It refuses anything that would have to be
// rounded, a malformed number and one that does not fit into 64 bits, with an
// error of KindInvalid.
func ParseMoney(decimal string, c Currency) (Money, error) {
	bad := func(why string) (Money, error) {
		return Money{}, Invalid("amount", "", fmt.Sprintf("%q is not an amount in %s: %s", decimal, c, why))
	}
	digits, negative := strings.CutPrefix(decimal, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	if whole == "" || !onlyDigits(whole) || !onlyDigits(fraction) || strings.HasSuffix(digits, ".") {
		return bad("not a decimal number")
	}
	places := c.Exponent()
	if len(fraction) > places && strings.Trim(fraction[places:], "0") != "" {
		return bad(fmt.Sprintf("more than %d decimals", places))
	}
	fraction = (fraction + strings.Repeat("0", places))[:places]
	amount, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil {
		return bad("too large")
	}
	if negative {
		amount = -amount
	}
	return Money{Amount: amount, Currency: c}, nil
}

// Decimal writes the amount in major units with exactly the decimals that the
// currency has: "19.90", "1999", "-0.05".
func (m Money) Decimal() string {
	places := m.Currency.Exponent()
	sign := ""
	digits := strconv.FormatUint(magnitude(m.Amount), 10)
	if m.Amount < 0 {
		sign = "-"
	}
	if places == 0 {
		return sign + digits
	}
	if len(digits) <= places {
		digits = strings.Repeat("0", places-len(digits)+1) + digits
	}
	return sign + digits[:len(digits)-places] + "." + digits[len(digits)-places:]
}

// String is for logs and messages: "19.90 USD".
func (m Money) String() string {
	return m.Decimal() + " " + strings.ToUpper(string(m.Currency))
}

// Multiply returns m times n, and false when the product does not fit.
func (m Money) Multiply(n int64) (Money, bool) {
	if n != 0 && magnitude(m.Amount) > math.MaxInt64/magnitude(n) {
		return Money{}, false
	}
	return Money{Amount: m.Amount * n, Currency: m.Currency}, true
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-(n + 1)) + 1 // -MinInt64 overflows, this does not
	}
	return uint64(n)
}

func onlyDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}
