// Package catalog writes down what the demo shop sells: a merchant's own products, read from a
// Shopify product export or from a storefront's products.json, or a made-up catalog that is the
// same for the same seed.
//
// Out of scope: other shops' formats, prices per market, inventory per location, collections,
// and fetching anything over the network (pictures stay links).
package catalog

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/shopspring/decimal"
)

// Currency is the shop's currency: prices of a catalog are minor units of it. The zero value is USD.
type Currency struct {
	// Code is the ISO 4217 code, for example "JPY".
	Code string
	// Exponent is the number of decimals of a minor unit: 2 for USD, 0 for JPY, 3 for KWD.
	// It is ignored while Code is empty.
	Exponent int
}

func (c Currency) orDefault() Currency {
	if c.Code == "" {
		return Currency{Code: "USD", Exponent: 2}
	}
	return c
}

// Twelve digits before the point are far beyond any price and far below what int64 holds at
// three decimals.
var plainPrice = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,6})?$`)

var (
	errPriceForm    = errors.New(`is not a price: write digits and a point, as in 1299.90, without sign, symbol or thousands separator`)
	errPriceDecimal = errors.New("has more decimals than the currency")
)

// minorUnits reads a decimal string such as "12.50" exactly. "12.00" is a valid amount of a
// currency without decimals, "12.50" is not: rounding would change a price.
func (c Currency) minorUnits(text string) (int64, error) {
	if !plainPrice.MatchString(text) {
		return 0, fmt.Errorf("%q %w", text, errPriceForm)
	}
	amount, err := decimal.NewFromString(text)
	if err != nil {
		return 0, fmt.Errorf("%q %w", text, errPriceForm)
	}
	amount = amount.Shift(int32(c.Exponent))
	if !amount.IsInteger() {
		return 0, fmt.Errorf("%q %w %s (%d)", text, errPriceDecimal, c.Code, c.Exponent)
	}
	return amount.IntPart(), nil
}
