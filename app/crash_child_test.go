package app

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/sandbox/standin"
	"github.com/acp-bridge/acp-bridge/sandbox/till/pay"
)

// crashChild names the file with the orders of the process that is killed; the
// variable is set in that process alone.
const crashChild = "ACP_CRASH_CHILD"

// TestMain is the door through which the tests' own binary becomes the process
// that is killed.
func TestMain(m *testing.M) {
	path := os.Getenv(crashChild)
	if path == "" {
		flag.Parse()
		sideBySide()
		os.Exit(m.Run())
	}
	if err := runChild(context.Background(), path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// sideBySide has more tests run at once than there are processors, unless
// -parallel says how many: most of them wait for what happens in the background.
func sideBySide() {
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "test.parallel" })
	if !asked {
		flag.Set("test.parallel", "8") //nolint:errcheck // testing's own flag
	}
}

// childOrders are what the parent tells: the stand-ins are its own and survive.
type childOrders struct {
	Keys        sandboxKeys `json:"keys"`
	Data        string      `json:"data"`
	DatabaseURL string      `json:"database_url"`
	Ahead       int64       `json:"ahead"`  // of the machine's clock, in nanoseconds
	Name        string      `json:"name"`   // of one of two processes; empty: there is one alone
	Beside      bool        `json:"beside"` // another process works already
}

// child is the real app, on a clock that its parent moves.
type child struct {
	ahead  atomic.Int64
	bridge *bridge
}

func (c *child) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func runChild(ctx context.Context, path string) error {
	var o childOrders
	if _, err := standin.Load(path, &o); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // the parent holds the other end: when it is gone, so is the child
		io.Copy(io.Discard, os.Stdin) //nolint:errcheck // the end is what matters
		cancel()
	}()
	c := &child{}
	c.ahead.Store(o.Ahead)
	s := &sandbox{
		keys: o.Keys, flags: sandboxFlags{Data: o.Data, Agent3DS: true, databaseURL: acp.Secret(o.DatabaseURL)},
		log:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		around: &standIns{shopify: elsewhere(o.Keys.Shopify), stripe: elsewhere(o.Keys.Stripe), till: elsewhere(o.Keys.Till), agent: elsewhere(o.Keys.Agent)},
	}
	var err error
	if s.listen, err = listen(ctx, o.Keys.App); err != nil {
		return err
	}
	config, w, err := s.plan()
	if err != nil {
		return err
	}
	http.DefaultTransport = hasty{newBareTransport(), o.Name} // Stripe's adapter takes it from here
	if err := c.change(&config, &w, s); err != nil {
		return err
	}
	if c.bridge, err = build(ctx, config, w); err != nil {
		return err
	}
	if !o.Beside {
		if err := c.bury(ctx); err != nil {
			return err
		}
	}
	return errors.Join(c.bridge.run(ctx, func(ctx context.Context) error { return c.serve(ctx, s.listen) }), c.bridge.close())
}

// standStill is more tasks than were ever seen to stand still before a death,
// which is 88. Each has one of the workers until then, and those that go on need
// some, too.
const standStill = 128

// change is all that differs from the sandbox: the clock, the driver, waits that
// are over at once, and nothing to do but sell.
func (c *child) change(config *Config, w *world, s *sandbox) error {
	config.JobWorkers, config.MirrorEvery = standStill, 100000*time.Hour
	config.RatePerConnection, config.RatePerAddress = 1e6, 1e6
	w.Now, w.After = c.now, shortened
	w.Shopify = toStandIn{base: w.Shopify.(toStandIn).base, next: http.DefaultTransport}
	w.PollJobs = 20 * time.Millisecond
	w.DatabaseDriver = "sqlite-watched"
	if !s.flags.databaseURL.Empty() {
		w.DatabaseDriver = "pgx-watched"
	}
	till, err := pay.New(pay.Config{
		BaseURL: s.around.tillURL(), Key: acp.Secret(s.keys.TillKey), Account: sandboxTill, Shop: sandboxShop, Timeout: 15 * time.Second,
		Transport: http.DefaultTransport, Now: c.now,
	})
	w.OtherPayments = acp.Providers{till}
	return err
}

// shortened waits for hardly any of the time that is asked for, and longer for
// what comes again and again while a request stands still.
func shortened(d time.Duration) <-chan time.Time {
	return time.After(min(d, max(2*time.Millisecond, min(d/200, 50*time.Millisecond))))
}

func newBareTransport() http.RoundTripper {
	return &http.Transport{DisableKeepAlives: true} // else net/http repeats calls that the schedule does not know of
}

const (
	lateHeader = "Crash-Late" // marks an answer that the child is to wait for in vain
	fromHeader = "Crash-From" // says which of two processes calls
)

// hasty takes a marked answer for one that did not come in time, and says whose
// the calls are.
type hasty struct {
	next http.RoundTripper
	name string
}

// RoundTrip implements http.RoundTripper.
func (h hasty) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set(fromHeader, h.name)
	resp, err := h.next.RoundTrip(r)
	if err == nil && resp.Header.Get(lateHeader) != "" {
		resp.Body.Close()
		return nil, fmt.Errorf("wait for the answer: %w", context.DeadlineExceeded)
	}
	return resp, err
}

