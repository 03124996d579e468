package shopify

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// showCart is the page behind a cart permalink: /cart/{variant}:{quantity},… with
// attributes, a note, a discount and a referral in the query. Shopify's leads on to its
// checkout; here the page shows what would be bought and what the order would carry. What
// cannot be bought is refused as a whole, which is the harsher reading: a link must hold
// nothing that the storefront does not sell.
// https://shopify.dev/docs/apps/build/checkout/create-cart-permalinks
func (s *Server) showCart(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	in, fault := s.readPermalink(r.PathValue("lines"), r.URL.Query())
	if fault != "" {
		s.say(w, http.StatusUnprocessableEntity, "This cart cannot be opened", fault)
		return
	}
	p, err := s.priceInput(in)
	if err != nil {
		s.say(w, http.StatusUnprocessableEntity, "This cart cannot be opened", err.Error())
		return
	}
	page := s.receipt("Your cart", in, p)
	page.Status = "not bought yet"
	s.render(w, http.StatusOK, "order.html", page)
}

func (s *Server) readPermalink(lines string, q url.Values) (in draftInput, fault string) {
	in = draftInput{Note: q.Get("note"), AcceptAutomatic: true}
	if code := q.Get("discount"); code != "" {
		in.Codes = strings.Split(code, ",")
	}
	for name, values := range q {
		if key, ok := strings.CutPrefix(name, "attributes["); ok && strings.HasSuffix(key, "]") {
			in.Attributes = append(in.Attributes, attribute{Key: strings.TrimSuffix(key, "]"), Value: values[0]})
		}
	}
	slices.SortFunc(in.Attributes, func(a, b attribute) int { return strings.Compare(a.Key, b.Key) })
	for line := range strings.SplitSeq(lines, ",") {
		id, quantity, _ := strings.Cut(line, ":")
		variant, wrongID := strconv.ParseInt(id, 10, 64)
		units, wrongQuantity := strconv.ParseInt(quantity, 10, 64)
		if wrongID != nil || wrongQuantity != nil || units < 1 {
			return in, fmt.Sprintf("%q is no variant and quantity.", line)
		}
		if fault := s.unsoldOnline(variant, units); fault != "" {
			return in, fault
		}
		in.Lines = append(in.Lines, lineInput{VariantID: variant, Quantity: units})
	}
	return in, ""
}

// unsoldOnline says why the storefront does not sell so many units, "" when it does.
func (s *Server) unsoldOnline(variant, units int64) string {
	p, i := s.find(variant)
	switch {
	case p == nil || s.storeURL(p) == nil:
		return fmt.Sprintf("Variant %d is not sold here.", variant)
	case !s.sellable(&p.Variants[i], units):
		return p.Title + " is not available in this quantity."
	default:
		return ""
	}
}
