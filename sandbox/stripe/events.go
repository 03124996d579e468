package stripe

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

const (
	eventAttempts = 12 // Stripe tries for three days; the stand-in for about two minutes
	eventTimeout  = 10 * time.Second
	firstBackoff  = 100 * time.Millisecond
	noAddressWait = 3 // pause as after so many failures while nobody has an address
	longBackoff   = 30 * time.Second
)

var errNoAddress = errors.New("the webhook has no address yet")

// event is news that has not been delivered yet.
type event struct {
	ID       string          `json:"id"`
	Body     json.RawMessage `json:"body"`
	Attempts int             `json:"attempts"`
	Copies   int             `json:"copies"` // deliveries still owed: two where it is sent twice on purpose
	Late     bool            `json:"late"`   // lets the next one overtake it
}

// Stripe promises neither order nor a single delivery; which events are doubled
// or late is decided by their number, so that a run can be repeated.
const (
	everyTwice = 5
	everyLate  = 4
)

// emit puts news in the same write as its cause. c is nil when time alone caused it.
func (s *Server) emit(kind string, object map[string]any, now time.Time, c *call) {
	if s.cfg.WebhookURL == nil {
		return
	}
	request := map[string]any{"id": nil, "idempotency_key": nil}
	if c != nil {
		request = map[string]any{"id": c.requestID, "idempotency_key": orNull(c.key != "", c.key)}
	}
	id := newID("evt")
	body, err := json.Marshal(map[string]any{
		"id": id, "object": "event", "type": kind, "api_version": defaultVersion, "created": now.Unix(),
		"livemode": false, "pending_webhooks": 1, "request": request, "data": map[string]any{"object": object},
	})
	if err != nil {
		s.cfg.Log.Error("Stripe stand-in cannot encode an event", "type", kind, "error", err)
		return
	}
	s.books.Sent++
	e := &event{ID: id, Body: body, Copies: 1, Late: s.books.Sent%everyLate == 0}
	if s.books.Sent%everyTwice == 0 {
		e.Copies = 2
	}
	s.books.Outbox = append(s.books.Outbox, e)
	s.rouse()
}

// rouse has the outbox looked at.
func (s *Server) rouse() {
	select {
	case s.wake <- struct{}{}:
	default: // awake already
	}
}

// deliverEvents sends the outbox, more or less in order, until the server closes.
func (s *Server) deliverEvents() {
	for {
		next := s.nextEvent()
		if next == nil {
			select {
			case <-s.wake:
				continue
			case <-s.closing.Done():
				return
			}
		}
		err := s.send(next)
		if s.closing.Err() != nil {
			return
		}
		failures := next.Attempts + 1
		if errors.Is(err, errNoAddress) {
			failures = noAddressWait
		}
		if !s.settle(next, err) && !s.pause(failures) {
			return
		}
	}
}

func (s *Server) nextEvent() *event {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case len(s.books.Outbox) == 0 || s.books.Hold:
		return nil
	case len(s.books.Outbox) > 1 && s.books.Outbox[0].Late:
		s.books.Outbox[0].Late = false
		return s.books.Outbox[1]
	}
	return s.books.Outbox[0]
}

// settle takes a delivered or hopeless event off the outbox; false means try again.
func (s *Server) settle(e *event, sent error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if errors.Is(sent, errNoAddress) { // waiting for an address is no attempt
		return false
	}
	e.Attempts++
	if sent != nil && e.Attempts < eventAttempts {
		return false
	}
	if sent != nil {
		s.cfg.Log.Warn("Stripe stand-in gives up on an event", "event", e.ID, "error", sent)
		e.Copies = 0
	}
	if e.Copies--; e.Copies <= 0 {
		s.books.Outbox = slices.DeleteFunc(s.books.Outbox, func(other *event) bool { return other == e })
	}
	if err := s.save(); err != nil {
		s.cfg.Log.Error("Stripe stand-in cannot keep its books", "error", err)
	}
	return true
}

func (s *Server) pause(failures int) bool {
	timer := time.NewTimer(min(firstBackoff<<failures, longBackoff))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.closing.Done():
		return false
	}
}

// send posts one event signed as Stripe signs it: HMAC-SHA256 over time, dot, body
// (docs.stripe.com/webhooks, verify manually).
func (s *Server) send(e *event) error {
	url := s.cfg.WebhookURL()
	if url == "" {
		return fmt.Errorf("send event: %w", errNoAddress)
	}
	ctx, cancel := context.WithTimeout(s.closing, eventTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(e.Body))
	if err != nil {
		return fmt.Errorf("send event: %w", err)
	}
	at := strconv.FormatInt(s.cfg.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(s.cfg.WebhookSecret))
	mac.Write([]byte(at + "."))
	mac.Write(e.Body)
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
	req.Header.Set("Stripe-Signature", "t="+at+",v1="+hex.EncodeToString(mac.Sum(nil)))
	res, err := s.client.Do(req)
	if err != nil {
		return fmt.Errorf("send event: %w", err)
	}
	_ = res.Body.Close() // only the status counts
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("send event: status %d", res.StatusCode)
	}
	return nil
}
