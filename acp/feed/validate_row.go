package feed

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/acp-bridge/acp-bridge/acp"
)

// validator holds what has to be compared between rows.
type validator struct {
	found    Problems
	items    map[string]bool
	groups   map[string]*group
	currency acp.Currency // of the first price
	current  cells
	rejected bool // the current row
}

func newValidator() *validator {
	return &validator{found: Problems{Counts: map[string]int64{}}, items: map[string]bool{}, groups: map[string]*group{}}
}

func (v *validator) row(c cells) {
	v.found.Rows++
	v.current, v.rejected = c, false
	if c.fault != "" {
		v.reject("row", c.fault)
	} else {
		v.required()
		v.prices()
		v.texts()
		v.identifiers()
		v.media()
		v.flags()
		v.grouping()
	}
	if v.rejected {
		v.found.Rejected++
	}
}

func (v *validator) reject(column, message string) {
	v.rejected = true
	v.note(Problem{Row: v.found.Rows, Item: v.current.text["item_id"], Column: column, Message: message, Reject: true})
}

func (v *validator) warn(column, message string) {
	v.note(Problem{Row: v.found.Rows, Item: v.current.text["item_id"], Column: column, Message: message})
}

func (v *validator) note(p Problem) {
	v.found.Counts[p.Column+" "+p.Message]++
	if len(v.found.List) < maxListed {
		v.found.List = append(v.found.List, p)
	}
}

func (v *validator) required() {
	for _, column := range columns[:9] {
		if strings.TrimSpace(v.current.text[column]) == "" {
			v.reject(column, "is missing")
		}
	}
	for _, column := range []string{"url", "image_url"} {
		if value := v.current.text[column]; value != "" && !absolute(value) {
			v.reject(column, "is not an absolute http address")
		}
	}
	switch v.current.text["availability"] {
	case "", "in_stock", "out_of_stock", "pre_order", "backorder", "unknown":
	default:
		v.reject("availability", "is none of in_stock, out_of_stock, pre_order, backorder, unknown")
	}
}

func (v *validator) prices() {
	text := v.current.text
	price, ok := parsePrice(text["price"])
	if text["price"] != "" && !ok {
		v.reject("price", "is not a positive amount such as 18.00 USD")
		return
	}
	if v.currency == "" {
		v.currency = price.Currency
	}
	if ok && price.Currency != v.currency {
		v.warn("price", "is in another currency than the feed")
	}
	if text["sale_price"] == "" {
		return
	}
	sale, ok := parsePrice(text["sale_price"])
	switch {
	case !ok:
		v.warn("sale_price", "is not a positive amount such as 18.00 USD")
	case sale.Currency != price.Currency:
		v.warn("sale_price", "is in another currency than price")
	case sale.Amount >= price.Amount:
		v.warn("sale_price", "is not lower than price")
	}
}

// parsePrice reads "18.00 USD": one space, an upper-case code, no more decimals
// than the currency has.
func parsePrice(s string) (acp.Money, bool) {
	amount, code, _ := strings.Cut(s, " ")
	currency, err := acp.ParseCurrency(code)
	if err != nil || currency.Upper() != code {
		return acp.Money{}, false
	}
	if _, decimals, _ := strings.Cut(amount, "."); len(decimals) > currency.Exponent() {
		return acp.Money{}, false
	}
	m, err := acp.ParseMoney(amount, currency)
	return m, err == nil && m.Amount > 0
}

func (v *validator) texts() {
	for _, l := range []struct {
		column string
		limit  int
	}{
		{"item_id", maxItemID},
		{"title", maxTitle},
		{"description", maxDescription},
		{"brand", maxName},
		{"seller_name", maxName},
		{"mpn", maxName},
		{"color", maxColor},
		{"size", maxSize},
		{"material", maxMaterial},
	} {
		if utf8.RuneCountInString(v.current.text[l.column]) > l.limit {
			v.warn(l.column, "is too long")
		}
	}
	if shouting(v.current.text["title"]) {
		v.warn("title", "is all in capitals")
	}
	for _, column := range v.current.odd {
		v.warn(column, "has a value of the wrong type")
	}
}

// shouting is true for a title in capitals only; a short code is none.
func shouting(title string) bool {
	letters := 0
	for _, r := range title {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters > 5
}

func (v *validator) media() {
	if value := v.current.text["image_url"]; value != "" && !photo(value) {
		v.warn("image_url", "is neither JPEG nor PNG")
	}
	for _, address := range v.current.lists[imagesColumn] {
		if !absolute(address) {
			v.warn(imagesColumn, "holds what is not an absolute http address")
		}
	}
}

func (v *validator) flags() {
	text := v.current.text
	if text["is_eligible_checkout"] == "true" && text["is_eligible_search"] == "false" {
		v.warn("is_eligible_checkout", "is true although the item is not searchable")
	}
	if countries := v.current.lists[countriesColumn]; len(countries) > 0 && countries[0] != "US" {
		v.warn(countriesColumn, "needs a market that was set up with OpenAI")
	}
	for rating, count := range map[string]string{"star_rating": "review_count", "store_star_rating": "store_review_count"} {
		if text[rating] != "" && (text[count] == "" || strings.Trim(text[count], "0") == "") {
			v.warn(rating, "comes without a count of reviews")
		}
	}
}
