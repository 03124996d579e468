package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/app/store/storetest"
	"github.com/acp-bridge/acp-bridge/sandbox/agent"
	"github.com/acp-bridge/acp-bridge/sandbox/catalog"
	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
	"github.com/acp-bridge/acp-bridge/sandbox/stripe"
	"github.com/acp-bridge/acp-bridge/sandbox/till"
	"github.com/acp-bridge/acp-bridge/sandbox/walkthrough"
	"github.com/acp-bridge/acp-bridge/shopify/schema"
)

// crashWorld is what survives the app: the stand-ins, the database, the clock,
// and the agents.
type crashWorld struct {
	t      *testing.T
	engine string
	orders childOrders
	around *standIns
	app    string // base URL for agents
	item   string
	client *http.Client
	ahead  atomic.Int64
	calls  atomic.Int64 // foreign calls under way, frozen ones not counted
	made   int          // checkouts
	mail   *mailbox
	news   bool  // whether webhooks arrive
	held   bool  // whether purchases of two pieces are held for staff
	page   int64 // when the batch began, in Unix seconds

	mu     sync.Mutex
	owners map[string]*schedule

	*appProcess
	beside *appProcess // the other of two; nil: there is none
	stderr *lastLines
}

func (w *crashWorld) now() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) }

// newCrashWorld opens the stand-ins and installs the app on an empty database.
func newCrashWorld(t *testing.T, engine string) *crashWorld {
	t.Helper()
	w := &crashWorld{
		t: t, engine: engine, owners: map[string]*schedule{}, stderr: &lastLines{},
		client: &http.Client{Transport: newBareTransport(), Timeout: patience},
	}
	f := smallSandbox(t)
	f.Agent3DS = true // which agents that cannot authenticate do not notice
	if engine == "postgres" {
		f.databaseURL = acp.Secret(storetest.Postgres(t))
	}
	keys, err := loadKeys(f.Data)
	if err != nil {
		t.Fatal(err)
	}
	s := &sandbox{flags: f, keys: keys, out: io.Discard, up: func(walkthrough.Ready) {}, log: slog.New(slog.DiscardHandler)}
	if s.listen, err = listen(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	s.keys.App = s.listen.Addr().String()
	w.mail = newMailbox(s.appURL())
	w.openStandIns(s)
	w.install(s)
	w.orders = childOrders{Keys: s.keys, Data: f.Data, DatabaseURL: f.databaseURL.Reveal()}
	w.app = s.appURL() + "/acp"
	t.Cleanup(func() {
		w.kill()
		if said := w.stderr.about("DATA RACE"); said != "" {
			t.Errorf("the app has a data race:\n%s", w.stderr)
		}
	})
	return w
}

// openStandIns keeps their books in memory: they are not what is killed here.
func (w *crashWorld) openStandIns(s *sandbox) {
	t := w.t
	t.Helper()
	for _, into := range []*net.Listener{&w.around0().shopify, &w.around.stripe, &w.around.till, &w.around.agent} {
		l, err := listen(t.Context(), "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		*into = l
	}
	a, log := w.around, slog.New(slog.DiscardHandler)
	s.around = a
	s.keys.Shopify, s.keys.Stripe = a.shopify.Addr().String(), a.stripe.Addr().String()
	s.keys.Till, s.keys.Agent = a.till.Addr().String(), a.agent.Addr().String()
	toml, err := os.ReadFile("../shopify.app.toml")
	if err != nil {
		t.Fatal(err)
	}
	declared, err := shopify.ParseAppConfig(toml)
	if err != nil {
		t.Fatal(err)
	}
	a.shop, err = shopify.New(shopify.Config{
		ClientID: sandboxClientID, ClientSecret: s.keys.ClientSecret, Shop: sandboxShop, AppURL: s.appURL,
		Subscriptions: slices.DeleteFunc(declared.Subscriptions, func(u shopify.Subscription) bool { return !concern(u.Topic) }),
		Webhooks:      w.mail, After: func(d time.Duration) <-chan time.Time { return time.After(min(d, 60*time.Millisecond)) },
		Scopes: declared.Scopes, SDL: schema.SDL, Products: catalog.Generate(6, 1, catalog.Currency{Code: "USD", Exponent: 2}),
		Settings: shopify.Settings{Currency: "USD", Plus: true}, Now: w.now, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	a.shop.SetBaseURL(a.shopifyURL())
	if a.pay, err = stripe.New(stripe.Config{
		SecretKey: s.keys.StripeKey, Now: w.now, Log: log, WebhookURL: w.serve(w.mail), WebhookSecret: s.keys.EventSecret,
	}); err != nil {
		t.Fatal(err)
	}
	if a.counter, err = till.New(till.Config{Key: s.keys.TillKey, Now: w.now, Log: log}); err != nil {
		t.Fatal(err)
	}
	if a.platform, err = agent.New(agent.Config{Secret: s.keys.WebhookSecret, Now: w.now, Log: log}); err != nil {
		t.Fatal(err)
	}
	for l, f := range map[net.Listener]front{
		a.shopify: {w, "shopify", a.shop.Handler()}, a.stripe: {w, "stripe", a.pay.Handler()},
		a.till: {w, "till", a.counter.Handler()}, a.agent: {w, "agent", a.platform.Handler()},
	} {
		w.serveOn(l, f)
	}
	t.Cleanup(func() {
		if err := a.close(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

// serve answers at an address of its own.
func (w *crashWorld) serve(h http.Handler) func() string {
	w.t.Helper()
	l, err := listen(w.t.Context(), "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	w.serveOn(l, h)
	return func() string { return "http://" + l.Addr().String() }
}

func (w *crashWorld) serveOn(l net.Listener, h http.Handler) {
	server := &http.Server{Handler: h, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	go server.Serve(l) //nolint:errcheck // it ends with the test
	w.t.Cleanup(func() { server.Close() })
}

func (w *crashWorld) around0() *standIns {
	w.around = &standIns{}
	return w.around
}

// install plays the staff, once, and stocks the shop.
func (w *crashWorld) install(s *sandbox) {
	t := w.t
	t.Helper()
	var err error
	if s.bridge, err = s.build(t.Context()); err != nil {
		t.Fatal(err)
	}
	var ready walkthrough.Ready
	err = s.bridge.run(t.Context(), func(ctx context.Context) error {
		ctx, cancel := context.WithCancel(ctx)
		group, ctx := errgroup.WithContext(ctx)
		group.Go(func() error { return serve(ctx, s.listen, s.bridge.handler) })
		group.Go(func() (err error) {
			defer cancel()
			ready, err = s.install(ctx)
			return err
		})
		return group.Wait()
	})
	if err := errors.Join(err, s.bridge.close()); err != nil {
		t.Fatal(err)
	}
	for _, it := range ready.Items {
		if it.Available {
			w.item = it.ID
		}
	}
	w.must(w.request(t.Context(), http.MethodPost, w.around.shopifyURL()+"/_sandbox/products/"+w.item, "", map[string]any{"inventory": 1_000_000}))
}

func (w *crashWorld) must(a reply, err error) reply {
	w.t.Helper()
	if err != nil || a.Status >= 300 {
		w.t.Fatalf("%v %d %s\n%s", err, a.Status, a.Raw, w.stderr)
	}
	return a
}

// request sends one request over a connection of its own.
func (w *crashWorld) request(ctx context.Context, method, address, key string, body any) (reply, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return reply{}, err
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(raw))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("API-Version", string(wire.Newest()))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+w.orders.Keys.BearerToken)
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	resp, err := w.client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	a := reply{Status: resp.StatusCode, Header: resp.Header}
	read, err := io.ReadAll(resp.Body)
	a.Raw = string(read)
	json.Unmarshal(read, &a.Body) //nolint:errcheck // not every answer is an object
	return a, err
}
