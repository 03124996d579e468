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
