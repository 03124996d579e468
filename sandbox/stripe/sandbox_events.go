package stripe

import (
	"net/http"
	"slices"
)

// holdEvents answers POST /_sandbox/events: {"hold":true} keeps events back,
// {"hold":false} sends them after all, the newest first when "newest_first" is
// set, as happens to events that failed and are sent again.
func (s *Server) holdEvents(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Hold        bool `json:"hold"`
		NewestFirst bool `json:"newest_first"`
	}
	if err := decodeStrict(w, r, &body); err != nil {
		badRequest(w, "decode hold: "+err.Error())
		return
	}
	s.mu.Lock()
	s.books.Hold = body.Hold
	if body.NewestFirst {
		slices.Reverse(s.books.Outbox)
	}
	due := len(s.books.Outbox)
	err := s.save()
	s.mu.Unlock()
	if err != nil {
		answer(w, http.StatusInternalServerError, map[string]any{"error": err.Error()})
		return
	}
	s.rouse()
	answer(w, http.StatusOK, map[string]any{"due": due})
}
