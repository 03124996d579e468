package agent

import (
	"encoding/json"
	"net/http"
	"time"
)

// Event is one order event as it arrived. Body is the raw text, over which the
// signature was made. SignatureValid is false as well when no secret is configured:
// nothing was verified then.
type Event struct {
	ReceivedAt     time.Time           `json:"received_at"`
	Path           string              `json:"path"`
	Headers        map[string][]string `json:"headers"`
	Body           string              `json:"body"`
	SignatureValid bool                `json:"signature_valid"`
	Status         int                 `json:"status"` // the HTTP status that it was answered with
}

// receiveEvent records first and judges then: a badly signed event shows up in the
// state too, where its sender can be found out.
func (s *Server) receiveEvent(a arrival) *reply {
	answer := &reply{http.StatusOK, map[string]any{"received": true, "request_id": a.requestID}}
	bad := s.verify(a.Header.Get("Merchant-Signature"), a.raw, a.at)
	switch {
	case bad != "":
		answer = invalid("invalid_signature", bad)
		answer.status = http.StatusUnauthorized
	case !isEvent(a.raw):
		answer = invalid("invalid_payload", "The body must be a JSON object with a type and the order as data.")
	}
	e := Event{
		ReceivedAt: a.at.UTC(), Path: a.URL.Path, Headers: a.Header.Clone(), Body: string(a.raw),
		SignatureValid: s.cfg.Secret != "" && bad == "", Status: answer.status,
	}
	if err := s.keep(func(b *books) { b.Events = append(b.Events, e) }); err != nil {
		return s.cannotKeep(err)
	}
	return answer
}

// isEvent asks for no particular type: receivers must accept types they do not know.
func isEvent(raw []byte) bool {
	var e struct {
		Type string          `json:"type"`
		Data *map[string]any `json:"data"`
	}
	return json.Unmarshal(raw, &e) == nil && e.Type != "" && e.Data != nil
}
