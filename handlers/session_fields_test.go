package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestWhatTheAgentSaysOfASessionComesBack(t *testing.T) {
	b := open(t)
	w := b.agent(http.MethodPost, sessions, strings.Replace(oneScarf, `{`, `{"locale":"fr-FR","timezone":"Europe/Paris",
		"metadata":{"chat":{"turns":[1,2.50]},"big":9007199254740991},"order_notes":"Ring twice",
		"buyer":{"email":"ada@example.com","full_name":"Ada Lovelace","phone_number":"+15550100","company":{"name":"Engines","tax_id":"FR1"}},`, 1))
	wantStatus(t, w, http.StatusCreated)
	again := b.agent(http.MethodGet, sessions+"/"+decoded[sessionBody](t, w).ID, "")
	for _, part := range []string{
		`"locale":"fr-FR"`, `"timezone":"Europe/Paris"`, `"metadata":{"chat":{"turns":[1,2.50]},"big":9007199254740991}`,
		`"buyer":{"full_name":"Ada Lovelace","email":"ada@example.com","phone_number":"+15550100","company":{"name":"Engines","tax_id":"FR1"}}`,
	} {
		if !strings.Contains(again.Body.String(), part) {
			t.Errorf("lacks %s: %s", part, again.Body)
		}
	}
}

func TestAnExpiredSessionReadsSoAndIsNotChangedAnyMore(t *testing.T) {
	b := open(t)
	path := sessions + "/" + b.created().ID
	b.clock.advance(59 * time.Minute)
	wantStatus(t, b.agent(http.MethodPost, path, `{"order_notes":"still here"}`), http.StatusOK) // which extends it
	b.clock.advance(59 * time.Minute)
	if s := decoded[sessionBody](t, b.agent(http.MethodGet, path, "")); s.Status == "expired" {
		t.Fatal("an update did not extend the session")
	}
	b.clock.advance(2 * time.Minute)
	if s := decoded[sessionBody](t, b.agent(http.MethodGet, path, "")); s.Status != "expired" {
		t.Errorf("it is %s", s.Status)
	}
	quotes := b.shop.quotes
	for _, change := range []struct {
		path, body string
		status     int
	}{
		{path, `{"order_notes":"too late"}`, http.StatusBadRequest},
		{path + "/complete", `{"payment_data":{"token":"spt_1","provider":"stripe"}}`, http.StatusBadRequest},
		{path + "/cancel", ``, http.StatusMethodNotAllowed},
	} {
		w := b.agent(http.MethodPost, change.path, change.body)
		wantStatus(t, w, change.status)
		if e := decoded[errorBody](t, w); e.Code != "session_expired" {
			t.Errorf("%s: %+v", change.path, e)
		}
	}
	if b.shop.quotes != quotes {
		t.Error("an expired session was priced")
	}
}

func TestNoInterventionIsPromisedThatCannotBeKept(t *testing.T) {
	b := open(t)
	w := b.agent(http.MethodPost, sessions, strings.Replace(oneScarf, `"capabilities":{}`, `"capabilities":{"interventions":{"supported":["3ds","biometric","dance"]}}`, 1))
	wantStatus(t, w, http.StatusCreated)
	if !strings.Contains(w.Body.String(), `"interventions":{"supported":[]}`) || strings.Contains(w.Body.String(), "intervention_required") {
		t.Errorf("%s", w.Body)
	}
}

func TestAnAffiliatesTokenIsNeitherAnsweredNorLogged(t *testing.T) {
	b := open(t)
	for _, attribution := range []string{
		`{"provider":"p.example","token":"tok_secret"}`, `{"provider":"","token":"tok_secret"}`, `{"provider":"p.example","token":"tok_secret","source":7}`,
	} {
		w := b.agent(http.MethodPost, sessions, strings.Replace(oneScarf, `{`, `{"affiliate_attribution":`+attribution+`,`, 1))
		if w.Code >= 500 || strings.Contains(w.Body.String(), "tok_secret") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	w := b.agent(http.MethodPost, sessions, strings.Replace(oneScarf, `{`, `{"affiliate_attribution":{"provider":"p.example"},`, 1))
	wantStatus(t, w, http.StatusBadRequest)
	if e := decoded[errorBody](t, w); e.Param != "$.affiliate_attribution.token" {
		t.Errorf("%+v", e)
	}
	if strings.Contains(b.log.String(), "tok_secret") {
		t.Error("the token is in the log")
	}
}
