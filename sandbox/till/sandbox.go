package till

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// grant is the body of POST /_sandbox/tokens; a missing member takes its
// default.
type grant struct {
	MaxAmount int64  `json:"max_amount"` // minor units of Currency
	Currency  string `json:"currency"`
	ExpiresIn int64  `json:"expires_in"` // seconds
	Card      string `json:"card"`
}

var cards = []string{"good", "declined", "no_money", "stolen"}

// mintToken plays the agent's side: its buyer has agreed to pay up to a limit.
func (s *Server) mintToken(w http.ResponseWriter, r *http.Request) {
	g := grant{MaxAmount: 100_000, Currency: "usd", ExpiresIn: 900, Card: "good"}
	err := decode(r.Body, &g)
	if err == nil && (g.MaxAmount < 1 || g.ExpiresIn < 1 || len(g.Currency) != 3 || !slices.Contains(cards, g.Card)) {
		err = fmt.Errorf("max_amount and expires_in are positive, card is one of %v", cards)
	}
	if err != nil {
		write(w, answer{http.StatusBadRequest, map[string]string{"error": err.Error()}})
		return
	}
	t := &token{
		ID: newID("TILL"), Card: g.Card, Currency: strings.ToUpper(g.Currency), MaxAmount: g.MaxAmount,
		ExpiresAt: s.cfg.Now().Add(time.Duration(g.ExpiresIn) * time.Second),
	}
	write(w, s.execute(r, nil, func(*http.Request, []byte) answer {
		s.books.Tokens = append(s.books.Tokens, t)
		return answer{http.StatusOK, map[string]string{"id": t.ID}}
	}))
}

// revokeToken plays the buyer who thinks better of it.
func (s *Server) revokeToken(w http.ResponseWriter, r *http.Request) {
	write(w, s.execute(r, nil, func(r *http.Request, _ []byte) answer {
		t := s.token(r.PathValue("id"))
		if t == nil {
			return answer{http.StatusNotFound, map[string]string{"error": "no such token"}}
		}
		t.Revoked = true
		return answer{http.StatusOK, map[string]string{"id": t.ID}}
	}))
}

// disputeSale plays the buyer's bank: body {"status":"open"}, "won" or "lost".
func (s *Server) disputeSale(w http.ResponseWriter, r *http.Request) {
	in := struct {
		Status string `json:"status"`
	}{Status: "open"}
	if err := decode(r.Body, &in); err != nil || !slices.Contains([]string{"open", "won", "lost"}, in.Status) {
		write(w, answer{http.StatusBadRequest, map[string]string{"error": "status is open, won or lost"}})
		return
	}
	write(w, s.execute(r, nil, func(r *http.Request, _ []byte) answer {
		of := s.sale(r.PathValue("id"))
		if of == nil || of.Reason != "" {
			return answer{http.StatusNotFound, map[string]string{"error": "no such sale that was paid"}}
		}
		if len(of.Disputes) == 0 {
			of.Disputes = append(of.Disputes, &dispute{ID: newID("D"), Amount: of.Amount - of.refunded(), CreatedAt: s.cfg.Now().UTC()})
		}
		of.Disputes[0].Status = in.Status
		return answer{http.StatusOK, map[string]string{"id": of.Disputes[0].ID}}
	}))
}

// shownSale is a sale in GET /_sandbox/state; amounts are minor units.
type shownSale struct {
	ID       string            `json:"id"`
	Order    string            `json:"order"`
	Labels   map[string]string `json:"labels"`
	Amount   int64             `json:"amount"`
	Currency string            `json:"currency"`
	Taken    int64             `json:"taken"`
	Refunded int64             `json:"refunded"`
	Refunds  int               `json:"refunds"`
	Reason   string            `json:"reason,omitempty"`
}

// showState answers GET /_sandbox/state: every token and sale, oldest first.
func (s *Server) showState(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	tokens, sales := []token{}, []shownSale{}
	for _, t := range s.books.Tokens {
		tokens = append(tokens, *t)
	}
	for _, v := range s.books.Sales {
		shown := shownSale{
			ID: v.ID, Order: v.Order, Labels: v.Labels, Amount: v.Amount, Currency: v.Currency, Refunded: v.refunded(), Refunds: len(v.Refunds), Reason: v.Reason,
		}
		if v.Reason == "" {
			shown.Taken = v.Amount
		}
		sales = append(sales, shown)
	}
	s.mu.Unlock()
	write(w, answer{http.StatusOK, map[string]any{"tokens": tokens, "sales": sales}})
}
