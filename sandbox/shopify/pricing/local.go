package pricing

import (
	"slices"
	"strings"
)

// Collection is the location at which buyers of the demo shop can collect their goods.
type Collection struct {
	Name, Instructions, Phone             string
	Address1, City, Province, Zip, Nation string // Nation is ISO 3166 alpha-2
}

// LocalDelivery brings goods to addresses near the shop. Price is minor units.
type LocalDelivery struct {
	Title       string
	ZipPrefixes []string
	Price       int64
}

// DefaultCollection is in the shop's country, for a US shop in San Francisco.
func DefaultCollection(country string) *Collection {
	c := Collection{Name: "Harbour Store", Instructions: "Open 9 to 18, ring at the side door.", Phone: "+14155550199", Nation: country}
	switch country {
	case "DE":
		c.Address1, c.City, c.Zip, c.Phone = "Hafenstraße 1", "Hamburg", "20359", "+49405550199"
	case "GB":
		c.Address1, c.City, c.Zip, c.Phone = "1 Harbour Lane", "London", "E1W 1AA", "+442055550199"
	case "JP":
		c.Address1, c.City, c.Province, c.Zip, c.Phone = "1-1 Kaigan", "Minato", "JP-13", "105-0022", "+81355550199"
	default:
		c.Address1, c.City, c.Province, c.Zip = "1 Harbor Street", "San Francisco", "CA", "94105"
	}
	return &c
}

// DefaultLocalDelivery serves the postal codes around DefaultCollection for 7.00.
func DefaultLocalDelivery(country, currency string) *LocalDelivery {
	d := LocalDelivery{Title: "Bicycle courier", Price: Scaled(700, currency), ZipPrefixes: []string{"941"}}
	switch country {
	case "DE":
		d.ZipPrefixes = []string{"20", "22"}
	case "GB":
		d.ZipPrefixes = []string{"E1"}
	case "JP":
		d.ZipPrefixes = []string{"105"}
	}
	return &d
}

// LocalDeliveries lists the local delivery rates of a cart's destination.
func LocalDeliveries(shop Shop, cart Cart) []Rate {
	d := cart.Destination
	if shop.LocalDelivery == nil || !shippable(cart) || d.Country != shop.Country {
		return nil
	}
	near := func(prefix string) bool { return strings.HasPrefix(d.Zip, prefix) }
	if !slices.ContainsFunc(shop.LocalDelivery.ZipPrefixes, near) {
		return nil
	}
	r := shop.LocalDelivery
	return []Rate{{Handle: "local-delivery-" + Format(r.Price, Exponent(shop.Currency)), Title: r.Title, Price: r.Price}}
}

// Collections lists where a cart can be collected. Whether Shopify tells without an address is not
// documented; not telling is the harsher reading.
func Collections(shop Shop, cart Cart) []Rate {
	if shop.Collection == nil || !shippable(cart) {
		return nil
	}
	return []Rate{{Handle: "local-pickup-" + shop.Collection.Name, Title: shop.Collection.Name}}
}

func shippable(cart Cart) bool {
	d := cart.Destination
	return d != nil && d.Country != "" && (d.City != "" || d.Zip != "") && needsShipping(cart)
}

// collect moves the destination of a cart that is collected to where that happens: taxes are due there.
func (c *Collection) collect(cart Cart) Cart {
	cart.Destination = &Destination{Country: c.Nation, Province: c.Province, City: c.City, Zip: c.Zip}
	return cart
}
