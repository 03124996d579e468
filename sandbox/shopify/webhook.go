package shopify

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"
)

// delivery is one webhook on its way to the app. It stays in the books until the app has
// answered 2xx or every attempt has failed.
type delivery struct {
	ID          string        `json:"id"`       // X-Shopify-Webhook-Id, the same on every attempt
	EventID     string        `json:"event_id"` // the same for all deliveries of one action
	Topic       string        `json:"topic"`
	URI         string        `json:"uri"`
	Name        string        `json:"name"`
	Body        string        `json:"body"`
	TriggeredAt time.Time     `json:"triggered_at"`
	Attempts    int           `json:"attempts"`
	Copies      int           `json:"copies"` // deliveries still owed: two where it is sent twice on purpose
	Hold        time.Duration `json:"hold"`   // kept back so that a later one overtakes it
	started     bool          // a goroutine is at it
}

const (
	everyTwice   = 5 // each fifth delivery is made twice
	everyLate    = 4 // each fourth is overtaken by later ones
	lateBy       = 60 * time.Millisecond
	maxAttempts  = 9 // the first and eight retries
	firstBackoff = 250 * time.Millisecond
)

// notify owes a webhook to every subscription of its topic. It runs under the lock; the
// app is called later, by deliver. Which deliveries are doubled or late is decided by
// their number, so that a run can be repeated.
//
// A fault ordered for "webhooks" loses what one event would have sent, whatever its mode:
// Shopify promises no delivery.
func (s *Server) notify(topic string, payload object) {
	if _, lost := s.faults.Take("webhooks"); lost {
		return
	}
	event := uuid.NewString()
	for _, sub := range s.cfg.Subscriptions {
		if sub.Topic != topic {
			continue
		}
		body, err := json.Marshal(only(payload, sub.IncludeFields))
		if err != nil {
			s.cfg.Log.Error("encode webhook", "topic", topic, "error", err)
			continue
		}
		s.books.Sent++
		d := &delivery{
			ID: uuid.NewString(), EventID: event, Topic: topic, URI: sub.URI, Name: sub.Name, Body: string(body),
			TriggeredAt: s.cfg.Now().UTC(), Copies: 1,
		}
		if s.books.Sent%everyTwice == 0 {
			d.Copies = 2
		}
		if s.books.Sent%everyLate == 0 {
			d.Hold = lateBy
		}
		s.books.Deliveries = append(s.books.Deliveries, d)
	}
	s.rouse()
}

func only(payload object, names []string) object {
	if len(names) == 0 {
		return payload
	}
	out := object{}
	for name, value := range payload {
		if slices.Contains(names, name) {
			out[name] = value
		}
	}
	return out
}

// rouse lets dispatch look for deliveries that nobody has started.
func (s *Server) rouse() {
	select {
	case s.wake <- struct{}{}:
	default: // it is to look already
	}
}

// dispatch starts every delivery that is owed until the stand-in closes; what is owed
// then waits in the books.
func (s *Server) dispatch() {
	defer s.posts.Done()
	for {
		select {
		case <-s.wake:
			s.startDeliveries()
		case <-s.stop:
			return
		}
	}
}

func (s *Server) startDeliveries() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.books.Deliveries {
		if !d.started {
			d.started = true
			s.posts.Add(1)
			go s.deliver(d)
		}
	}
}
