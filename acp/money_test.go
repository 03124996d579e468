package acp_test

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/acp-bridge/acp-bridge/acp"
)

func TestParseMoneyIsExact(t *testing.T) {
	for _, c := range []struct {
		decimal  string
		currency acp.Currency
		want     int64
	}{
		{"19.90", "usd", 1990},
		{"19.9", "usd", 1990},
		{"19.900", "usd", 1990},
		{"1999", "jpy", 1999},
		{"1999.0", "jpy", 1999},
		{"0.005", "kwd", 5},
		{"-0.05", "eur", -5},
		{"92233720368547758.07", "usd", math.MaxInt64},
	} {
		got, err := acp.ParseMoney(c.decimal, c.currency)
		if err != nil || got.Amount != c.want || got.Currency != c.currency {
			t.Errorf("ParseMoney(%q, %s) = %v, %v; want %d", c.decimal, c.currency, got, err, c.want)
		}
	}
}

func TestParseMoneyRefusesWhatItWouldHaveToRound(t *testing.T) {
	for _, c := range []struct {
		decimal  string
		currency acp.Currency
	}{
		{"19.905", "usd"},
		{"0.5", "jpy"},
		{"1e3", "usd"},
		{"", "usd"},
		{".", "usd"},
		{".5", "usd"},
		{"5.", "usd"},
		{"+5", "usd"},
		{"--5", "usd"},
		{"1,000.00", "usd"},
		{"١", "usd"},
		{"92233720368547758.08", "usd"},
	} {
		if got, err := acp.ParseMoney(c.decimal, c.currency); acp.KindOf(err) != acp.KindInvalid {
			t.Errorf("ParseMoney(%q, %s) = %v, %v; want KindInvalid", c.decimal, c.currency, got, err)
		}
	}
}

func TestDecimalAndParseMoneyAreInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := acp.Money{
			Amount:   rapid.Int64().Draw(t, "amount"),
			Currency: acp.Currency(rapid.SampledFrom([]string{"usd", "jpy", "kwd", "clf"}).Draw(t, "currency")),
		}
		if m.Amount == math.MinInt64 {
			m.Amount++ // its magnitude has no positive counterpart to parse
		}
		back, err := acp.ParseMoney(m.Decimal(), m.Currency)
		if err != nil || back != m {
			t.Fatalf("%v -> %q -> %v, %v", m, m.Decimal(), back, err)
		}
	})
}

func TestCurrencyExponentsFollowISONotCLDR(t *testing.T) {
	for code, want := range map[string]int{"usd": 2, "JPY": 0, "kwd": 3, "idr": 2, "cop": 2, "iqd": 3, "isk": 0, "clf": 4, "ves": 2} {
		c, err := acp.ParseCurrency(code)
		if err != nil || c.Exponent() != want || string(c) != strings.ToLower(code) {
			t.Errorf("ParseCurrency(%q) = %q with %d decimals, %v; want %d", code, c, c.Exponent(), err, want)
		}
	}
	for _, code := range []string{"", "us", "xxx", "usdd", "€"} {
		if _, err := acp.ParseCurrency(code); acp.KindOf(err) != acp.KindInvalid {
			t.Errorf("ParseCurrency(%q) = %v; want KindInvalid", code, err)
		}
	}
}

func TestAllocateSumsExactlyAndFairly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(-1e12, 1e12).Draw(t, "total")
		weights := rapid.SliceOfN(rapid.Int64Range(-5, 1e12), 1, 30).Draw(t, "weights")
		parts := acp.Allocate(total, weights)
		var sum int64
		positive := false
		for i, p := range parts {
			sum += p
			positive = positive || weights[i] > 0
		}
		if sum != total || len(parts) != len(weights) {
			t.Fatalf("Allocate(%d, %v) = %v, which sums to %d", total, weights, parts, sum)
		}
		for i, p := range parts {
			if positive && weights[i] <= 0 && p < 0 != (total < 0) && p != 0 {
				t.Fatalf("part %d got %d without a weight", i, p)
			}
		}
	})
}

func TestSecretsPrintAsStars(t *testing.T) {
	s := acp.Secret("spt_very_secret")
	text, err := s.MarshalText()
	if err != nil || strings.Contains(string(text), "very") || strings.Contains(s.GoString()+s.String()+s.LogValue().String(), "very") {
		t.Error("a secret showed itself")
	}
	if s.Reveal() != "spt_very_secret" {
		t.Error("Reveal does not give the value")
	}
}
