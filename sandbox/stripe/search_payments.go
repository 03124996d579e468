package stripe

import (
	"slices"
	"strconv"
	"time"
)

// indexLag is how far search trails behind (docs.stripe.com/search: data is searchable
// in less than a minute under normal conditions, so never rely on it sooner).
const indexLag = time.Minute

// searchPayments answers from an index that trails: a payment intent is invisible for
// a minute, and found under its former status for a minute after it changed.
func (s *Server) searchPayments(c *call) (any, *failure) {
	if f := knownOnly(c.params, "query", "limit", "page", "expand"); f != nil {
		return nil, f
	}
	if f := required(c.params, "query"); f != nil {
		return nil, f
	}
	matches, err := parseQuery(c.params.Get("query"))
	if err != nil {
		return nil, invalid("", "query", "We were unable to parse your search query: "+err.Error())
	}
	horizon := c.now.Add(-indexLag).Unix()
	var found []any
	for _, p := range s.books.Payments {
		if p.Created > horizon || !matches(p, p.indexedStatus(horizon)) {
			continue
		}
		shown, f := p.expanded(c)
		if f != nil {
			return nil, f
		}
		found = append(found, shown)
	}
	slices.Reverse(found)
	return searchPage(c, found)
}

func (p *payment) indexedStatus(horizon int64) string {
	if p.StatusSince > horizon && p.StatusBefore != "" {
		return p.StatusBefore
	}
	return p.Status
}

// searchPage answers one page; next_page is the offset of the next one.
func searchPage(c *call, found []any) (any, *failure) {
	limit, f := pageSize(c)
	if f != nil {
		return nil, f
	}
	from := 0
	if page := c.params.Get("page"); page != "" {
		n, err := strconv.Atoi(page)
		if err != nil || n < 1 || n > len(found) {
			return nil, invalid("", "page", "Invalid page: "+page)
		}
		from = n
	}
	to := min(from+limit, len(found))
	data := append([]any{}, found[from:to]...)
	return map[string]any{
		"object": "search_result", "url": "/v1/payment_intents/search", "data": data,
		"has_more": to < len(found), "next_page": orNull(to < len(found), strconv.Itoa(to)),
	}, nil
}
