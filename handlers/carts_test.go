package handlers_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

const (
	carts      = "/acp/carts"
	scarfCart  = `{"line_items":[{"id":"101","quantity":2}],"buyer":{"email":"ada@example.com"}}`
	threeMore  = `{"line_items":[{"id":"101","quantity":3}]}`
	cartLives  = 24 * time.Hour // as the tests' bridge is configured
	idOfNobody = "424242"
)

type cartBody struct {
	ID    string `json:"id"`
	Items []struct {
		Quantity int64 `json:"quantity"`
	} `json:"line_items"`
	Buyer *struct {
		Email string `json:"email"`
	} `json:"buyer"`
	Totals []struct {
		Type   string `json:"type"`
		Amount int64  `json:"amount"`
	} `json:"totals"`
	Messages []struct {
		Type  string `json:"type"`
		Code  string `json:"code"`
		Param string `json:"param"`
	} `json:"messages"`
	ContinueURL string `json:"continue_url"`
	ExpiresAt   string `json:"expires_at"`
}

func (b *bridge) filled() cartBody {
	b.t.Helper()
	w := b.agent(http.MethodPost, carts, scarfCart)
	wantStatus(b.t, w, http.StatusCreated)
	return decoded[cartBody](b.t, w)
}

func TestAnAgentFillsReadsReplacesAndCancelsACart(t *testing.T) {
	b := open(t)
	c := b.filled()
	if !strings.HasPrefix(c.ID, "cart_") || len(c.Items) != 1 || c.Totals[len(c.Totals)-1].Amount != 3998 || c.Buyer == nil ||
		c.ContinueURL != "https://demo.example/cart/2" || c.ExpiresAt != "2026-11-22T15:04:00Z" || len(c.Messages) != 0 {
		t.Fatalf("%+v", c)
	}
	b.clock.advance(time.Hour)
	w := b.agent(http.MethodPut, carts+"/"+c.ID, threeMore, keyed...)
	wantStatus(t, w, http.StatusOK)
	r := decoded[cartBody](t, w)
	if r.ID != c.ID || r.Items[0].Quantity != 3 || r.Buyer != nil || r.ExpiresAt != "2026-11-22T16:04:00Z" {
		t.Errorf("the replacement is not the whole: %s", w.Body)
	}
	quotes := b.shop.quotes
	got := b.agent(http.MethodGet, carts+"/"+c.ID, "")
	wantStatus(t, got, http.StatusOK)
	if got.Body.String() != w.Body.String() || b.shop.quotes != quotes {
		t.Errorf("read %s after %d more quotes", got.Body, b.shop.quotes-quotes)
	}
	wantStatus(t, b.agent(http.MethodHead, carts+"/"+c.ID, ""), http.StatusOK)
	last := b.agent(http.MethodPost, carts+"/"+c.ID+"/cancel", "")
	wantStatus(t, last, http.StatusOK)
	if last.Body.String() != w.Body.String() {
		t.Errorf("canceled %s", last.Body)
	}
	b.gone(c.ID)
}

// gone checks that nothing can be done with a cart any more.
func (b *bridge) gone(id string) {
	b.t.Helper()
	for name, w := range map[string]interface{ Result() *http.Response }{
		"read":    b.agent(http.MethodGet, carts+"/"+id, ""),
		"replace": b.agent(http.MethodPut, carts+"/"+id, threeMore, "Idempotency-Key", "late"),
		"cancel":  b.agent(http.MethodPost, carts+"/"+id+"/cancel", "{}"),
	} {
		if status := w.Result().StatusCode; status != http.StatusNotFound {
			b.t.Errorf("%s: %d", name, status)
		}
	}
}

func TestAnExpiredCartIsNotFound(t *testing.T) {
	b := open(t)
	c := b.filled()
	b.clock.advance(cartLives - time.Second)
	wantStatus(t, b.agent(http.MethodGet, carts+"/"+c.ID, ""), http.StatusOK)
	b.clock.advance(time.Second)
	b.gone(c.ID)
}

