package stripe

import (
	"net/http"
	"strings"
)

// pruneNow answers POST /_sandbox/prune: a day passes for the idempotency keys that
// contain what the body says, {"containing": "cs_1"}, and for all of them without it.
func (s *Server) pruneNow(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Containing string `json:"containing"`
	}
	if err := decodeStrict(w, r, &body); err != nil {
		badRequest(w, "decode prune: "+err.Error())
		return
	}
	s.mu.Lock()
	pruned := 0
	for key := range s.books.Keys {
		if strings.Contains(key, body.Containing) {
			delete(s.books.Keys, key)
			pruned++
		}
	}
	err := s.save()
	s.mu.Unlock()
	if err != nil {
		answer(w, http.StatusInternalServerError, map[string]any{"error": err.Error()})
		return
	}
	answer(w, http.StatusOK, map[string]any{"pruned": pruned})
}
