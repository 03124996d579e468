package shopify

import (
	"net/http"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

// withFault runs serve unless a failure was ordered for operation.
func (s *Server) withFault(w http.ResponseWriter, r *http.Request, operation string, serve func(http.ResponseWriter)) {
	fault, ok := s.faults.For(r, operation)
	if !ok {
		serve(w)
		return
	}
	s.suffer(w, r, fault, serve)
}

// suffer acts a fault out. throttle and user_error are told in each door's own words, so
// callers that have such words handle them before; here they are plain HTTP answers.
func (s *Server) suffer(w http.ResponseWriter, r *http.Request, fault standin.Fault, serve func(http.ResponseWriter)) {
	switch fault.Mode {
	case standin.DropBefore:
		standin.Drop(w)
	case standin.DropAfter:
		serve(nowhere{http.Header{}}) // takes effect, its answer goes nowhere
		standin.Drop(w)
	case standin.HTTP500, standin.HTTP500After:
		if fault.Mode == standin.HTTP500After {
			serve(nowhere{http.Header{}})
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write([]byte("<html><body><h1>Something went wrong</h1></body></html>"))
	case standin.Garbage:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"data":{"oops`))
	case standin.Throttle:
		w.Header().Set("Retry-After", "2.0")
		writeJSON(w, http.StatusTooManyRequests, map[string]string{"errors": "Exceeded 2 calls per second for api client."})
	case standin.Delay:
		if s.wait(r, time.Duration(fault.DelayMS)*time.Millisecond) {
			serve(w)
		}
	default:
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_request"})
	}
}

// wait pauses; false means that the caller hung up first.
func (s *Server) wait(r *http.Request, d time.Duration) bool {
	select {
	case <-s.cfg.After(d):
		return true
	case <-s.faults.Released():
		return true
	case <-r.Context().Done():
		return false
	}
}

// nowhere is the answer of an operation that took effect and was lost.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header         { return n.header }
func (n nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (n nowhere) WriteHeader(int)             {}