func TestCartOperationsAreReplayed(t *testing.T) {
	b := open(t)
	c := b.filled()
	for _, op := range []struct{ method, path, body string }{
		{http.MethodPost, carts, scarfCart},
		{http.MethodPut, carts + "/" + c.ID, threeMore},
		{http.MethodPost, carts + "/" + c.ID + "/cancel", ""},
	} {
		first := b.agent(op.method, op.path, op.body, keyed...)
		quotes := b.shop.quotes
		again := b.agent(op.method, op.path, op.body, keyed...)
		if again.Code != first.Code || first.Code >= 300 || again.Body.String() != first.Body.String() ||
			again.Header().Get("Idempotent-Replayed") != "true" || b.shop.quotes != quotes {
			t.Errorf("%s %s: %d %s, then %d %s", op.method, op.path, first.Code, first.Body, again.Code, again.Body)
		}
		w := b.agent(op.method, op.path, `{"line_items":[{"id":"101","quantity":7}]}`, keyed...)
		wantStatus(t, w, http.StatusUnprocessableEntity)
		if e := decoded[errorBody](t, w); e.Code != "idempotency_conflict" {
			t.Errorf("%s %s with another body: %+v", op.method, op.path, e)
		}
		w = b.agent(op.method, op.path, op.body, "Idempotency-Key", "")
		wantStatus(t, w, http.StatusBadRequest)
	}
}

// The process dies between the commit and the storing of the answer.
func TestACartIsMadeAndCanceledOnceThoughTheAnswerWasLost(t *testing.T) {
	b := open(t)
	lost := func(method, path, body, key string) string {
		b.claims.broken = errors.New("killed")
		first := b.agent(method, path, body, "Idempotency-Key", key)
		b.claims.broken = nil
		b.clock.advance(2 * time.Minute) // the lease runs out by itself
		again := b.agent(method, path, body, "Idempotency-Key", key)
		if first.Code >= 300 || again.Code != first.Code || again.Body.String() != first.Body.String() {
			t.Fatalf("%s: %d %s, then %d %s", path, first.Code, first.Body, again.Code, again.Body)
		}
		return decoded[cartBody](t, again).ID
	}
	id := lost(http.MethodPost, carts, scarfCart, "a")
	lost(http.MethodPost, carts+"/"+id+"/cancel", "", "b")
	b.gone(id)
}

func TestWhatIsNotSoldIsToldAndTheRestIsACart(t *testing.T) {
	b := open(t)
	w := b.agent(http.MethodPost, carts, `{"line_items":[{"id":"`+idOfNobody+`"},{"id":"101"}]}`)
	wantStatus(t, w, http.StatusCreated)
	c := decoded[cartBody](t, w)
	if len(c.Items) != 1 || len(c.Messages) != 1 || c.Messages[0].Code != "not_found" || !strings.Contains(w.Body.String(), idOfNobody) || c.ContinueURL == "" {
		t.Errorf("%s", w.Body)
	}
	quotes := b.shop.quotes
	w = b.agent(http.MethodPost, carts, `{"line_items":[{"id":"`+idOfNobody+`"}]}`)
	wantStatus(t, w, http.StatusUnprocessableEntity)
	if e := decoded[errorBody](t, w); e.Code != "out_of_stock" || b.shop.quotes != quotes {
		t.Errorf("%+v after %d more quotes", e, b.shop.quotes-quotes)
	}
}

// The mirror still has what the shop has archived.
func TestALineThatTheShopRefusesIsLeftOut(t *testing.T) {
	b := open(t)
	refused := func(line int) {
		b.shop.failing("quote", &acp.Error{
			Kind: acp.KindRefused, Message: "no longer available", Err: &acp.RefusedLine{Index: line, Said: "no longer available"},
		})
	}
	refused(0)
	w := b.agent(http.MethodPost, carts, scarfCart)
	wantStatus(t, w, http.StatusUnprocessableEntity)
	if e := decoded[errorBody](t, w); e.Code != "out_of_stock" {
		t.Errorf("%+v", e)
	}
	refused(7) // a line that the cart does not have
	wantStatus(t, b.agent(http.MethodPost, carts, scarfCart), http.StatusBadRequest)
	b.shop.failing("quote", &acp.Error{Kind: acp.KindRefused, Message: "not like this"})
	wantStatus(t, b.agent(http.MethodPost, carts, scarfCart), http.StatusBadRequest)
}

