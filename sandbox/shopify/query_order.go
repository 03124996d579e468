package shopify

import "slices"

func (s *Server) queryOrder(c rootCall) (any, error) {
	return s.load("Order", idOf("Order", c.args["id"])), nil
}

func (s *Server) queryOrders(c rootCall) (any, error) {
	found, err := s.searchOrders(c)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(found))
	for i, o := range found {
		ids[i] = gid("Order", o.ID)
	}
	return list{ids: ids, at: func(i int) object { return s.order(found[i]) }}, nil
}

func (s *Server) queryOrdersCount(c rootCall) (any, error) {
	found, err := s.searchOrders(c)
	if err != nil {
		return nil, err
	}
	return object{"count": len(found), "precision": "EXACT"}, nil
}

// searchOrders looks into an index that lags like that of drafts.
func (s *Server) searchOrders(c rootCall) ([]*order, error) {
	terms, err := parseSearch(text(c.args["query"]))
	if err != nil {
		return nil, err
	}
	var found []*order
	for _, o := range s.books.Orders {
		if s.unseen(o.IndexedAt, &o.Searches) {
			continue
		}
		if s.matchOrder(o, terms) {
			found = append(found, o)
		}
	}
	if text(c.args["sortKey"]) == "UPDATED_AT" {
		slices.SortStableFunc(found, func(a, b *order) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
	}
	return found, nil
}

func (s *Server) matchOrder(o *order, terms []term) bool {
	for _, t := range terms {
		var fits bool
		switch t.field {
		case "tag":
			fits = t.any(o.Input.Tags...)
		case "id":
			fits = t.id(o.ID)
		case "name":
			fits = t.any(o.name())
		case "email":
			fits = t.any(o.Input.Email)
		case "financial_status":
			fits = t.any(o.financialStatus())
		case "fulfillment_status":
			fits = t.any(o.fulfillmentStatus())
		case "source_name":
			fits = t.any(s.sourceName(o))
		case "created_at", "processed_at":
			fits = t.time(o.CreatedAt)
		case "updated_at":
			fits = t.time(o.UpdatedAt)
		case "":
			fits = t.any(o.name(), o.Input.Email)
		default:
			continue // like Shopify, which ignores filters that it does not know
		}
		if fits == t.not {
			return false
		}
	}
	return true
}

// queryJob says done for a job that was started: work is done before it is first asked for.
func (s *Server) queryJob(c rootCall) (any, error) {
	id := idOf("Job", c.args["id"])
	if !slices.Contains(s.books.Jobs, id) {
		return nil, nil //nolint:nilnil // null is the answer
	}
	return object{"id": gid("Job", id), "done": true}, nil
}

func (s *Server) queryRefund(c rootCall) (any, error) {
	return s.load("Refund", idOf("Refund", c.args["id"])), nil
}

func (s *Server) queryFulfillment(c rootCall) (any, error) {
	return s.load("Fulfillment", idOf("Fulfillment", c.args["id"])), nil
}

// loadOfOrder reads a refund or a parcel from the order that it belongs to.
func (s *Server) loadOfOrder(kind string, id int64) object {
	for _, o := range s.books.Orders {
		for i := range o.Refunds {
			if kind == "Refund" && o.Refunds[i].ID == id {
				return s.refund(o, &o.Refunds[i])
			}
		}
		for i := range o.Fulfillments {
			if kind == "Fulfillment" && o.Fulfillments[i].ID == id {
				return s.fulfillments(o)[i]
			}
		}
	}
	return nil
}
