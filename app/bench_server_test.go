package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"syscall"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/sandbox/walkthrough"
)

// benchFolder names the folder of the process that is measured; the variable
// is set in that process alone.
const benchFolder = "ACP_BENCH_SERVER"

// benchReady is what the measured process tells.
type benchReady struct {
	App, Bare, Control string
	Tokens             []string
	Item               string
}

type benchUsage struct {
	CPU            time.Duration
	Mallocs, Bytes uint64
	Upstream       int64
}

// TestBenchServer is the measured process; it is no test.
func TestBenchServer(t *testing.T) {
	dir := os.Getenv(benchFolder)
	if dir == "" {
		t.Skip("started by the benchmark")
	}
	rareCollections() // as Run does
	toml, err := os.ReadFile("../shopify.app.toml")
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	s := &sandbox{out: io.Discard, flags: sandboxFlags{
		Listen: "127.0.0.1:0", ListenShopify: "127.0.0.1:0", ListenStripe: "127.0.0.1:0", ListenTill: "127.0.0.1:0", ListenAgent: "127.0.0.1:0",
		Data: dir, Products: 60, Seed: 1, Currency: "usd", pollJobs: 500 * time.Millisecond, // as serve does
	}}
	if s.log, err = newLog(log, "json", "info"); err != nil { // as in production
		t.Fatal(err)
	}
	if err := s.open(t.Context(), toml); err != nil {
		t.Fatal(err)
	}
	upstream := &fromMemory{next: s.bridge.shop.Base, known: map[string]remembered{}}
	s.bridge.shop.Base = upstream
	s.up = func(r walkthrough.Ready) { announceBench(t, s, r, upstream, dir) }
	if err := s.run(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// announceBench makes one connection per agent, so that no rate limit is hit,
// and says where everything is.
func announceBench(t *testing.T, s *sandbox, r walkthrough.Ready, upstream *fromMemory, dir string) {
	ctx := t.Context()
	m, err := s.bridge.store.MerchantByShop(ctx, r.Shop)
	if err != nil {
		t.Error(err)
		return
	}
	ready := benchReady{App: s.listen.Addr().String()}
	for _, it := range r.Items {
		if it.Available {
			ready.Item = it.ID
		}
	}
	for i := range 16 {
		keys, err := s.bridge.access.Connect(ctx, m, acp.NewConnection{Name: fmt.Sprintf("Agent %d", i), Completion: acp.Delegated})
		if err != nil {
			t.Error(err)
			return
		}
		ready.Tokens = append(ready.Tokens, keys.BearerToken.Reveal())
	}
	bare, err := newBareHandler(ctx, s.bridge, ready)
	if err != nil {
		t.Error(err)
		return
	}
	for into, h := range map[*string]http.Handler{&ready.Bare: bare, &ready.Control: benchControl(upstream)} {
		l, err := listen(ctx, "127.0.0.1:0")
		if err != nil {
			t.Error(err)
			return
		}
		*into = l.Addr().String()
		go serve(ctx, l, h)
	}
	up := filepath.Join(dir, "up")
	if err := errors.Join(os.WriteFile(up+".new", encoded(t, ready), 0o600), os.Rename(up+".new", up)); err != nil {
		t.Error(err)
	}
}

// newBareHandler is the yardstick: net/http, the request's body read, and the
// same session encoded by the same encoder. It looks nothing up and keeps
// nothing.
func newBareHandler(ctx context.Context, b *bridge, r benchReady) (http.Handler, error) {
	who, err := b.access.Authenticate(ctx, acp.Secret(r.Tokens[0]))
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(cart(r.Item, 1))
	if err != nil {
		return nil, err
	}
	asked, err := wire.DecodeCreate(wire.Newest(), body)
	if err != nil {
		return nil, err
	}
	who.Claim = "bare"
	session, err := b.checkout.Create(ctx, who, asked)
	if err != nil {
		return nil, err
	}
	view := wire.View{Session: session, Merchant: who.Merchant, Handlers: b.checkout.Handlers(who)}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		body, err := wire.EncodeSession(wire.Newest(), view)
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		w.Write(body)
	}), nil
}

// benchControl is how the load asks what its requests cost.
func benchControl(upstream *fromMemory) http.Handler {
	mux := http.NewServeMux()
	var file *os.File
	mux.HandleFunc("POST /profile/start", func(w http.ResponseWriter, r *http.Request) {
		var err error
		if file, err = os.Create(r.FormValue("file")); err == nil {
			err = pprof.StartCPUProfile(file)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	mux.HandleFunc("POST /profile/stop", func(http.ResponseWriter, *http.Request) {
		pprof.StopCPUProfile()
		file.Close()
		if allocs, err := os.Create(file.Name() + ".allocs"); err == nil { // since the process began
			pprof.Lookup("allocs").WriteTo(allocs, 0)
			allocs.Close()
		}
	})
	mux.HandleFunc("POST /usage", func(w http.ResponseWriter, _ *http.Request) {
		var cpu syscall.Rusage
		var memory runtime.MemStats
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &cpu); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		runtime.ReadMemStats(&memory)
		json.NewEncoder(w).Encode(benchUsage{
			CPU:     time.Duration(cpu.Utime.Nano() + cpu.Stime.Nano()),
			Mallocs: memory.Mallocs, Bytes: memory.TotalAlloc, Upstream: upstream.calls.Load(),
		})
	})
	return mux
}
