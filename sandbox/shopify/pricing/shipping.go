package pricing

import (
	"errors"
	"fmt"
	"slices"
)

// ErrUnknownRate is returned when the chosen handle is not (or no longer) on offer.
var ErrUnknownRate = errors.New("shipping rate is not available")

// Rate is one way to ship. Price is minor units before shipping discounts.
type Rate struct {
	Handle string `json:"handle"`
	Title  string `json:"title"`
	Price  int64  `json:"price"`
}

// Scaled turns hundredths into minor units of the currency; 5.00 stays a believable
// 500 where the currency has no decimals.
func Scaled(hundredths int64, currency string) int64 {
	if Exponent(currency) == 3 {
		return hundredths * 10
	}
	return hundredths
}

// Rates lists how a cart can be shipped: none before the destination is known, none to
// countries the shop does not ship to, none for carts that need no shipping.
func Rates(shop Shop, cart Cart, subtotal int64) []Rate {
	d := cart.Destination
	if !shippable(cart) {
		return nil
	}
	if d.Country == shop.Country {
		standard := int64(500)
		if shop.FreeShippingOver > 0 && subtotal >= shop.FreeShippingOver {
			standard = 0
		}
		return []Rate{
			rate(shop, "Standard", standard), rate(shop, "Express", 1500), rate(shop, "Overnight", 2900),
		}
	}
	if slices.Contains(shop.ShipsTo, d.Country) {
		return []Rate{rate(shop, "International Standard", 1900), rate(shop, "International Express", 3900)}
	}
	return nil
}

// The handle carries the price, as Shopify's own do, so a handle kept from before a
// price change is refused instead of being honoured at another price.
func rate(shop Shop, title string, hundredths int64) Rate {
	price := Scaled(hundredths, shop.Currency)
	return Rate{Handle: "shopify-" + title + "-" + Format(price, Exponent(shop.Currency)), Title: title, Price: price}
}

func needsShipping(cart Cart) bool {
	return slices.ContainsFunc(cart.Lines, func(l Line) bool { return l.RequiresShipping })
}

func (q *Quote) ship(shop Shop, cart Cart) error {
	c := cart.Shipping
	if c == nil {
		return nil
	}
	if c.Handle == "" {
		q.Shipping = &QuotedShipping{Title: c.Title, Original: c.Price, Net: c.Price}
		return nil
	}
	offered := slices.Concat(q.Rates, LocalDeliveries(shop, cart), Collections(shop, cart))
	i := slices.IndexFunc(offered, func(r Rate) bool { return r.Handle == c.Handle })
	if i < 0 {
		return fmt.Errorf("%w: %s", ErrUnknownRate, c.Handle)
	}
	r := offered[i]
	q.Collected = i == len(offered)-1 && len(Collections(shop, cart)) > 0
	q.Shipping = &QuotedShipping{Handle: r.Handle, Title: r.Title, Original: r.Price, Net: r.Price}
	return nil
}
