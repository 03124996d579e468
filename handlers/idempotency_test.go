package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/handlers"
)

var keyed = []string{"Idempotency-Key", "key-1"}

func TestTheSameKeyReplaysTheFirstAnswer(t *testing.T) {
	b := open(t)
	first := b.agent(http.MethodPost, sessions, oneScarf, keyed...)
	wantStatus(t, first, http.StatusCreated)
	if first.Header().Get("Idempotency-Key") != "key-1" || first.Header().Get("Idempotent-Replayed") != "" {
		t.Errorf("headers %v", first.Header())
	}
	b.shop.failing("quote", errors.New("asked again")) // what the first answer said stays said
	same := `{"capabilities":{}, "line_items":[{"id":"101"}], "currency":"usd"}`
	again := b.agent(http.MethodPost, sessions, same, keyed...)
	wantStatus(t, again, http.StatusCreated)
	if again.Body.String() != first.Body.String() || again.Header().Get("Idempotent-Replayed") != "true" {
		t.Errorf("replayed %v %s", again.Header(), again.Body)
	}
	if b.shop.quotes != 1 {
		t.Errorf("the shop was asked %d times", b.shop.quotes)
	}
}

func TestARefusalIsReplayedToo(t *testing.T) {
	b := open(t)
	bad := `{"currency":"eur","line_items":[{"id":"101"}],"capabilities":{}}`
	first, again := b.agent(http.MethodPost, sessions, bad, keyed...), b.agent(http.MethodPost, sessions, bad, keyed...)
	wantStatus(t, again, http.StatusBadRequest)
	if again.Body.String() != first.Body.String() || again.Header().Get("Idempotent-Replayed") != "true" {
		t.Errorf("replayed %s", again.Body)
	}
}

func TestAnotherBodyWithTheKeyIsAConflict(t *testing.T) {
	b := open(t)
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, keyed...), http.StatusCreated)
	w := b.agent(http.MethodPost, sessions, scarfInUSA, keyed...)
	wantStatus(t, w, http.StatusUnprocessableEntity)
	if e := decoded[errorBody](t, w); e.Code != "idempotency_conflict" {
		t.Errorf("error %+v", e)
	}
}

func TestTheKeyIsScopedToThePath(t *testing.T) {
	b := open(t)
	s := b.created()
	wantStatus(t, b.agent(http.MethodPost, sessions+"/"+s.ID, scarfUpdate, keyed...), http.StatusOK)
	wantStatus(t, b.agent(http.MethodPost, sessions+"/"+s.ID+"/cancel", "", keyed...), http.StatusOK)
}

func TestAKeyIsForgottenAfterItsTime(t *testing.T) {
	b := open(t)
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, keyed...), http.StatusCreated)
	b.clock.advance(25 * time.Hour)
	wantStatus(t, b.agent(http.MethodPost, sessions, scarfInUSA, keyed...), http.StatusCreated)
}

func TestARequestInFlightIsNotRunAgain(t *testing.T) {
	b := open(t)
	release := b.shop.blocking("quote")
	done := make(chan *httptest.ResponseRecorder)
	go func() { done <- b.agent(http.MethodPost, sessions, oneScarf, keyed...) }()
	<-b.shop.entered
	w := b.agent(http.MethodPost, sessions, oneScarf, keyed...)
	wantStatus(t, w, http.StatusConflict)
	if e := decoded[errorBody](t, w); e.Code != "idempotency_in_flight" || w.Header().Get("Retry-After") == "" {
		t.Errorf("error %+v, headers %v", e, w.Header())
	}
	release()
	first := <-done
	wantStatus(t, first, http.StatusCreated)
	again := b.agent(http.MethodPost, sessions, oneScarf, keyed...)
	if again.Body.String() != first.Body.String() {
		t.Errorf("replayed %s", again.Body)
	}
}

func TestAFailureOfOursIsNotKeptAndTheRetryRuns(t *testing.T) {
	b := open(t)
	b.shop.failing("quote", &acp.Error{Kind: acp.KindUnavailable, Message: "down"})
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, keyed...), http.StatusServiceUnavailable)
	if state := b.claims.state(); state != acp.Unresolved {
		t.Errorf("claim is %s", state)
	}
	b.shop.failing("quote", nil)
	w := b.agent(http.MethodPost, sessions, oneScarf, keyed...)
	wantStatus(t, w, http.StatusCreated)
	if w.Header().Get("Idempotent-Replayed") != "" {
		t.Error("a fresh answer says that it is a replay")
	}
}

