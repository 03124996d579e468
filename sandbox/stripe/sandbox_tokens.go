package stripe

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// grant is the body of POST /_sandbox/tokens; a missing field takes its default.
type grant struct {
	MaxAmount int64  `json:"max_amount"` // minor units of Currency
	Currency  string `json:"currency"`
	ExpiresIn int64  `json:"expires_in"` // seconds
	Card      string `json:"card"`
	HeldFor   int64  `json:"held_for"` // seconds that an authorization lives
	// Risk are scores of insights ("stolen_card": 90); the others are calm.
	Risk map[string]json.Number `json:"risk"`
}

const longestGrant = 365 * 24 * 60 * 60 // seconds

// mintToken plays the agent's side: its buyer has agreed to pay up to a limit.
func (s *Server) mintToken(w http.ResponseWriter, r *http.Request) {
	g := grant{MaxAmount: 100_000, Currency: "usd", ExpiresIn: 900, Card: "pm_card_visa"}
	if err := decodeStrict(w, r, &g); err != nil {
		badRequest(w, "decode token: "+err.Error())
		return
	}
	if g.MaxAmount < 1 || g.ExpiresIn < 1 || g.ExpiresIn > longestGrant || g.HeldFor < 0 || g.HeldFor > longestGrant {
		badRequest(w, "max_amount and expires_in are positive, expires_in and held_for at most a year of seconds")
		return
	}
	now := s.cfg.Now().Unix()
	t := &token{
		ID: newID("spt"), Card: g.Card, Currency: strings.ToLower(g.Currency), MaxAmount: g.MaxAmount,
		ExpiresAt: now + g.ExpiresIn, Created: now, HeldFor: g.HeldFor, Risk: g.Risk,
	}
	if f := t.check(now); f != nil {
		badRequest(w, f.body.Message)
		return
	}
	s.mu.Lock()
	s.books.Tokens = append(s.books.Tokens, t)
	err := s.save()
	s.mu.Unlock()
	if err != nil {
		answer(w, http.StatusInternalServerError, map[string]any{"error": err.Error()})
		return
	}
	answer(w, http.StatusOK, map[string]any{"id": t.ID})
}

// revokeAtAgent answers POST /_sandbox/tokens/{id}/revoke: the buyer has thought better of it.
func (s *Server) revokeAtAgent(w http.ResponseWriter, r *http.Request) {
	s.aside(w, r, s.revokeToken)
}

// decodeStrict reads one JSON object without unknown fields; an empty body leaves v as it is.
func decodeStrict(w http.ResponseWriter, r *http.Request, v any) error {
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyLimit))
	dec.DisallowUnknownFields()
	switch err := dec.Decode(v); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the object")
	}
	return nil
}
