package stripe

import (
	"path/filepath"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

// books is everything that survives a restart. One file holds it all, so that an
// effect, its idempotency record and its event are kept together or not at all.
type books struct {
	Tokens   []*token            `json:"tokens"`
	Payments []*payment          `json:"payments"`
	Refunds  []*refund           `json:"refunds"`
	Disputes []*dispute          `json:"disputes"`
	Keys     map[string]*outcome `json:"keys"`
	Outbox   []*event            `json:"outbox"`
	Sent     int                 `json:"events_made"`
	Hold     bool                `json:"hold_events"`
}

func (s *Server) load() error {
	s.books.Keys = map[string]*outcome{}
	if s.cfg.Dir == "" {
		return nil
	}
	_, err := standin.Load(s.file(), &s.books)
	return err
}

func (s *Server) save() error {
	if s.cfg.Dir == "" {
		return nil
	}
	return standin.Save(s.file(), &s.books)
}

func (s *Server) file() string { return filepath.Join(s.cfg.Dir, "stripe.json") }

// catchUp applies what happened by the passing of time alone.
func (s *Server) catchUp(now time.Time) {
	for _, t := range s.books.Tokens {
		if t.DeactivatedAt == 0 && now.Unix() >= t.ExpiresAt {
			t.deactivate("expired", t.ExpiresAt)
			s.emit("shared_payment.granted_token.deactivated", t.present(), now, nil)
		}
	}
	for _, p := range s.books.Payments {
		if p.Status == requiresCapture && now.Unix() >= p.CaptureBefore {
			p.cancel("automatic", p.CaptureBefore)
			s.emit("payment_intent.canceled", p.present(), now, nil)
		}
	}
	s.pruneKeys(now)
}

func (s *Server) payment(id string) *payment {
	for _, p := range s.books.Payments {
		if p.ID == id {
			return p
		}
	}
	return nil
}

func (s *Server) token(id string) *token {
	for _, t := range s.books.Tokens {
		if t.ID == id {
			return t
		}
	}
	return nil
}
