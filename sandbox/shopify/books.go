package shopify

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

// firstID is the first id given. It lies beyond 2^53 and is odd, so that a client that
// reads ids as floating point numbers ends up with an id that does not exist.
const firstID = int64(9007199254740993)

// books is everything that survives kill -9.
type books struct {
	LastID      int64            `json:"last_id"`
	ShopID      int64            `json:"shop_id"`
	LocationID  int64            `json:"location_id"`
	DraftNumber int              `json:"draft_number"`
	OrderNumber int              `json:"order_number"`
	Products    []Product        `json:"products"`
	Drafts      []*draft         `json:"drafts"`
	Orders      []*order         `json:"orders"`
	Grants      []*grant         `json:"grants"`
	Bulks       []*bulkOperation `json:"bulk_operations"`
	Jobs        []int64          `json:"jobs"`
	Deliveries  []*delivery      `json:"deliveries"`
	Sent        int              `json:"deliveries_made"`
	Refunds     map[string]int64 `json:"refunds_by_key"` // idempotency key -> refund id
	Calls       map[string]int64 `json:"calls"`
	// SignInRequired is the merchant's setting that buyers must sign in before they pay.
	SignInRequired bool `json:"sign_in_required"`
}

// id gives a new id.
func (b *books) id() int64 {
	b.LastID += 2
	return b.LastID
}

func (s *Server) openBooks() error {
	s.books = books{LastID: firstID - 2, OrderNumber: 1000, Calls: map[string]int64{}, Refunds: map[string]int64{}}
	if s.cfg.Dir != "" {
		found, err := standin.Load(s.booksPath(), &s.books)
		if err != nil {
			return fmt.Errorf("open books: %w", err)
		}
		if found {
			return nil
		}
	}
	s.books.ShopID, s.books.LocationID = s.books.id(), s.books.id()
	s.books.Products = s.stock(s.cfg.Products)
	return s.commit()
}

// commit writes the books down. Every change is committed before its answer leaves, so
// that kill -9 loses nothing that a client was told.
func (s *Server) commit() error {
	if s.cfg.Dir == "" {
		return nil
	}
	if err := standin.Save(s.booksPath(), &s.books); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

func (s *Server) booksPath() string { return filepath.Join(s.cfg.Dir, "shopify.json") }

// stock gives ids, handles and dates to the products that the shop starts with.
func (s *Server) stock(products []Product) []Product {
	now := s.now()
	stocked := make([]Product, 0, len(products))
	for _, p := range products {
		s.fill(&p.ID)
		if p.Status == "" {
			p.Status = StatusActive
		}
		if p.Handle == "" {
			p.Handle = handleOf(p.Title)
		}
		orNow(&p.CreatedAt, now)
		orNow(&p.UpdatedAt, p.CreatedAt)
		p.Images = append([]Image{}, p.Images...)
		for i := range p.Images {
			s.fill(&p.Images[i].ID)
		}
		p.Metafields = append([]Metafield{}, p.Metafields...)
		for i := range p.Metafields {
			s.fill(&p.Metafields[i].ID)
		}
		p.Variants = append([]Variant{}, p.Variants...)
		for i := range p.Variants {
			s.fill(&p.Variants[i].ID)
			s.fill(&p.Variants[i].InventoryItemID)
			orNow(&p.Variants[i].UpdatedAt, p.UpdatedAt)
		}
		stocked = append(stocked, p)
	}
	return stocked
}

func (s *Server) fill(id *int64) {
	if *id == 0 {
		*id = s.books.id()
	}
}

func orNow(t *time.Time, now time.Time) {
	if t.IsZero() {
		*t = now
	}
}
