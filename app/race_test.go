package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/store/storetest"
	"github.com/acp-bridge/acp-bridge/sandbox/walkthrough"
)

// duplicates is how often one request is sent at the same time. With the race
// detector a thousand take longer than a request may wait for the database, and
// a request that is turned away for that (503) shows little; .ci/run sends them
// without it.
func duplicates() int {
	switch {
	case testing.Short():
		return 100
	case raceDetector:
		return 200
	default:
		return 1000
	}
}

// TestAThousandDuplicatesAreOneSale sends one create and one complete many
// times at once: one session, one order, one payment that is captured once,
// and every answer is the same success or "in flight". It has the machine to
// itself: no other test runs beside it.
func TestAThousandDuplicatesAreOneSale(t *testing.T) {
	t.Run("on SQLite", func(t *testing.T) {
		r := startSandbox(t, nil)
		r.race(t, r.ACPBaseURL)
	})
	t.Run("on PostgreSQL with two instances", func(t *testing.T) {
		r, second := startTwins(t)
		r.race(t, r.ACPBaseURL, second)
	})
}

// race plays a purchase whose every request is sent many times, to all of the
// instances in turn.
func (r *running) race(t *testing.T, instances ...string) {
	t.Helper()
	create := r.stampede(t, instances, "/checkout_sessions", cart(r.item(t), 1))
	var s checkoutSession
	create.decode(t, &s)
	if create.Status != http.StatusCreated || s.Status != "ready_for_payment" {
		t.Fatalf("create: %d %s", create.Status, create.Raw)
	}
	path := "/checkout_sessions/" + s.ID + "/complete"
	complete := r.stampede(t, instances, path, payment(r.token(t, s.total(), "pm_card_visa")))
	complete.decode(t, &s)
	if complete.Status != http.StatusOK || s.Status != "completed" {
		t.Fatalf("complete: %d %s", complete.Status, complete.Raw)
	}
	r.soldOnce(t, s)
	if n := len(r.money(t).Payments); n != 1 {
		t.Errorf("%d payments", n)
	}
	if drafts := r.shop(t).Drafts; len(drafts) != 1 {
		t.Errorf("%d draft orders", len(drafts))
	}
}

// stampede sends one request many times at once, then again when it is done,
// and returns its one success.
func (r *running) stampede(t *testing.T, instances []string, path string, body any) reply {
	t.Helper()
	key, calls := r.key(), duplicates()
	answers := r.atOnce(t, calls, func(i int) (string, string) { return instances[i%len(instances)] + path, key }, body)
	success := r.insist(t, path, key, body)
	first, replayed, turnedAway := 0, 0, 0
	for _, a := range answers {
		same := a.Status == success.Status && a.Raw == success.Raw
		switch {
		case a.Status == http.StatusConflict && a.Header.Get("Retry-After") != "":
		case a.Status == http.StatusServiceUnavailable && a.Header.Get("Retry-After") != "":
			turnedAway++
		case same && a.Header.Get("Idempotent-Replayed") == "true":
			replayed++
		case same:
			first++
		default:
			t.Fatalf("%s: %d %s, and the kept answer is %d %s", path, a.Status, a.Raw, success.Status, success.Raw)
		}
	}
	if first == 0 && success.Header.Get("Idempotent-Replayed") == "" {
		first = 1 // all of them were turned away before it
	}
	if first != 1 {
		t.Errorf("%s was carried out %d times", path, first)
	}
	t.Logf("%s: 1 of %d carried out, %d replayed, %d turned away, the others in flight", path, calls, replayed, turnedAway)
	if turnedAway > calls*9/10 {
		t.Errorf("%d of %d were turned away: that shows little", turnedAway, calls)
	}
	for _, a := range r.atOnce(t, calls/10, func(i int) (string, string) { return instances[i%len(instances)] + path, key }, body) {
		if a.Status == http.StatusServiceUnavailable && a.Header.Get("Retry-After") != "" {
			continue
		}
		if a.Status != success.Status || a.Raw != success.Raw || a.Header.Get("Idempotent-Replayed") != "true" {
			t.Fatalf("%s is not replayed: %d %s", path, a.Status, a.Raw)
		}
	}
	return success
}

