package stripe

import (
	"fmt"
	"slices"
	"strconv"
)

// retrievePayment answers GET /v1/payment_intents/{id}.
func (s *Server) retrievePayment(c *call) (any, *failure) {
	p := s.payment(c.id)
	if p == nil {
		return nil, missing("payment_intent", "intent", c.id)
	}
	return p.expanded(c)
}

// listPayments is consistent at once, unlike search.
func (s *Server) listPayments(c *call) (any, *failure) {
	if f := knownOnly(c.params, "created", "limit", "starting_after", "expand"); f != nil {
		return nil, f
	}
	var found []listed
	for _, p := range s.books.Payments {
		inside, f := createdWithin(c, p.Created)
		if f != nil {
			return nil, f
		}
		if !inside {
			continue
		}
		shown, f := p.expanded(c)
		if f != nil {
			return nil, f
		}
		found = append(found, listed{id: p.ID, shown: shown})
	}
	return newestFirst(c, "/v1/payment_intents", found)
}

func createdWithin(c *call, created int64) (bool, *failure) {
	for bound, holds := range map[string]func(int64) bool{
		"created":      func(at int64) bool { return created == at },
		"created[gt]":  func(at int64) bool { return created > at },
		"created[gte]": func(at int64) bool { return created >= at },
		"created[lt]":  func(at int64) bool { return created < at },
		"created[lte]": func(at int64) bool { return created <= at },
	} {
		if c.params.Get(bound) == "" {
			continue
		}
		at, err := strconv.ParseInt(c.params.Get(bound), 10, 64)
		if err != nil {
			return false, invalid("parameter_invalid_integer", bound, "Invalid timestamp: "+c.params.Get(bound))
		}
		if !holds(at) {
			return false, nil
		}
	}
	return true, nil
}

// listed is one row of a list; rows come in the order of creation.
type listed struct {
	id    string
	shown any
}

// newestFirst answers one page in Stripe's list shape.
func newestFirst(c *call, url string, rows []listed) (any, *failure) {
	limit, f := pageSize(c)
	if f != nil {
		return nil, f
	}
	slices.Reverse(rows)
	if after := c.params.Get("starting_after"); after != "" {
		i := slices.IndexFunc(rows, func(r listed) bool { return r.id == after })
		if i < 0 {
			return nil, invalid("resource_missing", "starting_after", fmt.Sprintf("No such object: '%s'", after))
		}
		rows = rows[i+1:]
	}
	data := []any{}
	for _, r := range rows[:min(limit, len(rows))] {
		data = append(data, r.shown)
	}
	return map[string]any{"object": "list", "url": url, "has_more": len(rows) > limit, "data": data}, nil
}

func pageSize(c *call) (int, *failure) {
	limit, f := integer(c.params, "limit", 10)
	if f == nil && limit > 100 {
		f = invalid("parameter_invalid_integer", "limit", "This value must be less than or equal to 100.")
	}
	return int(limit), f
}
