package wire_test

import (
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp/phrase"
	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/acp/wire/wiretest"
)

func TestTheLanguageIsTheOneAskedForElseTheSessions(t *testing.T) {
	for _, c := range []struct {
		accept, locale string
		want           phrase.Language
	}{
		{"", "", phrase.English},
		{"de", "fr-FR", phrase.German},
		{"de-AT;q=0.8, fr-CA", "", phrase.French},
		{"pt-BR, es;q=0.5", "", phrase.Spanish},
		{"", "ja-JP", phrase.Japanese},
		{"", "de_CH", phrase.German},
		{"pl", "es-MX", phrase.Spanish}, // none of ours: the session decides
		{"*", "fr", phrase.French},
		{"de;q=0, ja", "", phrase.Japanese},
		{"!!", "fr", phrase.French},
		{"sw", "pl", phrase.English},
		{"", "not a locale", phrase.English},
		{strings.Repeat("de,", 500), "", phrase.English},
		{"zh-Hant-TW, ja;q=0.9", "", phrase.Japanese},
	} {
		if got := wire.LanguageFor(c.accept, c.locale); got != c.want {
			t.Errorf("%q, %q: %s, want %s", c.accept, c.locale, got, c.want)
		}
	}
}

// One stored session reads in any language; what the shop wrote stays.
func TestASessionReadsInEveryLanguage(t *testing.T) {
	for _, l := range phrase.Languages()[1:] {
		body, err := wire.EncodeSession(v, wire.View{Session: readySession(), Merchant: demoMerchant(), Language: l})
		if err != nil {
			t.Fatal(err)
		}
		golden(t, v, "create.full."+string(l)+".response.json", body)
		wiretest.Validate(t, string(v), "CheckoutSession", body)
	}
}
