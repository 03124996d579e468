package feed

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// farewell is how long an item that is no longer for sale is told as withdrawn:
// agents keep what is merely left out for up to 14 days.
const farewell = 14 * 24 * time.Hour

// mapper turns items into rows. It has one row, which it uses again and again.
type mapper struct {
	Options
	report Report
	shop   row // what all rows of the shop have in common
	row    row
}

func newMapper(o Options) *mapper {
	m := &mapper{Options: o}
	name, _ := capped(oneLine(o.Merchant.Name), maxName)
	m.shop = row{SellerName: name}
	if absolute(o.Merchant.StorefrontURL) {
		m.shop.SellerURL = o.Merchant.StorefrontURL
	}
	if country := strings.ToUpper(o.Merchant.Country); len(country) == 2 {
		m.shop.StoreCountry, m.shop.TargetCountries = country, []string{country}
	}
	m.shop.ReturnPolicy = o.policy("return_policy", "refund_policy")
	m.shop.SellerPrivacyPolicy = o.policy("privacy_policy")
	m.shop.SellerTOS = o.policy("terms_of_use", "terms_of_service")
	if o.Checkout && (m.shop.SellerPrivacyPolicy == "" || m.shop.SellerTOS == "") {
		m.report.warn("the shop has no privacy policy or no terms, which agents want for checkout")
	}
	m.row.VariantDict = make(map[string]string)
	return m
}

func (o Options) policy(types ...string) string {
	for _, p := range o.Merchant.Policies {
		if slices.Contains(types, p.Type) && absolute(p.URL) {
			return p.URL
		}
	}
	return ""
}

// next is the row to write for an item, nil when there is none.
func (m *mapper) next(it *acp.Item) *row {
	ended, withdrawn := endOfSale(it)
	if withdrawn && m.Now.Sub(ended) >= farewell {
		m.report.Gone++
		return nil
	}
	warnings := m.fill(it)
	lacks := m.row.lacks()
	switch {
	case lacks != "" && withdrawn:
		m.report.Gone++ // it was never in the file
		return nil
	case lacks != "":
		m.report.skip(lacks)
		return nil
	case withdrawn:
		m.report.Withdrawn++
	}
	for _, w := range warnings {
		m.report.warn(w)
	}
	m.row.IsEligibleSearch, m.row.IsEligibleCheckout = !withdrawn, !withdrawn && m.Checkout
	m.report.Written++
	return &m.row
}

// endOfSale is since when an item is not for sale. When it was hidden nobody
// noted; its last change is the latest that it can have been.
func endOfSale(it *acp.Item) (since time.Time, ended bool) {
	switch {
	case !it.RemovedAt.IsZero():
		return it.RemovedAt, true
	case it.Hidden == "":
		return time.Time{}, false
	case it.ProductUpdated.After(it.UpdatedAt):
		return it.ProductUpdated, true
	default:
		return it.UpdatedAt, true
	}
}

func (m *mapper) fill(it *acp.Item) (warnings []string) {
	dict, images := m.row.VariantDict, m.row.AdditionalImageURLs[:0]
	clear(dict)
	m.row = m.shop
	r := &m.row
	r.VariantDict, r.AdditionalImageURLs = dict, images
	r.ItemID, r.URL, r.ImageURL = string(it.ID), preselecting(it.URL, string(it.ID)), it.ImageURL
	warned := func(cut bool, what string) {
		if cut {
			warnings = append(warnings, what)
		}
	}
	var cut bool
	r.Title, cut = titleOf(it)
	warned(cut, "title shortened")
	r.Description, cut = capped(lines(it.Description), maxDescription)
	warned(cut, "description shortened")
	r.Brand, cut = capped(oneLine(it.Brand), maxName)
	warned(cut, "brand shortened")
	r.Availability = availability(it.Availability)
	r.Price, r.SalePrice = m.prices(it)
	r.ProductCategory = oneLine(it.Category)
	if acp.ValidGTIN(it.GTIN) {
		r.GTIN = it.GTIN
	} else {
		warned(it.GTIN != "", "gtin left out, its check digit is wrong")
	}
	if it.WeightGrams > 0 {
		r.Weight, r.ItemWeightUnit = strconv.FormatInt(it.WeightGrams, 10), "g"
	}
	r.IsDigital = !it.Shippable
	r.group(it)
	r.moreImages(it)
	warned(!photo(it.ImageURL), "image is neither JPEG nor PNG")
	return warnings
}

// prices are the regular price and, when it is lower, what the item costs now.
// Both are empty when it costs nothing: a feed has no such price.
func (m *mapper) prices(it *acp.Item) (price, sale string) {
	now := acp.Money{Amount: it.Price, Currency: m.Merchant.Currency}
	if it.Price <= 0 {
		return "", ""
	}
	if it.CompareAt <= it.Price {
		return now.String(), ""
	}
	return acp.Money{Amount: it.CompareAt, Currency: m.Merchant.Currency}.String(), now.String()
}

// availability in the file's words; it has none for few left.
func availability(a acp.Availability) string {
	switch a {
	case acp.InStock, acp.LowStock:
		return "in_stock"
	case acp.OutOfStock:
		return "out_of_stock"
	case acp.Backorder:
		return "backorder"
	default:
		return "unknown"
	}
}

func (r *row) moreImages(it *acp.Item) {
	for _, address := range it.MoreImages {
		if address != it.ImageURL && absolute(address) && !slices.Contains(r.AdditionalImageURLs, address) {
			r.AdditionalImageURLs = append(r.AdditionalImageURLs, address)
		}
	}
}
