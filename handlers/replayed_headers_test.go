package handlers_test

import (
	"maps"
	"net/http"
	"slices"
	"testing"
)

// A replay differs from the first answer in nothing but the name of the
// request and the word that it is one; Allow and the language of the body are
// there again (RFC 9110, sections 8 and 15.5.6).
func TestAReplayHasTheHeadersOfTheFirstAnswer(t *testing.T) {
	b := open(t)
	s := b.created()
	ended := sessions + "/" + b.created().ID + "/cancel"
	wantStatus(t, b.agent(http.MethodPost, ended, ""), http.StatusOK)
	for name, request := range map[string]struct {
		path, body string
		status     int
		tells      string // a header that belongs to this answer
	}{
		"a session":         {sessions, oneScarf, http.StatusCreated, "Content-Language"},
		"a changed session": {sessions + "/" + s.ID, scarfUpdate, http.StatusOK, "Content-Language"},
		"a refusal":         {sessions, `{}`, http.StatusBadRequest, "Content-Language"},
		"an ended session":  {ended, "", http.StatusMethodNotAllowed, "Allow"},
		"a cart":            {"/acp/carts", `{"line_items":[{"id":"101"}]}`, http.StatusCreated, "Content-Language"},
		"no cart":           {"/acp/carts/cart_x/cancel", "", http.StatusNotFound, "Content-Language"},
	} {
		t.Run(name, func(t *testing.T) {
			first := b.agent(http.MethodPost, request.path, request.body, "Idempotency-Key", name, "Accept-Language", "fr")
			again := b.agent(http.MethodPost, request.path, request.body, "Idempotency-Key", name, "Accept-Language", "ja")
			wantStatus(t, first, request.status)
			wantStatus(t, again, request.status)
			had, has := first.Header().Clone(), again.Header().Clone()
			if had.Get(request.tells) == "" || has.Get("Idempotent-Replayed") != "true" {
				t.Errorf("first %v, again %v", had, has)
			}
			for _, h := range []http.Header{had, has} {
				h.Del("Idempotent-Replayed")
				h.Del("Request-Id")
			}
			if !maps.EqualFunc(had, has, slices.Equal) {
				t.Errorf("first %v, again %v", had, has)
			}
		})
	}
}
