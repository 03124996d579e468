package handlers_test

import (
	"net/http"
	"strings"
	"testing"
)

// One session, opened in German, is read by whoever asks in their language.
func TestASessionIsAnsweredInTheLanguageAskedFor(t *testing.T) {
	b := open(t)
	german := strings.Replace(oneScarf, `{`, `{"locale":"de-AT",`, 1)
	w := b.agent(http.MethodPost, sessions, german)
	wantStatus(t, w, http.StatusCreated)
	wantLanguage(t, w.Header(), "de", w.Body.String(), "Zwischensumme", "Lieferadresse")
	path := sessions + "/" + decoded[sessionBody](t, w).ID
	for accept, want := range map[string][]string{
		"":                  {"de", "Zwischensumme"},
		"fr-CA, en;q=0.5":   {"fr", "Sous-total", "adresse de livraison"},
		"ja":                {"ja", "小計"},
		"es-MX":             {"es", "Artículos", "dirección de envío"},
		"en-GB;q=0.9, pl":   {"en", "Subtotal", "shipping address"},
		"pl":                {"de", "Zwischensumme"},
		"de;q=x, nonsense;": {"de", "Zwischensumme"},
	} {
		w := b.agent(http.MethodGet, path, "", "Accept-Language", accept)
		wantStatus(t, w, http.StatusOK)
		wantLanguage(t, w.Header(), want[0], w.Body.String(), want[1:]...)
	}
}

func TestARefusalIsInEnglishAndAReplayAsItWas(t *testing.T) {
	b := open(t)
	w := b.agent(http.MethodPost, sessions, `[]`, "Accept-Language", "ja")
	wantStatus(t, w, http.StatusBadRequest)
	wantLanguage(t, w.Header(), "en", w.Body.String())
	first := b.agent(http.MethodPost, sessions, oneScarf, "Idempotency-Key", "k", "Accept-Language", "fr")
	again := b.agent(http.MethodPost, sessions, oneScarf, "Idempotency-Key", "k", "Accept-Language", "ja")
	wantStatus(t, again, http.StatusCreated)
	if again.Body.String() != first.Body.String() {
		t.Error("a replay in another language differs")
	}
	wantLanguage(t, again.Header(), "fr", again.Body.String(), "Sous-total")
}

func wantLanguage(t *testing.T, h http.Header, language, body string, texts ...string) {
	t.Helper()
	if got := h.Get("Content-Language"); got != language {
		t.Errorf("Content-Language %q, want %q", got, language)
	}
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Errorf("lacks %q: %s", text, body)
		}
	}
}
