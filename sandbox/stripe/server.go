package stripe

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
	opCreate   = "payment_intents.create"
	opCapture  = "payment_intents.capture"
	opCancel   = "payment_intents.cancel"
	opRetrieve = "payment_intents.retrieve"
	opSearch   = "payment_intents.search"
	opList     = "payment_intents.list"
	opRefund   = "refunds.create"
	opRefunds  = "refunds.list"
	opDisputes = "disputes.list"
	opToken    = "granted_tokens.retrieve"
)

// Config is what the stand-in needs. SecretKey, Now and Log are required.
type Config struct {
	SecretKey string           // the only API key it accepts
	Dir       string           // keeps its books there as stripe.json; empty keeps them in memory
	Now       func() time.Time // decides expiry, lapse, search lag and the life of idempotency keys
	Log       *slog.Logger

	// WebhookURL, when set, names where events go; it is asked before each delivery, and
	// an empty answer means "not yet". WebhookSecret signs them and is required with it.
	WebhookURL    func() string
	WebhookSecret string
}

// Server is the stand-in. It is safe for concurrent use.
type Server struct {
	cfg    Config
	faults *standin.Faults

	mu       sync.Mutex // guards books and inFlight
	books    books
	inFlight map[string]bool // idempotency keys whose first request still runs

	client  *http.Client  // delivers events; no proxy, no connections left open
	wake    chan struct{} // holds one token while events may be waiting
	closing context.Context
	close   context.CancelFunc
	worker  sync.WaitGroup
}

// New opens the books and starts delivering events when a webhook is configured.
func New(cfg Config) (*Server, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("configure Stripe stand-in: %w", err)
	}
	s := &Server{
		cfg: cfg, inFlight: map[string]bool{}, wake: make(chan struct{}, 1),
		client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
		faults: standin.NewFaults(opCreate, opCapture, opCancel, opRetrieve, opSearch, opList, opRefund, opRefunds, opDisputes, opToken),
	}
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("open Stripe stand-in: %w", err)
	}
	s.closing, s.close = context.WithCancel(context.Background())
	if cfg.WebhookURL != nil {
		s.wake <- struct{}{} // events left over from the last run
		s.worker.Go(s.deliverEvents)
	}
	return s, nil
}

func (c Config) check() error {
	var missing []error
	if c.SecretKey == "" {
		missing = append(missing, errors.New("missing SecretKey"))
	}
	if c.Now == nil {
		missing = append(missing, errors.New("missing Now"))
	}
	if c.Log == nil {
		missing = append(missing, errors.New("missing Log"))
	}
	if c.WebhookURL != nil && c.WebhookSecret == "" {
		missing = append(missing, errors.New("missing WebhookSecret"))
	}
	return errors.Join(missing...)
}

// Close ends delays and event delivery; events not yet delivered stay in the books.
func (s *Server) Close(ctx context.Context) error {
	s.close()
	done := make(chan struct{})
	go func() { s.worker.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("close Stripe stand-in: %w", ctx.Err())
	}
}

// Handler serves Stripe's paths and the sandbox's own under /_sandbox/.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /v1/payment_intents", s.mutation(opCreate, s.createPayment))
	mux.Handle("POST /v1/payment_intents/{id}/capture", s.mutation(opCapture, s.capturePayment))
	mux.Handle("POST /v1/payment_intents/{id}/cancel", s.mutation(opCancel, s.cancelPayment))
	mux.Handle("POST /v1/refunds", s.mutation(opRefund, s.createRefund))
	mux.Handle("GET /v1/payment_intents", s.reading(opList, s.listPayments))
	mux.Handle("GET /v1/payment_intents/search", s.reading(opSearch, s.searchPayments))
	mux.Handle("GET /v1/payment_intents/{id}", s.reading(opRetrieve, s.retrievePayment))
	mux.Handle("GET /v1/refunds", s.reading(opRefunds, s.listRefunds))
	mux.Handle("GET /v1/refunds/{id}", s.reading("", s.retrieveRefund))
	mux.Handle("GET /v1/disputes", s.reading(opDisputes, s.listDisputes))
	mux.Handle("GET /v1/shared_payment/granted_tokens/{id}", s.reading(opToken, preview(s.retrieveToken)))
	mux.Handle("POST /v1/test_helpers/shared_payment/granted_tokens", s.mutation("", preview(s.createToken)))
	mux.Handle("POST /v1/test_helpers/shared_payment/granted_tokens/{id}/revoke", s.mutation("", preview(s.revokeToken)))
	mux.Handle("/", s.reading("", unrecognized))

	mux.Handle("GET /_sandbox/state", http.HandlerFunc(s.showState))
	mux.Handle("POST /_sandbox/tokens", http.HandlerFunc(s.mintToken))
	mux.Handle("POST /_sandbox/payments/{id}/authenticate", http.HandlerFunc(s.authenticatePayment))
	mux.Handle("POST /_sandbox/tokens/{id}/revoke", http.HandlerFunc(s.revokeAtAgent))
	mux.Handle("POST /_sandbox/payments/{id}/cancel", http.HandlerFunc(s.cancelInDashboard))
	mux.Handle("POST /_sandbox/payments/{id}/capture", http.HandlerFunc(s.captureInDashboard))
	mux.Handle("POST /_sandbox/payments/{id}/refund", http.HandlerFunc(s.refundInDashboard))
	mux.Handle("POST /_sandbox/payments/{id}/dispute", http.HandlerFunc(s.disputePayment))
	mux.Handle("POST /_sandbox/refunds/{id}", http.HandlerFunc(s.changeRefund))
	mux.Handle("POST /_sandbox/events", http.HandlerFunc(s.holdEvents))
	mux.Handle("POST /_sandbox/prune", http.HandlerFunc(s.pruneNow))
	mux.Handle("/_sandbox/faults", s.faults.Handler())
	return mux
}
