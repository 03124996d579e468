package till

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

// Names of the operations that can be told to fail through /_sandbox/faults.
const (
	opSale   = "sales.put"
	opRead   = "sales.get"
	opRefund = "refunds.put"
)

// Config is what the stand-in needs; all but Dir is required.
type Config struct {
	Key string           // the only API key it accepts
	Dir string           // keeps its books there as till.json; empty keeps them in memory
	Now func() time.Time // decides when tokens expire
	Log *slog.Logger
}

// Server is the stand-in. It is safe for concurrent use.
type Server struct {
	cfg    Config
	faults *standin.Faults
	mu     sync.Mutex // guards books; a sale is decided under it, once
	books  books

	closing context.Context
	close   context.CancelFunc
}

// New opens the books.
func New(cfg Config) (*Server, error) {
	if cfg.Key == "" || cfg.Now == nil || cfg.Log == nil {
		return nil, errors.New("configure till stand-in: Key, Now and Log are required")
	}
	s := &Server{cfg: cfg, faults: standin.NewFaults(opSale, opRead, opRefund)}
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("open till stand-in: %w", err)
	}
	s.closing, s.close = context.WithCancel(context.Background())
	return s, nil
}

// Close ends delays.
func (s *Server) Close(context.Context) error {
	s.close()
	return nil
}

// Handler serves the till's paths and the sandbox's own under /_sandbox/.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("PUT /v1/sales/{request}", s.serve(opSale, s.putSale))
	mux.Handle("GET /v1/sales/{id}", s.serve(opRead, s.getSale))
	mux.Handle("PUT /v1/sales/{id}/refunds/{request}", s.serve(opRefund, s.putRefund))

	mux.Handle("GET /_sandbox/state", http.HandlerFunc(s.showState))
	mux.Handle("POST /_sandbox/tokens", http.HandlerFunc(s.mintToken))
	mux.Handle("POST /_sandbox/tokens/{id}/revoke", http.HandlerFunc(s.revokeToken))
	mux.Handle("POST /_sandbox/sales/{id}/dispute", http.HandlerFunc(s.disputeSale))
	mux.Handle("/_sandbox/faults", s.faults.Handler())
	return mux
}
