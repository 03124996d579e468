package agent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

// Names of the operations that can be told to fail through /_sandbox/faults.
const (
	opEvents = "order_events"
	opFeeds  = "feeds"
)

// Config is what the stand-in needs. Now and Log are required.
type Config struct {
	Secret string           // key of the Merchant-Signature; empty: record, verify nothing
	Dir    string           // keeps its books there as agent.json; empty keeps them in memory
	Now    func() time.Time // decides whether a signature is fresh
	Log    *slog.Logger
}

// Server is the stand-in. It is safe for concurrent use.
type Server struct {
	cfg     Config
	faults  *standin.Faults
	closing context.Context
	close   context.CancelFunc

	mu      sync.Mutex // guards what follows
	books   books
	changed chan struct{} // closed and replaced when the books change
}

// books is everything that survives a restart.
type books struct {
	Events  []Event        `json:"events"`
	Pushes  []Push         `json:"feeds"`
	Created []feedMetadata `json:"created_feeds"`
}

// New opens the books.
func New(cfg Config) (*Server, error) {
	var missing []error
	if cfg.Now == nil {
		missing = append(missing, errors.New("missing Now"))
	}
	if cfg.Log == nil {
		missing = append(missing, errors.New("missing Log"))
	}
	if err := errors.Join(missing...); err != nil {
		return nil, fmt.Errorf("configure agent stand-in: %w", err)
	}
	s := &Server{cfg: cfg, faults: standin.NewFaults(opEvents, opFeeds), changed: make(chan struct{})}
	if cfg.Dir != "" {
		if _, err := standin.Load(s.file(), &s.books); err != nil {
			return nil, fmt.Errorf("open agent stand-in: %w", err)
		}
	}
	s.closing, s.close = context.WithCancel(context.Background())
	return s, nil
}

// Close ends delays and waits.
func (s *Server) Close(context.Context) error {
	s.close()
	return nil
}

// Handler serves the agent's paths and the sandbox's own under /_sandbox/.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	events := s.operation(opEvents, s.receiveEvent)
	mux.Handle("POST /agentic_checkout/webhooks/order_events", events)
	mux.Handle("POST /agentic_checkout/webhooks/order_events/{connection}", events)
	mux.Handle("POST /feeds", s.operation(opFeeds, s.createFeed))
	mux.Handle("GET /feeds/{id}", http.HandlerFunc(s.showFeed))
	mux.Handle("PATCH /feeds/{id}/products", s.operation(opFeeds, s.upsertProducts))
	mux.Handle("POST /feeds/{path...}", s.operation(opFeeds, s.dropFile))

	mux.Handle("GET /_sandbox/state", http.HandlerFunc(s.showState))
	mux.Handle("/_sandbox/faults", s.faults.Handler())
	return mux
}

// Events lists what has arrived, oldest first. changed is closed when the list is no
// longer all there is, so that a caller can wait without polling.
func (s *Server) Events() (list []Event, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Event{}, s.books.Events...), s.changed
}

// keep changes the books, writes them and wakes whoever waits.
func (s *Server) keep(change func(*books)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.books)
	close(s.changed)
	s.changed = make(chan struct{})
	if s.cfg.Dir == "" {
		return nil
	}
	return standin.Save(s.file(), &s.books)
}

func (s *Server) file() string { return filepath.Join(s.cfg.Dir, "agent.json") }
