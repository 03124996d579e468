// Package phrase holds whatever this app says to buyers, in every language
// that it speaks, and writes it with numbers and amounts as that language
// writes them. Buyers are addressed formally.
//
// The texts are plain: no Markdown, no HTML. Out of scope: errors of requests,
// which are for programmers and English, and what the shop itself says (titles
// of products, shipping rates and policies).
package phrase

import (
	"cmp"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Language is a language that this app speaks, as an ISO 639 code. One that it
// does not speak, the empty one too, is spoken as English.
type Language string

// The languages.
const (
	English  Language = "en"
	French   Language = "fr"
	German   Language = "de"
	Spanish  Language = "es"
	Japanese Language = "ja"
)

// Languages are all of them, the default first.
func Languages() []Language { return []Language{English, French, German, Spanish, Japanese} }

// Titles of amounts and options, beside the messages that acp names.
const (
	TitleItems         acp.TextKey = "title_items"
	TitleItemDiscounts acp.TextKey = "title_item_discounts"
	TitleSubtotal      acp.TextKey = "title_subtotal"
	TitleDiscount      acp.TextKey = "title_discount"
	TitleShipping      acp.TextKey = "title_shipping"
	TitleTax           acp.TextKey = "title_tax"
	TitleFees          acp.TextKey = "title_fees"
	TitleTotal         acp.TextKey = "title_total"
	TitleBaseAmount    acp.TextKey = "title_base_amount"
	TitleRefunded      acp.TextKey = "title_refunded"
	TitleDigital       acp.TextKey = "title_digital"
	TitlePickup        acp.TextKey = "title_pickup"
	TitleLocalDelivery acp.TextKey = "title_local_delivery"
	ConsentByEmail     acp.TextKey = "consent_email" // what a buyer agrees to receive
)

// speech is what a language consists of.
type speech struct {
	texts   map[acp.TextKey]string
	group   string // between groups of three digits
	point   string // before the decimals
	first   bool   // the currency stands before the number
	gap     string // between currency and number
	ungroup int    // numbers of up to so many digits are not grouped
	symbols map[acp.Currency]string
}

func (l Language) speech() speech {
	switch l {
	case French:
		return french
	case German:
		return german
	case Spanish:
		return spanish
	case Japanese:
		return japanese
	default:
		return english
	}
}

// Message writes what a message says. Words of the shop stay as they are.
func (l Language) Message(m acp.Message) string {
	if m.Text == "" {
		return m.Content
	}
	return cmp.Or(l.Say(m.Text, m.Args...), m.Content)
}

// Say writes a text with its arguments; "" for a text that there is not.
func (l Language) Say(key acp.TextKey, args ...acp.Argument) string {
	text := cmp.Or(l.speech().texts[key], english.texts[key])
	if len(args) == 0 {
		return text
	}
	pairs := make([]string, 0, 2*len(args))
	for _, a := range args {
		pairs = append(pairs, "{"+a.Name+"}", l.argument(a))
	}
	return strings.NewReplacer(pairs...).Replace(text) // in one pass: an argument is never read as a text
}

func (l Language) argument(a acp.Argument) string {
	switch {
	case a.Money != nil:
		return l.Money(*a.Money)
	case a.Number != nil:
		return l.Number(*a.Number)
	default:
		return a.Text
	}
}