// bury does what time would do after a kill, on the job engine's own clock: it
// takes half an hour for stuck jobs to be rescued, and seconds to elect anew.
func (c *child) bury(ctx context.Context) error {
	for _, statement := range []string{
		"DELETE FROM river_leader",
		"UPDATE river_job SET state = 'available', scheduled_at = created_at WHERE state = 'running'",
	} {
		if _, err := c.bridge.database.SQL().ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func (c *child) serve(ctx context.Context, l net.Listener) error {
	control, err := listen(ctx, "127.0.0.1:0")
	if err != nil {
		return err
	}
	go serve(ctx, control, c.control()) //nolint:errcheck // it ends with the process
	fmt.Printf("up %s\n", control.Addr())
	return serve(ctx, l, c.bridge.handler)
}

// control is the parent's hand in the child.
func (c *child) control() http.Handler {
	mux := http.NewServeMux()
	on := func(path string, do func(*http.Request) (any, error)) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			v, err := do(r)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			json.NewEncoder(w).Encode(v) //nolint:errcheck // the parent notices
		})
	}
	on("/pass", c.pass)
	on("/clock", c.clock)
	on("/busy", c.busy)
	on("/ledger", c.ledger)
	on("/bury", func(r *http.Request) (any, error) { return nil, c.retried(func() error { return c.bury(r.Context()) }) })
	on("/commits", func(*http.Request) (any, error) { return watched.count(), nil })
	on("/disarm", func(*http.Request) (any, error) {
		watched.disarm()
		return nil, nil
	})
	on("/arm", func(r *http.Request) (any, error) {
		deadly, err := strconv.Atoi(r.FormValue("deadly"))
		watched.arm(r.Form["mark"], deadly, r.FormValue("after") != "")
		return nil, err
	})
	return mux
}

// clock moves the clock on.
func (c *child) clock(r *http.Request) (any, error) {
	ahead, err := strconv.ParseInt(r.FormValue("ahead"), 10, 64)
	if err == nil {
		c.ahead.Store(ahead)
	}
	return nil, err
}

// pass has time pass: what waits is due, and the sweep looks for the rest.
func (c *child) pass(r *http.Request) (any, error) {
	if _, err := c.clock(r); err != nil {
		return nil, err
	}
	err := c.retried(func() error {
		_, err := c.bridge.database.SQL().ExecContext(r.Context(),
			"UPDATE river_job SET state = 'available', scheduled_at = created_at WHERE state IN ('scheduled', 'retryable', 'available')")
		return err
	})
	if err != nil {
		return nil, err
	}
	return nil, c.retried(func() error { return c.bridge.sweep(r.Context()) })
}

// retried does again what PostgreSQL chose to end a deadlock with: the job
// engine changes many jobs at once, too. The app's sweep comes again by itself.
func (c *child) retried(do func() error) (err error) {
	for range 5 {
		if err = do(); err == nil || !strings.Contains(err.Error(), "40P01") {
			return err
		}
	}
	return err
}

// busy lists, in whatever words, what is being worked on at the moment: tasks,
// sessions that somebody completes, requests that somebody carries out.
func (c *child) busy(r *http.Request) (any, error) {
	now, due, news := c.now().UnixMilli(), "scheduled_at <= now()", "SELECT convert_from(body, 'UTF8') FROM deliveries WHERE id = args ->> 'key'"
	if c.bridge.database.Dialect() == "sqlite" {
		due = "julianday(scheduled_at) <= julianday('now')"
		news = "SELECT CAST(body AS TEXT) FROM deliveries WHERE id = CAST(args AS TEXT) ->> 'key'"
	}
	rows, err := c.bridge.database.SQL().QueryContext(r.Context(), fmt.Sprintf(`
		SELECT CAST(args AS TEXT) || COALESCE((`+news+`), '') FROM river_job WHERE state = 'running' OR state = 'available' AND `+due+`
		UNION ALL SELECT id FROM sessions WHERE lease_until > %d
		UNION ALL SELECT operation FROM claims WHERE state = 'claimed' AND lease_until > %d`, now, now))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := []string{}
	for rows.Next() {
		var what string
		if err := rows.Scan(&what); err != nil {
			return nil, err
		}
		found = append(found, what)
	}
	return found, rows.Err()
}

// ledger sums the movements of each session by their kind.
func (c *child) ledger(r *http.Request) (any, error) {
	rows, err := c.bridge.database.SQL().QueryContext(r.Context(), "SELECT session_id, kind, SUM(amount) FROM payment_movements GROUP BY session_id, kind")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	sums := map[string]map[acp.MovementKind]int64{}
	for rows.Next() {
		var session string
		var kind acp.MovementKind
		var sum int64
		if err := rows.Scan(&session, &kind, &sum); err != nil {
			return nil, err
		}
		if sums[session] == nil {
			sums[session] = map[acp.MovementKind]int64{}
		}
		sums[session][kind] = sum
	}
	return sums, rows.Err()
}

// elsewhere is the address of a stand-in that another process runs.
type elsewhere string

// Accept implements net.Listener.
func (elsewhere) Accept() (net.Conn, error) { return nil, net.ErrClosed }

// Close implements net.Listener.
func (elsewhere) Close() error { return nil }

// Addr implements net.Listener.
func (e elsewhere) Addr() net.Addr { return e }

// Network implements net.Addr.
func (elsewhere) Network() string { return "tcp" }

// String implements net.Addr.
func (e elsewhere) String() string { return string(e) }
