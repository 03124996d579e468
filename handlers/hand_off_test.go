package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

func (b *bridge) link() string {
	return strings.TrimPrefix(b.created().ContinueURL, publicURL)
}

func wantPage(t *testing.T, w *httptest.ResponseRecorder, status int, text string) {
	t.Helper()
	wantStatus(t, w, status)
	if !strings.Contains(w.Body.String(), text) {
		t.Errorf("page lacks %q:\n%s", text, w.Body)
	}
	if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", w.Header())
	}
}

func TestABuyerIsLedToTheCheckoutByOneDraft(t *testing.T) {
	b := open(t)
	link := b.link()
	for range 2 {
		w := b.call(http.MethodGet, link, "")
		wantStatus(t, w, http.StatusFound)
		if to := w.Header().Get("Location"); !strings.HasPrefix(to, "https://"+shop+"/invoices/") {
			t.Errorf("led to %q", to)
		}
		if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("headers %v", w.Header())
		}
	}
	if n := b.shop.draftsMade(); n != 1 {
		t.Errorf("%d drafts", n)
	}
}

func TestALinkPreviewCreatesNothing(t *testing.T) {
	b := open(t)
	link := b.link()
	wantStatus(t, b.call(http.MethodHead, link, ""), http.StatusOK)
	wantStatus(t, b.call(http.MethodGet, link, "", "Sec-Purpose", "prefetch;prerender"), http.StatusServiceUnavailable)
	if n := b.shop.draftsMade(); n != 0 {
		t.Errorf("%d drafts", n)
	}
}

func TestABuyerReadsWhyTheCheckoutIsGone(t *testing.T) {
	b := open(t)
	expired, canceled := b.link(), b.created()
	wantStatus(t, b.agent(http.MethodPost, sessions+"/"+canceled.ID+"/cancel", ""), http.StatusOK)
	wantPage(t, b.call(http.MethodGet, strings.TrimPrefix(canceled.ContinueURL, publicURL), ""), http.StatusGone, "canceled")
	wantPage(t, b.call(http.MethodGet, "/go/nothing", ""), http.StatusNotFound, "leads nowhere")
	b.clock.advance(2 * time.Hour)
	wantPage(t, b.call(http.MethodGet, expired, ""), http.StatusGone, "expired")
}

func TestABuyerWaitsWhileTheCheckoutIsPrepared(t *testing.T) {
	b := open(t)
	link := b.link()
	release := b.shop.blocking("create draft")
	done := make(chan *httptest.ResponseRecorder)
	go func() { done <- b.call(http.MethodGet, link, "") }()
	<-b.shop.entered
	w := b.call(http.MethodGet, link, "")
	wantPage(t, w, http.StatusAccepted, `http-equiv="refresh"`)
	release()
	wantStatus(t, <-done, http.StatusFound)
}

func TestABuyerIsNotShownWhatBroke(t *testing.T) {
	b := open(t)
	link := b.link()
	for _, err := range []error{
		&acp.Error{Kind: acp.KindUnavailable, Message: "dial tcp secret"}, http.ErrHandlerTimeout,
	} {
		b.shop.failing("create draft", err)
		w := b.call(http.MethodGet, link, "")
		wantPage(t, w, http.StatusServiceUnavailable, "Nothing was charged")
		if strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), err.Error()) {
			t.Errorf("page tells %q", err)
		}
	}
}

// A buyer whose checkout has ended reads why, in their language, and can buy
// the same goods in the shop.
func TestABuyerWhoseCheckoutEndedCanGoOn(t *testing.T) {
	b := open(t)
	german := strings.Replace(oneScarf, `{`, `{"locale":"de-AT",`, 1)
	w := b.agent(http.MethodPost, sessions, german)
	wantStatus(t, w, http.StatusCreated)
	canceled := decoded[sessionBody](t, w)
	expired := b.link()
	wantStatus(t, b.agent(http.MethodPost, sessions+"/"+canceled.ID+"/cancel", ""), http.StatusOK)
	b.clock.advance(2 * time.Hour)
	link := strings.TrimPrefix(canceled.ContinueURL, publicURL)
	for accept, want := range map[string][]string{
		"":                         {`lang="de"`, "abgebrochen", "Warenkorb bei Demo Shop öffnen", "Zu Demo Shop"},
		"fr-CA, fr;q=0.9":          {`lang="fr"`, "annulé", "Ouvrir le panier chez Demo Shop"},
		"ja":                       {`lang="ja"`, "キャンセル", "Demo Shopでカートを開く"},
		"es-MX":                    {`lang="es"`, "cancelado", "Abrir el carrito en Demo Shop"},
		"en-US,en;q=0.9,de;q=0.10": {`lang="en"`, "canceled", "Open the cart at Demo Shop"},
	} {
		w := b.call(http.MethodGet, link, "", "Accept-Language", accept)
		wantPage(t, w, http.StatusGone, `href="https://demo.example/cart/1?attributes[acp_session_id]=`+canceled.ID+`&amp;utm_medium=acp"`)
		for _, text := range append(want, `href="https://demo.example"`) {
			if !strings.Contains(w.Body.String(), text) {
				t.Errorf("%q lacks %q:\n%s", accept, text, w.Body)
			}
		}
	}
	wantPage(t, b.call(http.MethodGet, expired, "", "Accept-Language", "de"), http.StatusGone, "abgelaufen")
	wantPage(t, b.call(http.MethodGet, "/go/nothing", "", "Accept-Language", "de"), http.StatusNotFound, "ins Leere")
}

func TestACartThatTheShopRefusesIsExplained(t *testing.T) {
	b := open(t)
	link := b.link()
	b.shop.failing("create draft", &acp.Error{Kind: acp.KindRefused, Message: "Product with ID 7 is no longer available."})
	for range 2 {
		wantPage(t, b.call(http.MethodGet, link, ""), http.StatusConflict, "cannot be bought as it is")
	}
	b.shop.failing("create draft", nil)
	wantStatus(t, b.call(http.MethodGet, link, ""), http.StatusFound)
}
