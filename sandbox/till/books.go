package till

import (
	"crypto/rand"
	"path/filepath"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

// books is everything that survives a restart. Nothing is ever forgotten: a
// sale and a refund carry the name of the request that made them.
type books struct {
	Tokens []*token `json:"tokens"`
	Sales  []*sale  `json:"sales"`
}

// token is what a buyer allowed. MaxAmount is minor units of Currency.
type token struct {
	ID        string    `json:"id"`
	Card      string    `json:"card"`
	Currency  string    `json:"currency"`
	MaxAmount int64     `json:"max_amount"`
	ExpiresAt time.Time `json:"expires_at"`
	SpentOn   string    `json:"spent_on,omitempty"` // the sale
	Revoked   bool      `json:"revoked,omitempty"`
}

// sale is one try to take money; amounts are minor units of Currency.
type sale struct {
	ID        string            `json:"id"`
	Request   string            `json:"request"`
	Asked     string            `json:"asked"` // fingerprint of the parameters
	Order     string            `json:"order"`
	Labels    map[string]string `json:"labels,omitempty"`
	Amount    int64             `json:"amount"`
	Currency  string            `json:"currency"`
	Reason    string            `json:"reason,omitempty"` // why it was declined
	Refunds   []*refund         `json:"refunds,omitempty"`
	Disputes  []*dispute        `json:"disputes,omitempty"`
	CreatedAt time.Time         `json:"created_at"`
}

type refund struct {
	ID        string    `json:"id"`
	Request   string    `json:"request"`
	Asked     string    `json:"asked"`
	Amount    int64     `json:"amount"`
	Reason    string    `json:"reason"`
	CreatedAt time.Time `json:"created_at"`
}

type dispute struct {
	ID        string    `json:"id"`
	Amount    int64     `json:"amount"`
	Status    string    `json:"status"` // open, won, lost
	CreatedAt time.Time `json:"created_at"`
}

func (s *sale) refunded() (sum int64) {
	for _, r := range s.Refunds {
		sum += r.Amount
	}
	return sum
}

func (s *Server) load() error {
	if s.cfg.Dir == "" {
		return nil
	}
	_, err := standin.Load(s.file(), &s.books)
	return err
}

func (s *Server) save() error {
	if s.cfg.Dir == "" {
		return nil
	}
	return standin.Save(s.file(), &s.books)
}

func (s *Server) file() string { return filepath.Join(s.cfg.Dir, "till.json") }

func (s *Server) token(id string) *token {
	return first(s.books.Tokens, func(t *token) bool { return t.ID == id })
}

func (s *Server) sale(id string) *sale {
	return first(s.books.Sales, func(v *sale) bool { return v.ID == id })
}

func first[T any](all []*T, is func(*T) bool) *T {
	for _, one := range all {
		if is(one) {
			return one
		}
	}
	return nil
}

func newID(kind string) string { return kind + "-" + rand.Text()[:16] }
