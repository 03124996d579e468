package shopify

import (
	"net/http"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

// showState is everything, shaped as the Admin API gives it. Reading it changes nothing:
// drafts do not become ready and calls are not counted. With ?since= it shows only the
// drafts and orders made since then, in Unix seconds, and no products.
func (s *Server) showState(w http.ResponseWriter, r *http.Request) {
	since, err := standin.Since(r)
	if err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	products, drafts, orders := []any{}, []any{}, []any{}
	for i := range s.books.Products {
		if since == 0 {
			products = append(products, plainView(s.product(&s.books.Products[i])))
		}
	}
	for _, d := range s.books.Drafts {
		if d.CreatedAt.Unix() >= since {
			drafts = append(drafts, plainView(s.draft(d)))
		}
	}
	for _, o := range s.books.Orders {
		if o.CreatedAt.Unix() >= since {
			orders = append(orders, plainView(s.order(o)))
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"products": products, "draft_orders": drafts, "orders": orders, "calls": s.books.Calls,
		"webhooks": map[string]int{"made": s.books.Sent, "due": len(s.books.Deliveries)},
	})
}

// plainView writes an object out whole: connections as {nodes}, other records as {id}.
func plainView(v any) any {
	switch raw := v.(type) {
	case object:
		if raw == nil {
			return nil
		}
		out := map[string]any{}
		for name, value := range raw {
			out[name] = plainView(value)
		}
		return out
	case []object:
		out := []any{}
		for _, o := range raw {
			out = append(out, plainView(o))
		}
		return out
	case list:
		nodes := []any{}
		for i := range raw.ids {
			nodes = append(nodes, plainView(raw.at(i)))
		}
		return map[string]any{"nodes": nodes}
	case ref:
		return map[string]any{"id": raw.id}
	case lazy:
		value, err := raw(map[string]any{})
		if err != nil {
			return nil
		}
		return plainView(value)
	}
	return scalar(v)
}
