package shopify

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify/pricing"
)

const productsPath = "/_sandbox/products/"

// changeProducts does what staff would do to the catalog: POST changes a variant, DELETE
// removes a product. Ids are numbers or gids.
func (s *Server) changeProducts(w http.ResponseWriter, r *http.Request, id string) {
	switch r.Method {
	case http.MethodPost:
		s.changeVariant(w, r, id)
	case http.MethodDelete:
		s.deleteProduct(w, numericID(id))
	default:
		w.Header().Set("Allow", "POST, DELETE")
		writeJSON(w, http.StatusMethodNotAllowed, map[string]string{"error": "POST or DELETE"})
	}
}

// changeVariant sets price (decimal, shop's currency) and inventory of a variant and
// sends the webhooks that Shopify would send.
func (s *Server) changeVariant(w http.ResponseWriter, r *http.Request, variant string) {
	var in struct {
		Price     *string `json:"price"`
		Inventory *int64  `json:"inventory"`
	}
	if err := readJSON(w, r, &in); err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, i := s.find(numericID(variant))
	if p == nil {
		writeJSON(w, http.StatusNotFound, map[string]string{"error": "no such variant"})
		return
	}
	price := p.Variants[i].Price
	if in.Price != nil {
		var err error
		if price, err = pricing.Parse(*in.Price, s.decimal); err != nil || price < 0 {
			writeJSON(w, http.StatusBadRequest, map[string]string{"error": fmt.Sprintf("price %q is no amount in %s", *in.Price, s.shop.Currency)})
			return
		}
	}
	v := &p.Variants[i]
	v.Price, v.UpdatedAt, p.UpdatedAt = price, s.now(), s.now()
	if in.Inventory != nil {
		v.Inventory = *in.Inventory
		s.notify("inventory_levels/update", s.inventoryPayload(v))
	}
	s.notify("products/update", s.productPayload(p))
	s.answerChange(w, s.variant(p, i))
}

// numericID reads a number or a gid.
func numericID(text string) int64 {
	if _, id, ok := parseGID(text); ok {
		return id
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// addProduct puts a product of one variant into the shop, on sale at once.
func (s *Server) addProduct(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Title     string `json:"title"`
		Price     string `json:"price"`
		Inventory int64  `json:"inventory"`
	}
	if err := readJSON(w, r, &in); err != nil || in.Title == "" {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": fmt.Sprintf("title, price and inventory: %v", err)})
		return
	}
	price, err := pricing.Parse(in.Price, s.decimal)
	if err != nil || price < 0 {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": fmt.Sprintf("price %q is no amount in %s", in.Price, s.shop.Currency)})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	added := s.stock([]Product{{Title: in.Title, PublishedAt: &now, Variants: []Variant{{Price: price, Inventory: in.Inventory}}}})
	s.books.Products = append(s.books.Products, added...)
	p := &s.books.Products[len(s.books.Products)-1]
	s.notify("products/create", s.productPayload(p))
	s.answerChange(w, s.product(p))
}

func (s *Server) deleteProduct(w http.ResponseWriter, id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.findProduct(id) == nil {
		writeJSON(w, http.StatusNotFound, map[string]string{"error": "no such product"})
		return
	}
	s.books.Products = slices.DeleteFunc(s.books.Products, func(p Product) bool { return p.ID == id })
	s.notify("products/delete", object{"id": id})
	s.answerChange(w, object{"deleted": gid("Product", id)})
}
