package till

import (
	"fmt"
	"strconv"
	"strings"
)

// decimals of a currency; no other exponent is played.
func decimals(currency string) int {
	switch currency {
	case "BIF", "CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "JOD", "KWD", "OMR", "TND":
		return 3
	}
	return 2
}

// minor reads a decimal string that has exactly the currency's decimals.
func minor(amount, currency string) (int64, bool) {
	whole, fraction, dotted := strings.Cut(amount, ".")
	places := decimals(currency)
	if len(fraction) != places || dotted != (places > 0) || strings.ContainsAny(amount, "+- _") {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+fraction, 10, 64)
	return n, err == nil
}

// decimal writes minor units as minor reads them.
func decimal(n int64, currency string) string {
	places := decimals(currency)
	digits := fmt.Sprintf("%0*d", places+1, n)
	if places == 0 {
		return digits
	}
	return digits[:len(digits)-places] + "." + digits[len(digits)-places:]
}