// atOnce posts a body many times at the same moment.
func (r *running) atOnce(t *testing.T, calls int, target func(i int) (url, key string), body any) []reply {
	t.Helper()
	answers, failures := make([]reply, calls), make([]error, calls)
	gate := make(chan struct{})
	var all sync.WaitGroup
	for i := range calls {
		all.Go(func() {
			<-gate
			url, key := target(i)
			answers[i], failures[i] = exchange(t.Context(), http.MethodPost, url, r.BearerToken, key, body)
		})
	}
	close(gate)
	all.Wait()
	if err := errors.Join(failures...); err != nil {
		t.Fatal(err)
	}
	return answers
}

// TestManyCompletesWithKeysOfTheirOwnAreOneSale leaves only the second lock,
// the session's own state.
func TestManyCompletesWithKeysOfTheirOwnAreOneSale(t *testing.T) {
	onEachEngine(t, func(t *testing.T, start starter) {
		r := start(t, nil)
		s := r.payable(t)
		url := r.ACPBaseURL + "/checkout_sessions/" + s.ID + "/complete"
		body := payment(r.token(t, s.total(), "pm_card_visa"))
		for _, a := range r.atOnce(t, duplicates()/10, func(int) (string, string) { return url, r.key() }, body) {
			late := a.Status == http.StatusBadRequest && a.Body["code"] == "invalid_session_state"
			if a.Status != http.StatusOK && a.Status != http.StatusConflict && !late {
				t.Errorf("%d %s", a.Status, a.Raw)
			}
		}
		r.eventually(t, "the session is completed", func() bool {
			got := r.send(t, http.MethodGet, r.ACPBaseURL+"/checkout_sessions/"+s.ID, r.BearerToken, "", nil)
			got.decode(t, &s)
			return s.Status == "completed"
		})
		r.soldOnce(t, s)
		if n := len(r.money(t).Payments); n != 1 {
			t.Errorf("%d payments", n)
		}
	})
}

// startTwins runs two instances of the app on one PostgreSQL database; they
// share the stand-ins. It returns the first, and the second's base URL.
func startTwins(t *testing.T) (*running, string) {
	t.Helper()
	address := storetest.Postgres(t)
	first, r := startOpened(t, func(f *sandboxFlags) { f.databaseURL = acp.Secret(address) })
	second, err := first.build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(second.handler)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- second.run(ctx, func(ctx context.Context) error { <-ctx.Done(); return nil })
	}()
	t.Cleanup(func() {
		cancel()
		server.Close()
		if err := errors.Join(<-ended, second.close()); err != nil {
			t.Error(err)
		}
	})
	return r, server.URL + "/acp"
}

// startOpened is startSandbox for tests that reach into the app.
func startOpened(t *testing.T, change func(*sandboxFlags)) (*sandbox, *running) {
	t.Helper()
	f := smallSandbox(t)
	if change != nil {
		change(&f)
	}
	toml, err := os.ReadFile("../shopify.app.toml")
	if err != nil {
		t.Fatal(err)
	}
	up := make(chan walkthrough.Ready, 1)
	s := &sandbox{flags: f, out: io.Discard, up: func(r walkthrough.Ready) { up <- r }, log: slog.New(slog.NewTextHandler(testWriter{t}, nil))}
	if err := s.open(t.Context(), toml); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-ended, s.shut(context.Background())); err != nil {
			t.Error(err)
		}
	})
	r := &running{}
	select {
	case r.Ready = <-up:
	case err := <-ended:
		ended <- nil
		t.Fatalf("the sandbox did not come up: %v", err)
	}
	return s, r
}
