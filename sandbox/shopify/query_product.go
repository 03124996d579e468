package shopify

import (
	"slices"
	"strings"
)

func (s *Server) queryProduct(c rootCall) (any, error) {
	return s.load("Product", idOf("Product", c.args["id"])), nil
}

func (s *Server) queryVariant(c rootCall) (any, error) {
	return s.load("ProductVariant", idOf("ProductVariant", c.args["id"])), nil
}

func (s *Server) queryInventoryItem(c rootCall) (any, error) {
	return s.load("InventoryItem", idOf("InventoryItem", c.args["id"])), nil
}

func (s *Server) queryNode(c rootCall) (any, error) { return s.node(text(c.args["id"])) }

func (s *Server) queryNodes(c rootCall) (any, error) {
	out := []any{}
	for _, id := range texts(c.args["ids"]) {
		o, err := s.node(id)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

var scopeOfNode = map[string]string{
	"Product": "read_products", "ProductVariant": "read_products", "InventoryItem": "read_products",
	"DraftOrder": "read_draft_orders", "Order": "read_orders", "Refund": "read_orders", "Fulfillment": "read_fulfillments",
}

func (s *Server) node(id string) (any, error) {
	kind, n, ok := parseGID(id)
	if !ok {
		return nil, coded("BAD_REQUEST", "Invalid global id '"+id+"'")
	}
	if err := s.allow("node", scopeOfNode[kind]); err != nil {
		return nil, err
	}
	return s.load(kind, n), nil
}

// load reads a record of the books; nil when there is none.
func (s *Server) load(kind string, id int64) object {
	switch kind {
	case "Product":
		if p := s.findProduct(id); p != nil {
			return s.product(p)
		}
	case "ProductVariant":
		if p, i := s.find(id); p != nil {
			return s.variant(p, i)
		}
	case "InventoryItem":
		for i := range s.books.Products {
			p := &s.books.Products[i]
			if j := slices.IndexFunc(p.Variants, func(v Variant) bool { return v.InventoryItemID == id }); j >= 0 {
				return s.inventoryItem(p, j)
			}
		}
	case "DraftOrder":
		if d := s.findDraft(id); d != nil {
			return s.readDraft(d)
		}
	case "Order":
		if o := s.findOrder(id); o != nil {
			return s.order(o)
		}
	case "Refund", "Fulfillment":
		return s.loadOfOrder(kind, id)
	case "BulkOperation":
		if b := s.findBulk(id); b != nil {
			return s.readBulk(b)
		}
	}
	return nil
}

func (s *Server) queryProducts(c rootCall) (any, error) {
	terms, err := parseSearch(text(c.args["query"]))
	if err != nil {
		return nil, err
	}
	var found []*Product
	for i := range s.books.Products {
		if p := &s.books.Products[i]; matchProduct(p, terms) {
			found = append(found, p)
		}
	}
	slices.SortStableFunc(found, func(a, b *Product) int {
		switch text(c.args["sortKey"]) {
		case "UPDATED_AT":
			return a.UpdatedAt.Compare(b.UpdatedAt)
		case "CREATED_AT":
			return a.CreatedAt.Compare(b.CreatedAt)
		case "TITLE":
			return strings.Compare(a.Title, b.Title)
		}
		return int(min(max(a.ID-b.ID, -1), 1))
	})
	ids := make([]string, len(found))
	for i, p := range found {
		ids[i] = gid("Product", p.ID)
	}
	return list{ids: ids, at: func(i int) object { return s.product(found[i]) }}, nil
}

func matchProduct(p *Product, terms []term) bool {
	for _, t := range terms {
		var fits bool
		switch t.field {
		case "status":
			fits = t.any(p.Status)
		case "tag":
			fits = t.any(p.Tags...)
		case "id":
			fits = t.id(p.ID)
		case "updated_at":
			fits = t.time(p.UpdatedAt)
		case "created_at":
			fits = t.time(p.CreatedAt)
		case "vendor":
			fits = t.any(p.Vendor)
		case "":
			fits = strings.Contains(strings.ToLower(p.Title), strings.ToLower(t.value))
		default:
			continue // like Shopify, which ignores filters that it does not know
		}
		if fits == t.not {
			return false
		}
	}
	return true
}
