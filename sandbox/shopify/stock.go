package shopify

// find looks a variant up; nil when the shop does not (or no longer) have it.
func (s *Server) find(variant int64) (*Product, int) {
	for i := range s.books.Products {
		p := &s.books.Products[i]
		for j := range p.Variants {
			if p.Variants[j].ID == variant {
				return p, j
			}
		}
	}
	return nil, 0
}

func (s *Server) findProduct(id int64) *Product {
	for i := range s.books.Products {
		if s.books.Products[i].ID == id {
			return &s.books.Products[i]
		}
	}
	return nil
}

// available is the stock that nobody holds: units on hand less those that open drafts
// reserve until a moment still to come.
func (s *Server) available(v *Variant) int64 { return v.Inventory - s.reserved(v.ID, nil) }

func (s *Server) reserved(variant int64, except *draft) int64 {
	var held int64
	for _, d := range s.books.Drafts {
		if d == except || !d.reserves(s.now()) {
			continue
		}
		for _, l := range d.Priced.Lines {
			if l.VariantID == variant {
				held += l.Quantity
			}
		}
	}
	return held
}

// sellable tells whether so many units can be sold now.
func (s *Server) sellable(v *Variant, units int64) bool {
	return v.Untracked || v.ContinueSelling || s.available(v) >= units
}

// outOfStock is the first line of a draft that can no longer be sold. What the draft
// itself reserved counts as available to it.
func (s *Server) outOfStock(d *draft) (line pricedLine, out bool) {
	wanted := map[int64]int64{}
	for _, l := range d.Priced.Lines {
		if l.VariantID == 0 {
			continue
		}
		wanted[l.VariantID] += l.Quantity
		p, i := s.find(l.VariantID)
		if p == nil {
			return l, true
		}
		v := &p.Variants[i]
		if !v.Untracked && !v.ContinueSelling && v.Inventory-s.reserved(v.ID, d) < wanted[l.VariantID] {
			return l, true
		}
	}
	return pricedLine{}, false
}

// move changes the stock of the lines by their quantity times sign and tells Shopify's
// way: one inventory webhook per item and one products/update per product.
func (s *Server) move(lines []pricedLine, sign int64) {
	touched := map[int64]*Product{}
	for _, l := range lines {
		p, i := s.find(l.VariantID)
		if p == nil {
			continue
		}
		v := &p.Variants[i]
		p.UpdatedAt, v.UpdatedAt = s.now(), s.now()
		touched[p.ID] = p
		if !v.Untracked {
			v.Inventory += sign * l.Quantity
			s.notify("inventory_levels/update", s.inventoryPayload(v))
		}
	}
	for _, p := range touched {
		s.notify("products/update", s.productPayload(p))
	}
}
