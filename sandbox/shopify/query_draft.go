package shopify

import (
	"slices"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify/pricing"
)

func (s *Server) queryDraft(c rootCall) (any, error) {
	return s.load("DraftOrder", idOf("DraftOrder", c.args["id"])), nil
}

// queryDrafts searches an index that lags: a draft is found once a second has passed, or
// once two searches have missed it. How long Shopify's lags is not documented.
func (s *Server) queryDrafts(c rootCall) (any, error) {
	terms, err := parseSearch(text(c.args["query"]))
	if err != nil {
		return nil, err
	}
	var found []*draft
	for _, d := range s.books.Drafts {
		if s.unseen(d.IndexedAt, &d.Searches) {
			continue
		}
		if matchDraft(d, terms) {
			found = append(found, d)
		}
	}
	if text(c.args["sortKey"]) == "UPDATED_AT" {
		slices.SortStableFunc(found, func(a, b *draft) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
	}
	ids := make([]string, len(found))
	for i, d := range found {
		ids[i] = gid("DraftOrder", d.ID)
	}
	return list{ids: ids, at: func(i int) object { return s.readDraft(found[i]) }}, nil
}

// unseen tells whether a search misses something; searches counts those that did.
func (s *Server) unseen(indexedAt time.Time, searches *int) bool {
	if s.cfg.SearchLags != nil {
		return s.cfg.SearchLags()
	}
	if *searches >= indexSearches || !s.cfg.Now().Before(indexedAt) {
		return false
	}
	*searches++
	return true
}

func matchDraft(d *draft, terms []term) bool {
	for _, t := range terms {
		var fits bool
		switch t.field {
		case "tag":
			fits = t.any(d.Input.Tags...)
		case "status":
			fits = t.any(d.status())
		case "id":
			fits = t.id(d.ID)
		case "created_at":
			fits = t.time(d.CreatedAt)
		case "updated_at":
			fits = t.time(d.UpdatedAt)
		case "":
			fits = t.any(d.name(), d.Input.Email)
		default:
			continue // like Shopify, which ignores filters that it does not know
		}
		if fits == t.not {
			return false
		}
	}
	return true
}

// queryDeliveryOptions lists rates. Without a shipping address there are none.
func (s *Server) queryDeliveryOptions(c rootCall) (any, error) {
	in, err := s.readDraftInput(draftInput{}, fields(c.args["input"]))
	var p priced
	if err == nil {
		p, err = s.priceInput(in)
	}
	if err != nil {
		return nil, coded("BAD_REQUEST", err.Error())
	}
	cart := pricing.Cart{Destination: destination(in)}
	for _, l := range p.Lines {
		cart.Lines = append(cart.Lines, pricing.Line{RequiresShipping: l.RequiresShipping})
	}
	return object{
		"availableShippingRates":      s.deliveryRates(p.Quote.Rates),
		"availableLocalDeliveryRates": s.deliveryRates(pricing.LocalDeliveries(s.shop, cart)),
		"availableLocalPickupOptions": s.pickups(pricing.Collections(s.shop, cart), c.args),
		"pageInfo":                    object{"hasNextPage": false, "hasPreviousPage": false},
	}, nil
}

func (s *Server) deliveryRates(rates []pricing.Rate) []object {
	out := []object{}
	for _, r := range rates {
		out = append(out, object{"handle": r.Handle, "code": r.Title, "title": r.Title, "source": "shopify", "price": s.money(r.Price)})
	}
	return out
}

// pickups shows as many as were asked for. How many Shopify shows when nobody says is not documented; none is
// the harsher reading.
func (s *Server) pickups(rates []pricing.Rate, args map[string]any) []object {
	out := []object{}
	for _, r := range rates[:min(int64(len(rates)), whole(args["localPickupCount"]))] {
		out = append(out, object{
			"handle": r.Handle, "code": r.Title, "title": r.Title, "source": "shopify", "distanceFromBuyer": nil,
			"instructions": s.shop.Collection.Instructions, "locationId": gid("Location", s.books.LocationID),
		})
	}
	return out
}

// queryLocation shows the one location that the shop has.
func (s *Server) queryLocation(c rootCall) (any, error) {
	if id := text(c.args["id"]); id != "" && id != gid("Location", s.books.LocationID) {
		return nil, nil //nolint:nilnil // there is no other
	}
	at := s.shop.Collection
	if at == nil {
		at = &pricing.Collection{Name: s.cfg.Settings.Name, Nation: s.shop.Country}
	}
	return object{
		"__typename": "Location", "id": gid("Location", s.books.LocationID), "name": at.Name, "isActive": true, "fulfillsOnlineOrders": true,
		"address": object{
			"address1": nullable(at.Address1), "address2": nil, "city": nullable(at.City), "province": nullable(at.Province),
			"provinceCode": nullable(at.Province), "country": at.Nation, "countryCode": at.Nation, "zip": nullable(at.Zip),
			"phone": nullable(at.Phone), "formatted": []string{},
		},
	}, nil
}

// paymentTemplates are those that every shop has.
var paymentTemplates = []struct {
	id         int64
	name, kind string
	days       any
}{
	{1, "Due on receipt", "RECEIPT", nil},
	{2, "Net 7", "NET", 7},
	{4, "Net 30", "NET", 30},
	{9, "Due on fulfillment", "FULFILLMENT", nil},
}

func findTemplate(id string) object {
	for _, t := range paymentTemplates {
		if gid("PaymentTermsTemplate", t.id) == id {
			return object{
				"__typename": "PaymentTermsTemplate", "id": id, "name": t.name, "translatedName": t.name, "description": t.name,
				"paymentTermsType": t.kind, "dueInDays": t.days,
			}
		}
	}
	return nil
}

func (s *Server) queryPaymentTerms(c rootCall) (any, error) {
	out := []object{}
	for _, t := range paymentTemplates {
		if kind := text(c.args["paymentTermsType"]); kind == "" || kind == t.kind {
			out = append(out, findTemplate(gid("PaymentTermsTemplate", t.id)))
		}
	}
	return out, nil
}

func paymentTerms(id int64, template string) object {
	t := findTemplate(template)
	if t == nil {
		return nil
	}
	return object{
		"__typename": "PaymentTerms", "id": gid("PaymentTerms", id), "paymentTermsName": t["name"], "translatedName": t["name"],
		"paymentTermsType": t["paymentTermsType"], "dueInDays": t["dueInDays"], "due": false, "overdue": false,
	}
}
