package shopify

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify/pricing"
	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

// Server is a running stand-in. Its methods are safe for concurrent use.
type Server struct {
	cfg     Config
	schema  *ast.Schema
	shop    pricing.Shop
	decimal int // of the shop's currency
	roots   map[string]rootField
	faults  *standin.Faults
	bucket  *bucket
	pages   *template.Template

	mu      sync.Mutex // guards all below; never held while the app is called
	books   books
	baseURL string
	closed  bool

	files sync.Map // bulk files by name, where there is no folder for them

	stop   chan struct{}      // closed: no further attempt to deliver
	cancel context.CancelFunc // ends the attempts under way
	alive  context.Context    //nolint:containedctx // lifetime of the deliveries, not of a request
	wake   chan struct{}
	posts  sync.WaitGroup
	slots  chan struct{}
}

// New opens the books in cfg.Dir, or starts new ones with cfg.Products, and resumes the
// webhook deliveries still due.
func New(cfg Config) (*Server, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("configure Shopify stand-in: %w", err)
	}
	cfg = cfg.withDefaults()
	schema, err := loadSchema(cfg.SDL)
	if err != nil {
		return nil, err
	}
	s := &Server{
		cfg: cfg, schema: schema, shop: cfg.Settings.pricing(), decimal: pricing.Exponent(cfg.Settings.Currency),
		bucket: newBucket(cfg.Now, cfg.Settings.Plus), stop: make(chan struct{}), wake: make(chan struct{}, 1), slots: make(chan struct{}, deliverySlots),
	}
	if s.pages, err = parsePages(); err != nil {
		return nil, err
	}
	s.roots = rootFields()
	s.faults = standin.NewFaults(s.operations()...)
	s.alive, s.cancel = context.WithCancel(context.Background())
	if err := s.openBooks(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts.Add(1)
	go s.dispatch()
	s.rouse()
	for _, b := range s.books.Bulks {
		if b.active() {
			s.finishLater(b)
		}
	}
	return s, nil
}

func loadSchema(sdl string) (*ast.Schema, error) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "admin.graphql", Input: sdl})
	if err != nil {
		return nil, fmt.Errorf("load Admin API schema: %w", err)
	}
	return schema, nil
}

// operations are the names that a fault can be ordered for.
func (s *Server) operations() []string {
	names := []string{"oauth", "bulk_download", "webhooks"}
	for name := range s.roots {
		names = append(names, name)
	}
	return names
}

// SetBaseURL tells the stand-in its own loopback URL, from which invoice, status and
// product pages, pictures and the miniature admin are linked.
func (s *Server) SetBaseURL(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.baseURL = strings.TrimRight(url, "/")
}

// Close waits for the webhook deliveries under way, until ctx ends, and writes the books.
// Deliveries still due stay in the books and resume with the next New on the same folder.
func (s *Server) Close(ctx context.Context) error {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.stop)
	}
	s.mu.Unlock()
	done := make(chan struct{})
	go func() { s.posts.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		s.cancel()
		<-done
	}
	s.cancel()
	if t, ok := s.cfg.Webhooks.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commit()
}

func (s *Server) now() time.Time { return s.cfg.Now().UTC().Truncate(time.Second) }

// shopName is the part of the domain that admin URLs carry.
func (s *Server) shopName() string { return strings.TrimSuffix(s.cfg.Shop, ".myshopify.com") }

// Handler routes everything that Shopify's hosts answer to this app. Requests for
// *.myshopify.com and storage.googleapis.com arrive here with their Host kept.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /admin/oauth/access_token", s.serveToken)
	mux.HandleFunc("POST /admin/api/{version}/graphql.json", s.serveGraphQL)
	mux.HandleFunc("GET /"+bulkBucket+"/"+bulkFolder+"/{file}", s.serveBulk)
	s.routeSandbox(mux)
	s.routePages(mux)
	return s.onlyThisShop(mux)
}

// onlyThisShop answers 404 for other shops, as Shopify does for shops that do not exist.
func (s *Server) onlyThisShop(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := strings.Cut(r.Host, ":")
		if strings.HasSuffix(host, ".myshopify.com") && !strings.EqualFold(host, s.cfg.Shop) {
			writeJSON(w, http.StatusNotFound, map[string]any{"errors": "Not Found"})
			return
		}
		if id, ok := strings.CutPrefix(r.URL.Path, productsPath); ok {
			s.changeProducts(w, r, id) // past the router, which would tidy the slashes of a gid away
			return
		}
		next.ServeHTTP(w, r)
	})
}