func TestAShopThatDoesNotAnswerLeavesTheCartAsItWas(t *testing.T) {
	b := open(t)
	c := b.filled()
	b.shop.failing("quote", &acp.Error{Kind: acp.KindUnavailable, Message: "down"})
	wantStatus(t, b.agent(http.MethodPut, carts+"/"+c.ID, threeMore, keyed...), http.StatusServiceUnavailable)
	w := b.agent(http.MethodGet, carts+"/"+c.ID, "")
	wantStatus(t, w, http.StatusOK)
	if decoded[cartBody](t, w).Items[0].Quantity != 2 {
		t.Errorf("%s", w.Body)
	}
	b.shop.failing("quote", nil)
	wantStatus(t, b.agent(http.MethodPut, carts+"/"+c.ID, threeMore, keyed...), http.StatusOK)
}

func TestACartBelongsToItsConnection(t *testing.T) {
	b := open(t)
	c := b.filled()
	other := must(b.access.Connect(t.Context(), b.merchant(), acp.NewConnection{Name: "Other", Completion: acp.HandOff}))
	b.token = other.BearerToken.Reveal()
	b.gone(c.ID)
}

func TestACartIsAnsweredInTheLanguageAskedFor(t *testing.T) {
	b := open(t)
	w := b.agent(http.MethodPost, carts, `{"line_items":[{"id":"101"},{"id":"`+idOfNobody+`"}],"locale":"de"}`)
	wantStatus(t, w, http.StatusCreated)
	wantLanguage(t, w.Header(), "de", w.Body.String(), "Zwischensumme", "nicht verkauft")
	w = b.agent(http.MethodGet, carts+"/"+decoded[cartBody](t, w).ID, "", "Accept-Language", "fr")
	wantLanguage(t, w.Header(), "fr", w.Body.String(), "Sous-total", "retiré du panier")
}

func TestCartPathsAnswerToNothingElse(t *testing.T) {
	b := open(t)
	for _, wrong := range []struct{ method, path string }{
		{http.MethodGet, carts}, {http.MethodDelete, carts + "/cart_1"}, {http.MethodPost, carts + "/cart_1"}, {http.MethodPut, carts + "/cart_1/cancel"},
	} {
		w := b.agent(wrong.method, wrong.path, "")
		wantStatus(t, w, http.StatusMethodNotAllowed)
		if !strings.Contains(w.Header().Get("Allow"), http.MethodOptions) {
			t.Errorf("%s %s allows %q", wrong.method, wrong.path, w.Header().Get("Allow"))
		}
	}
	wantStatus(t, b.call(http.MethodPost, carts, scarfCart), http.StatusUnauthorized)
	wantStatus(t, b.agent(http.MethodPost, carts, scarfCart, "API-Version", ""), http.StatusBadRequest)
	for _, older := range []string{"2025-09-12", "2025-09-29", "2026-01-30"} {
		for _, w := range []*httptest.ResponseRecorder{
			b.agent(http.MethodPost, carts, scarfCart, "API-Version", older), b.agent(http.MethodGet, carts+"/cart_1", "", "API-Version", older),
		} {
			wantStatus(t, w, http.StatusBadRequest)
			if e := decoded[errorBody](t, w); e.Code != "unsupported_api_version" || !strings.Contains(e.Message, "2026-04-17") || b.claims.state() != "" {
				t.Errorf("%s: %+v", older, e)
			}
		}
	}
	wantStatus(t, b.agent(http.MethodPost, carts, scarfCart, "Content-Type", "text/plain"), http.StatusUnsupportedMediaType)
}
