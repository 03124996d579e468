package wire

import (
	"golang.org/x/text/language"

	"github.com/acp-bridge/acp-bridge/acp/phrase"
)

// LanguageFor is the language to answer in: the best of ours that the
// Accept-Language header of the request asks for, else that of the session's
// locale (BCP 47), else English. Whatever cannot be read counts as not said.
func LanguageFor(acceptLanguage, locale string) phrase.Language {
	for _, wish := range []string{acceptLanguage, locale} {
		if spoken, ok := match(wish); ok {
			return spoken
		}
	}
	return phrase.English
}

// Locales are the languages that titles and messages come in, as BCP 47 tags,
// the default first.
func Locales() []string {
	var tags []string
	for _, l := range phrase.Languages() {
		tags = append(tags, string(l))
	}
	return tags
}

// maxWish bounds the header that is parsed; browsers send a tenth of it.
const maxWish = 1000

func match(wish string) (phrase.Language, bool) {
	if wish == "" || len(wish) > maxWish {
		return "", false
	}
	tags, _, err := language.ParseAcceptLanguage(wish)
	if err != nil {
		return "", false
	}
	_, best, confidence := languages.Match(tags...)
	if confidence == language.No {
		return "", false
	}
	return phrase.Languages()[best], true
}

// languages knows which languages are understood by readers of others.
var languages = matcher(phrase.Languages())

func matcher(spoken []phrase.Language) language.Matcher {
	tags := make([]language.Tag, len(spoken))
	for i, l := range spoken {
		tags[i] = language.Make(string(l))
	}
	return language.NewMatcher(tags)
}
