package stripe

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

// operation runs under the lock and answers with something that encodes to JSON.
type operation func(c *call) (any, *failure)

// reading serves an operation that changes nothing.
func (s *Server) reading(name string, run operation) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, refused := s.admit(w, r)
		if refused != nil {
			s.deliver(w, c, standin.Fault{}, refused.outcome(c))
			return
		}
		fault, _ := s.faults.For(r, name)
		if s.stoppedByFault(w, c, fault) {
			return
		}
		s.linger(r.Context(), fault)
		s.deliver(w, c, fault, s.read(c, fault, run))
	}
}

func (s *Server) read(c *call, fault standin.Fault, run operation) *outcome {
	switch fault.Mode {
	case standin.HTTP500, standin.HTTP500After:
		return serverError().outcome(c)
	case standin.UserError:
		return missing("object", "id", c.id).outcome(c)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.catchUp(c.now)
	return s.outcomeOf(c, run)
}

// mutation serves an operation with an effect. Order: authenticate, faults that come
// before everything, idempotency key, delay, effect, answer.
func (s *Server) mutation(name string, run operation) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, refused := s.admit(w, r)
		if refused != nil {
			s.deliver(w, c, standin.Fault{}, refused.outcome(c))
			return
		}
		fault, _ := s.faults.For(r, name)
		if s.stoppedByFault(w, c, fault) {
			return
		}
		out := s.claimKey(c)
		if out == nil {
			s.linger(r.Context(), fault)
			out = s.execute(c, fault, run)
		}
		s.deliver(w, c, fault, out)
	}
}

// stoppedByFault answers in the modes in which nothing happens and nothing is kept.
func (s *Server) stoppedByFault(w http.ResponseWriter, c *call, fault standin.Fault) bool {
	switch fault.Mode {
	case standin.DropBefore:
		standin.Drop(w)
	case standin.Throttle:
		s.deliver(w, c, fault, throttled().outcome(c))
	case standin.Garbage:
		s.deliver(w, c, fault, &outcome{Status: http.StatusOK, Body: []byte(`{"id": "pi_`), RequestID: c.requestID})
	default:
		return false
	}
	return true
}

// execute has the effect and keeps what will be answered in the same write. A fault
// http_500 has no effect, but its answer is kept: execution had begun. So is the answer
// of http_500_after, which hides an effect for as long as the key lives.
func (s *Server) execute(c *call, fault standin.Fault, run operation) *outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer delete(s.inFlight, c.key)
	s.catchUp(c.now)
	c.declined = fault.Mode == standin.UserError
	out := serverError().outcome(c)
	if fault.Mode != standin.HTTP500 {
		out = s.outcomeOf(c, run)
	}
	if fault.Mode == standin.HTTP500After {
		out = serverError().outcome(c)
	}
	if c.key != "" && !out.notBegun {
		s.books.Keys[c.key] = out
	}
	if err := s.save(); err != nil {
		s.cfg.Log.Error("Stripe stand-in cannot keep its books", "error", err)
		return serverError().outcome(c)
	}
	return out
}

func (s *Server) outcomeOf(c *call, run operation) *outcome {
	v, refused := run(c)
	if refused != nil {
		return refused.outcome(c)
	}
	return encode(c, http.StatusOK, v)
}

func (f *failure) outcome(c *call) *outcome {
	out := encode(c, f.status, map[string]any{"error": f.body})
	out.notBegun = f.notBegun
	return out
}

func encode(c *call, status int, v any) *outcome {
	body, err := json.Marshal(v)
	if err != nil { // only values built in this package come here
		status, body = http.StatusInternalServerError, []byte(`{"error":{"type":"api_error","message":"encode"}}`)
	}
	return &outcome{
		Status: status, Body: body, RequestID: c.requestID,
		Fingerprint: c.fingerprint(), Path: c.path, At: c.now.Unix(),
	}
}

// linger holds the answer back. A caller who hangs up meanwhile does not undo the
// request: Stripe has it and carries on, which is what makes a timeout ambiguous.
func (s *Server) linger(ctx context.Context, fault standin.Fault) {
	if fault.Mode != standin.Delay {
		return
	}
	timer := time.NewTimer(time.Duration(fault.DelayMS) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.faults.Released():
	case <-ctx.Done():
	case <-s.closing.Done():
	}
}

func (s *Server) deliver(w http.ResponseWriter, c *call, fault standin.Fault, out *outcome) {
	if fault.Mode == standin.DropAfter {
		standin.Drop(w)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Request-Id", c.requestID)
	h.Set("Stripe-Version", c.version)
	if c.key != "" {
		h.Set("Idempotency-Key", c.key)
		h.Set("Original-Request", out.RequestID)
	}
	if out.RequestID != c.requestID {
		h.Set("Idempotent-Replayed", "true")
	}
	w.WriteHeader(out.Status)
	_, _ = w.Write(out.Body) // a caller who hung up cannot be told
}
