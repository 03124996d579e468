package phrase

import (
	"strconv"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Number writes a whole number: 1,234 in English, 1.234 in German.
func (l Language) Number(n int64) string {
	digits, negative := strings.CutPrefix(strconv.FormatInt(n, 10), "-")
	return sign(negative) + l.speech().grouped(digits)
}

// Money writes an exact amount: $1,234.50 in English, 1.234,50 $ in German. A
// currency without a sign that everybody knows is named by its ISO code.
func (l Language) Money(m acp.Money) string {
	s := l.speech()
	digits, negative := strings.CutPrefix(m.Decimal(), "-")
	whole, decimals, split := strings.Cut(digits, ".")
	number := s.grouped(whole)
	if split {
		number += s.point + decimals
	}
	symbol, known := s.symbols[m.Currency]
	gap := s.gap
	if !known {
		symbol, gap = m.Currency.Upper(), hardSpace // a code never touches the number
	}
	if s.first {
		return sign(negative) + symbol + gap + number
	}
	return sign(negative) + number + gap + symbol
}

// Spaces at which a line may not break, so that a number stays in one piece.
const (
	hardSpace = "\u00a0"
	thinSpace = "\u202f"
)

func sign(negative bool) string {
	if negative {
		return "-"
	}
	return ""
}

func (s speech) grouped(digits string) string {
	if len(digits) <= max(s.ungroup, 3) {
		return digits
	}
	var b strings.Builder
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(s.group)
		}
		b.WriteRune(r)
	}
	return b.String()
}