func TestTheWorkEndsThoughTheClientHangsUp(t *testing.T) {
	b := open(t)
	release := b.shop.blocking("quote")
	ctx, hangUp := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.agentWith(ctx, http.MethodPost, sessions, oneScarf, keyed...)
	}()
	<-b.shop.entered
	hangUp()
	release()
	<-done
	w := b.agent(http.MethodPost, sessions, oneScarf, keyed...)
	wantStatus(t, w, http.StatusCreated)
	if w.Header().Get("Idempotent-Replayed") != "true" || b.shop.quotes != 1 {
		t.Errorf("headers %v after %d quotes", w.Header(), b.shop.quotes)
	}
}

func TestAnAgentIsNotKeptWaitingBeyondTheBudget(t *testing.T) {
	b := open(t, func(c *handlers.Config) { c.RequestBudget = 100 * time.Millisecond })
	defer b.shop.blocking("quote")()
	w := b.agent(http.MethodPost, sessions, oneScarf, keyed...)
	wantStatus(t, w, http.StatusServiceUnavailable)
	if state := b.claims.state(); state != acp.Unresolved {
		t.Errorf("claim is %s", state)
	}
}

func TestAPanicIsAnsweredAndFreesTheKey(t *testing.T) {
	b := open(t)
	b.shop.panics = true
	w := b.agent(http.MethodPost, sessions, oneScarf, append(keyed, "Request-Id", "req-7")...)
	wantStatus(t, w, http.StatusInternalServerError)
	if e := decoded[errorBody](t, w); e.Type != "processing_error" || w.Header().Get("Request-Id") != "req-7" {
		t.Errorf("error %+v", e)
	}
	if state := b.claims.state(); state != acp.Unresolved {
		t.Errorf("claim is %s", state)
	}
	b.shop.panics = false
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, keyed...), http.StatusCreated)
}

func TestAClaimTakenOverIsLeftToItsNewOwner(t *testing.T) {
	b := open(t)
	s := b.created()
	b.claims.stolen, b.books.stolen = true, true
	for path, body := range map[string]string{sessions: oneScarf, sessions + "/" + s.ID + "/cancel": ""} {
		w := b.agent(http.MethodPost, path, body, keyed...)
		wantStatus(t, w, http.StatusConflict)
		if e := decoded[errorBody](t, w); e.Code != "idempotency_in_flight" || w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: error %+v", path, e)
		}
	}
}

func TestAnAnswerThatCannotBeStoredIsStillGiven(t *testing.T) {
	b := open(t)
	at := sessions + "/" + b.created().ID + "/cancel"
	b.claims.broken = errors.New("disk full")
	wantStatus(t, b.agent(http.MethodPost, at, "", keyed...), http.StatusOK)
	b.claims.broken = nil
	b.clock.advance(2 * time.Minute) // the lease runs out by itself
	wantStatus(t, b.agent(http.MethodPost, at, "", keyed...), http.StatusOK)
}

func TestASessionThatCannotBeKeptIsNotTold(t *testing.T) {
	b := open(t)
	b.books.broken = errors.New("disk full")
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, keyed...), http.StatusInternalServerError)
	if state := b.claims.state(); state != acp.Unresolved {
		t.Errorf("claim is %s", state)
	}
	b.books.broken = nil
	w := b.agent(http.MethodPost, sessions, oneScarf, keyed...)
	wantStatus(t, w, http.StatusCreated)
	wantStatus(t, b.agent(http.MethodGet, sessions+"/"+decoded[sessionBody](t, w).ID, ""), http.StatusOK)
}

func TestManyDuplicatesAtOnceOpenOneSession(t *testing.T) {
	b := open(t)
	answers := make(chan *httptest.ResponseRecorder)
	const calls = 24
	for range calls {
		go func() { answers <- b.agent(http.MethodPost, sessions, oneScarf, keyed...) }()
	}
	bodies := map[string]int{}
	for range calls {
		w := <-answers
		switch w.Code {
		case http.StatusCreated:
			bodies[w.Body.String()]++
		case http.StatusConflict:
		default:
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	if len(bodies) != 1 || b.shop.quotes != 1 {
		t.Errorf("%d different sessions from %d quotes", len(bodies), b.shop.quotes)
	}
}
