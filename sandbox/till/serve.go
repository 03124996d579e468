package till

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

// answer is what an operation comes to.
type answer struct {
	status int
	body   any
}

func refused(status int, code, text string) answer {
	return answer{status, map[string]string{"code": code, "text": text}}
}

// operation runs under the lock.
type operation func(r *http.Request, body []byte) answer

const bodyLimit = 64 << 10

// serve lets a call in, acts an ordered fault out, has the effect and answers.
func (s *Server) serve(name string, run operation) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Till-Key") != s.cfg.Key {
			write(w, refused(http.StatusUnauthorized, "bad_key", "The key is not known."))
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
		if err != nil {
			write(w, refused(http.StatusBadRequest, "malformed", "The body could not be read."))
			return
		}
		fault, _ := s.faults.For(r, name)
		if s.stopped(w, fault) {
			return
		}
		s.linger(r.Context(), fault)
		a := s.execute(r, body, run)
		switch fault.Mode {
		case standin.DropAfter:
			standin.Drop(w)
		case standin.HTTP500After:
			write(w, refused(http.StatusInternalServerError, "broken", "Something broke."))
		default:
			write(w, a)
		}
	}
}

// stopped answers in the modes in which nothing happens.
func (s *Server) stopped(w http.ResponseWriter, fault standin.Fault) bool {
	switch fault.Mode {
	case standin.DropBefore:
		standin.Drop(w)
	case standin.HTTP500:
		write(w, refused(http.StatusInternalServerError, "broken", "Something broke."))
	case standin.Throttle:
		w.Header().Set("Retry-After", "1")
		write(w, refused(http.StatusTooManyRequests, "slow_down", "Too many requests."))
	case standin.Garbage:
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write([]byte(`{"id": "S-`))
	case standin.UserError:
		write(w, refused(http.StatusUnprocessableEntity, "not_allowed", "This is not allowed."))
	default:
		return false
	}
	return true
}

func (s *Server) execute(r *http.Request, body []byte, run operation) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := run(r, body)
	if err := s.save(); err != nil {
		s.cfg.Log.Error("till stand-in cannot keep its books", "error", err)
		return refused(http.StatusInternalServerError, "broken", "Something broke.")
	}
	return a
}

// linger holds the call back; a caller who hangs up does not undo it.
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

func write(w http.ResponseWriter, a answer) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.status)
	_ = json.NewEncoder(w).Encode(a.body) // a caller who hung up cannot be told
}

// decode reads one JSON object without unknown members; an empty body leaves v
// as it is.
func decode(r io.Reader, v any) error {
	dec := json.NewDecoder(io.LimitReader(r, bodyLimit))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}
