package stripe

import (
	"fmt"
	"net/url"
	"strings"
)

// maxAmount is eight digits of minor units (docs.stripe.com/currencies).
const maxAmount = 99_999_999

// minimums is the smallest charge per settlement currency in minor units
// (docs.stripe.com/currencies, minimum charge amounts). Currencies with 1 have no
// minimum of their own there.
func minimum(currency string) (int64, bool) {
	switch currency {
	case "usd", "eur", "cad", "aud", "nzd", "chf", "sgd", "brl", "inr", "jpy":
		return 50, true
	case "gbp":
		return 30, true
	case "dkk":
		return 250, true
	case "nok", "sek":
		return 300, true
	case "hkd":
		return 400, true
	case "pln", "ron", "aed":
		return 200, true
	case "myr":
		return 200, true
	case "mxn", "thb":
		return 1000, true
	case "czk":
		return 1500, true
	case "huf":
		return 17500, true
	case "krw", "twd", "ils", "zar", "try", "php", "idr", "vnd", "clp", "cop", "pen", "isk",
		"kwd", "bhd", "jod", "omr", "tnd", "sar", "qar", "mad", "egp", "uah", "bgn", "rsd":
		return 1, true
	}
	return 0, false
}

func readAmount(params url.Values) (int64, string, *failure) {
	if f := required(params, "amount", "currency"); f != nil {
		return 0, "", f
	}
	currency := strings.ToLower(params.Get("currency"))
	least, known := minimum(currency)
	if !known {
		return 0, "", invalid("", "currency", "Invalid currency: "+currency)
	}
	amount, f := integer(params, "amount", 0)
	switch {
	case f != nil:
		return 0, "", f
	case amount < least:
		return 0, "", invalid("amount_too_small", "amount", fmt.Sprintf("Amount must be at least %d in the smallest unit of %s", least, currency))
	case amount > maxAmount:
		return 0, "", invalid("amount_too_large", "amount", fmt.Sprintf("Amount must be no more than %d in the smallest unit of %s", maxAmount, currency))
	case threeDecimals(currency) && amount%10 != 0:
		return 0, "", invalid("parameter_invalid_integer", "amount", "Amounts in three-decimal currencies must be divisible by 10.")
	}
	return amount, currency, nil
}

// threeDecimals are the currencies whose last digit Stripe wants to be 0.
func threeDecimals(currency string) bool {
	switch currency {
	case "kwd", "bhd", "jod", "omr", "tnd":
		return true
	}
	return false
}
