package phrase

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

func places(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return found
}

func TestEveryTextIsThereInEveryLanguageWithTheSamePlaces(t *testing.T) {
	if len(english.texts) < 40 {
		t.Fatalf("only %d texts", len(english.texts))
	}
	for _, l := range Languages() {
		texts := l.speech().texts
		for key, want := range english.texts {
			got := texts[key]
			if strings.TrimSpace(got) == "" {
				t.Errorf("%s lacks %s", l, key)
			}
			if !slices.Equal(places(got), places(want)) {
				t.Errorf("%s of %s has places %v, English %v", key, l, places(got), places(want))
			}
			if strings.ContainsAny(got, "<>*`#") {
				t.Errorf("%s of %s is not plain text: %s", key, l, got)
			}
		}
		for key := range texts {
			if english.texts[key] == "" {
				t.Errorf("%s has %s, which nobody says", l, key)
			}
		}
		if l != English && texts[acp.TextOutOfStock] == english.texts[acp.TextOutOfStock] {
			t.Errorf("%s is English", l)
		}
	}
}

func TestAmountsAndNumbersAreWrittenAsTheLanguageWritesThem(t *testing.T) {
	for _, c := range []struct {
		language Language
		money    acp.Money
		want     string
	}{
		{English, acp.Money{Amount: 123456, Currency: "usd"}, "$1,234.56"},
		{English, acp.Money{Amount: -5, Currency: "usd"}, "-$0.05"},
		{English, acp.Money{Amount: 1234567890, Currency: "kwd"}, "KWD\u00a01,234,567.890"},
		{French, acp.Money{Amount: 123456, Currency: "eur"}, "1\u202f234,56\u00a0€"},
		{French, acp.Money{Amount: 1990, Currency: "usd"}, "19,90\u00a0$US"},
		{German, acp.Money{Amount: 123456, Currency: "eur"}, "1.234,56\u00a0€"},
		{German, acp.Money{Amount: 1990, Currency: "chf"}, "19,90\u00a0CHF"},
		{Spanish, acp.Money{Amount: 123456, Currency: "eur"}, "1234,56\u00a0€"},
		{Spanish, acp.Money{Amount: 1234567, Currency: "eur"}, "12.345,67\u00a0€"},
		{Japanese, acp.Money{Amount: 1234567, Currency: "jpy"}, "￥1,234,567"},
		{Japanese, acp.Money{Amount: 1990, Currency: "aud"}, "AUD\u00a019.90"},
		{"tlh", acp.Money{Amount: 9223372036854775807, Currency: "usd"}, "$92,233,720,368,547,758.07"},
		{English, acp.Money{Amount: -9223372036854775808, Currency: "jpy"}, "-¥9,223,372,036,854,775,808"},
	} {
		if got := c.language.Money(c.money); got != c.want {
			t.Errorf("%s: %q, want %q", c.language, got, c.want)
		}
	}
	for l, want := range map[Language]string{English: "-12,345", French: "-12\u202f345", German: "-12.345", Spanish: "-12.345", Japanese: "-12,345"} {
		if got := l.Number(-12345); got != want {
			t.Errorf("%s: %q, want %q", l, got, want)
		}
	}
}

// A title is the shop's text: braces in it are no places of ours.
func TestAnArgumentIsNeverReadAsAText(t *testing.T) {
	n := int64(1200)
	got := German.Say(acp.TextFewLeft, acp.Argument{Name: "item", Text: "{count} {item} <b>"}, acp.Argument{Name: "count", Number: &n})
	if want := "{count} {item} <b>: nur noch 1.200 auf Lager."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAMessageWithoutAKeyStaysInTheShopsWords(t *testing.T) {
	if got := Japanese.Message(acp.Message{Content: "Sold in pairs."}); got != "Sold in pairs." {
		t.Errorf("%q", got)
	}
	if got := French.Message(acp.Message{Text: acp.TextTaxIncluded, Content: "x"}); got != french.texts[acp.TextTaxIncluded] {
		t.Errorf("%q", got)
	}
	if got := French.Message(acp.Message{Text: "of_a_later_release", Content: "As it was."}); got != "As it was." {
		t.Errorf("%q", got)
	}
}
