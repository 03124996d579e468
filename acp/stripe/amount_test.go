package stripe

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/acp-bridge/acp-bridge/acp"
)

func TestAmountsAreSpokenInStripesUnits(t *testing.T) {
	for _, c := range []struct {
		currency acp.Currency
		ours     int64
		theirs   int64 // 0: refused
	}{
		{"usd", 1999, 1999},
		{"jpy", 1999, 1999},
		{"isk", 5, 500},
		{"mga", 500, 5},
		{"mga", 550, 0},
		{"kwd", 5120, 5120},
		{"kwd", 5124, 0},
		{"ugx", 500, 0},
		{"iqd", 1000, 0},
		{"clf", 10000, 0},
		{"xxx", 100, 0},
		{"usd", 0, 0},
		{"usd", -1, 0},
		{"isk", 1 << 62, 0},
	} {
		got, err := toStripe(acp.Money{Amount: c.ours, Currency: c.currency})
		if got != c.theirs || (c.theirs == 0) != (acp.KindOf(err) == acp.KindInvalid) {
			t.Errorf("%d %s: %d %v, want %d", c.ours, c.currency, got, err, c.theirs)
		}
	}
}

func TestAnAmountComesBackAsItWent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := acp.Money{
			Amount:   rapid.Int64Min(1).Draw(t, "amount"),
			Currency: rapid.SampledFrom([]acp.Currency{"usd", "jpy", "isk", "mga", "kwd", "eur"}).Draw(t, "currency"),
		}
		theirs, err := toStripe(m)
		if err != nil {
			t.Skip("Stripe cannot express it")
		}
		back, err := fromStripe(theirs, string(m.Currency))
		if err != nil || back != m {
			t.Fatalf("%v went as %d and came back as %v %v", m, theirs, back, err)
		}
	})
}

func TestAnAmountThatStripeCannotHaveNamedIsRefused(t *testing.T) {
	for currency, amount := range map[string]int64{"isk": 550, "ugx": 500, "": 100, "usd": -1, "mga": 1 << 62} {
		if m, err := fromStripe(amount, currency); err == nil {
			t.Errorf("%d %q became %v", amount, currency, m)
		}
	}
}
