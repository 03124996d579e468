package stripe

import (
	"fmt"
	"math"

	"github.com/acp-bridge/acp-bridge/acp"
)

// ratio is how Stripe's amount relates to ours: stripe * ours = minor * theirs,
// so that {1, 100} turns 5 of our minor units into 500 of Stripe's.
// Stripe wants multiples of step.
type ratio struct{ ours, theirs, step int64 }

// ratioOf knows where Stripe's minor units differ from ISO 4217
// (docs.stripe.com/currencies). false: Stripe has no such currency, or its
// pages contradict one another (ugx stands among the zero-decimal currencies
// and among those written with two).
func ratioOf(c acp.Currency) (ratio, bool) {
	switch c {
	case "isk": // no fractions any more, but written with two decimals
		return ratio{ours: 1, theirs: 100, step: 100}, true
	case "mga": // two decimals in ISO, none at Stripe
		return ratio{ours: 100, theirs: 1, step: 1}, true
	case "bhd", "jod", "kwd", "omr", "tnd": // the last digit must be zero
		return ratio{ours: 1, theirs: 1, step: 10}, true
	case "ugx", "iqd", "lyd", "clf", "uyw", "uyi":
		return ratio{}, false
	}
	if _, err := acp.ParseCurrency(string(c)); err != nil {
		return ratio{}, false
	}
	return ratio{ours: 1, theirs: 1, step: 1}, true
}

// toStripe is the amount in Stripe's minor units; KindInvalid when it is not
// positive or cannot be told exactly.
func toStripe(m acp.Money) (int64, error) {
	bad := func(why string) (int64, error) {
		return 0, acp.Invalid(acp.CodeInvalid, "$.currency", fmt.Sprintf("%s cannot be charged with Stripe: %s", m, why))
	}
	r, known := ratioOf(m.Currency)
	switch {
	case !known:
		return bad("the currency is not supported")
	case m.Amount <= 0:
		return bad("the amount is not positive")
	case m.Amount > math.MaxInt64/r.theirs:
		return bad("the amount is too large")
	case m.Amount*r.theirs%r.ours != 0 || m.Amount*r.theirs/r.ours%r.step != 0:
		return bad("the currency has no such small unit there")
	}
	return m.Amount * r.theirs / r.ours, nil
}

// fromStripe is an amount that Stripe named, in our minor units; KindInternal
// when it cannot be told exactly.
func fromStripe(amount int64, currency string) (acp.Money, error) {
	c := acp.Currency(currency)
	r, known := ratioOf(c)
	if !known || amount < 0 || amount > math.MaxInt64/r.ours || amount*r.ours%r.theirs != 0 {
		return acp.Money{}, &acp.Error{Kind: acp.KindInternal, Message: fmt.Sprintf("Stripe named an amount of %d %q", amount, currency)}
	}
	return acp.Money{Amount: amount * r.ours / r.theirs, Currency: c}, nil
}
