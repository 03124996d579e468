package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/handlers"
)

// slow begins a create that the shop does not answer. release lets it.
func (b *bridge) slow() (first <-chan *httptest.ResponseRecorder, release func()) {
	b.t.Helper()
	release = b.shop.blocking("quote")
	done := make(chan *httptest.ResponseRecorder, 1)
	go func() { done <- b.agent(http.MethodPost, sessions, oneScarf, keyed...) }()
	<-b.shop.entered
	return done, release
}

// slowLeased is slow with a claim that has a row and a lease.
func (b *bridge) slowLeased() (first <-chan *httptest.ResponseRecorder, release func()) {
	b.t.Helper()
	b.claims.rows = true
	first, release = b.slow()
	b.awaitTimer()
	return first, release
}

// awaitTimer waits until somebody waits for the clock.
func (b *bridge) awaitTimer() {
	b.t.Helper()
	select {
	case <-b.clock.set:
	case <-time.After(10 * time.Second):
		b.t.Fatal("nobody waits for the clock")
	}
}

func TestASlowRequestKeepsItsLease(t *testing.T) {
	b := open(t)
	first, release := b.slowLeased()
	for range 12 { // four leases of a minute
		b.clock.advance(20 * time.Second)
		b.awaitTimer()
	}
	w := b.agent(http.MethodPost, sessions, oneScarf, keyed...)
	wantStatus(t, w, http.StatusConflict)
	release()
	done := <-first
	wantStatus(t, done, http.StatusCreated)
	if b.shop.quotes != 1 {
		t.Errorf("it was carried out %d times", b.shop.quotes)
	}
	b.clock.advance(time.Hour) // the lease ended with the request
	if extended := b.claims.extensions(); extended != 12 {
		t.Errorf("the lease was extended %d times", extended)
	}
}

func TestASlowRequestThatIsHeldInMemoryNeedsNoLease(t *testing.T) {
	b := open(t)
	first, release := b.slow()
	b.clock.advance(time.Hour)
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, keyed...), http.StatusConflict)
	release()
	wantStatus(t, <-first, http.StatusCreated)
	w := b.agent(http.MethodPost, sessions, oneScarf, keyed...)
	wantStatus(t, w, http.StatusCreated)
	if w.Header().Get("Idempotent-Replayed") != "true" || b.shop.quotes != 1 {
		t.Errorf("headers %v after %d quotes", w.Header(), b.shop.quotes)
	}
}

func TestALeaseOutlivesAnExtensionThatFails(t *testing.T) {
	b := open(t)
	b.claims.extendFails(errors.New("connection reset"), 2)
	first, release := b.slowLeased()
	for range 3 {
		b.clock.advance(20 * time.Second)
		b.awaitTimer()
	}
	b.clock.advance(10 * time.Second) // 70 seconds since it began
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, keyed...), http.StatusConflict)
	release()
	wantStatus(t, <-first, http.StatusCreated)
	if strings.Count(b.log.String(), "lease of a request not extended") != 2 {
		t.Error("a failed extension is not in the log")
	}
}

func TestAClaimOfADeadProcessIsTakenOverWhenItsLeaseEnds(t *testing.T) {
	b := open(t)
	b.claims.rows = true
	dead := acp.Claim{}
	b.claims.die = func(c acp.Claim) { dead = c }
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, keyed...), http.StatusServiceUnavailable)
	b.claims.die = nil
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, keyed...), http.StatusConflict)
	b.clock.advance(time.Minute)
	w := b.agent(http.MethodPost, sessions, oneScarf, keyed...)
	wantStatus(t, w, http.StatusCreated)
	if got := decoded[sessionBody](t, w).ID; got != "cs_"+string(dead.ID) {
		t.Errorf("the session is %s, but the dead request would have opened cs_%s", got, dead.ID)
	}
}

func TestATakenOverRequestStopsExtending(t *testing.T) {
	b := open(t)
	b.claims.extendFails(&acp.Error{Kind: acp.KindStale, Message: "taken over"}, 1)
	first, release := b.slowLeased()
	b.clock.advance(20 * time.Second)
	<-b.claims.failedToExtend
	release()
	<-first
	if len(b.clock.set) != 0 {
		t.Error("it goes on extending a lease that is lost")
	}
}

func TestALeaseThatIsTooShortToExtendIsRefused(t *testing.T) {
	b := open(t)
	c := b.config()
	c.ClaimLease = 14 * time.Second
	if _, err := handlers.New(c); err == nil || !strings.Contains(err.Error(), "ClaimLease") {
		t.Errorf("it was accepted: %v", err)
	}
}

// Extend implements acp.Claims.
func (w *watchedClaims) Extend(ctx context.Context, c acp.Claim, until time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.extendFailures > 0 {
		w.extendFailures--
		w.failedToExtend <- struct{}{}
		return w.extendError
	}
	err := w.Claims.Extend(ctx, c, until)
	if err == nil {
		w.extended++
	}
	return err
}

func (w *watchedClaims) extendFails(err error, times int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.extendError, w.extendFailures = err, times
}

func (w *watchedClaims) extensions() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.extended
}
