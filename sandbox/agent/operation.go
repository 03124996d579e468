package agent

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

const (
	eventLimit = 1 << 20
	feedLimit  = 64 << 20
)

// flatError is the protocol's error body: flat, without an envelope.
type flatError struct {
	Type    string `json:"type"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Param   string `json:"param,omitempty"`
}

func invalid(code, message string) *reply {
	return &reply{http.StatusBadRequest, flatError{Type: "invalid_request", Code: code, Message: message}}
}

// reply is an answer on its way out.
type reply struct {
	status int
	body   any
}

// arrival is one request with its body as it came over the wire.
type arrival struct {
	*http.Request
	raw       []byte
	requestID string
	at        time.Time
}

// operation reads a request, has the ordered fault or the effect, and answers.
func (s *Server) operation(name string, run func(arrival) *reply) http.Handler {
	limit := int64(eventLimit)
	if name == opFeeds {
		limit = feedLimit
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := arrival{Request: r, requestID: r.Header.Get("Request-Id"), at: s.cfg.Now()}
		if a.requestID == "" {
			a.requestID = "req_" + strings.ToLower(rand.Text())
		}
		raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
		if err != nil {
			send(w, a, unreadable(err))
			return
		}
		a.raw = raw
		fault, _ := s.faults.For(r, name)
		if s.stoppedByFault(w, a, fault) {
			return
		}
		if fault.Mode == standin.Delay {
			s.linger(r.Context(), time.Duration(fault.DelayMS)*time.Millisecond)
		}
		answer := run(a)
		switch fault.Mode {
		case standin.DropAfter:
			standin.Drop(w)
		case standin.HTTP500After:
			send(w, a, broken())
		default:
			send(w, a, answer)
		}
	})
}

func unreadable(err error) *reply {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		r := invalid("payload_too_large", "The body is too large.")
		r.status = http.StatusRequestEntityTooLarge
		return r
	}
	return invalid("invalid_body", "The body could not be read.")
}

// stoppedByFault answers in the modes in which nothing happens.
func (s *Server) stoppedByFault(w http.ResponseWriter, a arrival, fault standin.Fault) bool {
	switch fault.Mode {
	case standin.DropBefore:
		standin.Drop(w)
	case standin.HTTP500:
		send(w, a, broken())
	case standin.Throttle:
		w.Header().Set("Retry-After", "1")
		send(w, a, &reply{http.StatusTooManyRequests, flatError{Type: "service_unavailable", Code: "rate_limited", Message: "Too many requests."}})
	case standin.UserError:
		send(w, a, invalid("invalid_payload", "The payload was refused."))
	case standin.Garbage:
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"received": tr`) // a caller who hung up cannot be told
	default:
		return false
	}
	return true
}

// linger holds a request back; a caller who hangs up meanwhile has still delivered it.
func (s *Server) linger(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.faults.Released():
	case <-ctx.Done():
	case <-s.closing.Done():
	}
}

func send(w http.ResponseWriter, a arrival, r *reply) {
	w.Header().Set("Request-Id", a.requestID)
	writeJSON(w, r.status, r.body)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a caller who hung up cannot be told
}

func (s *Server) cannotKeep(err error) *reply {
	s.cfg.Log.Error("agent stand-in cannot keep its books", "error", err)
	return broken()
}

func broken() *reply {
	return &reply{http.StatusInternalServerError, flatError{Type: "processing_error", Code: "internal_error", Message: "Something went wrong."}}
}

// text is the body as sent, or unpacked when it came gzipped.
func (a arrival) text() ([]byte, error) {
	if a.Header.Get("Content-Encoding") != "gzip" {
		return a.raw, nil
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(a.raw))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(unpacked, feedLimit))
}
