package pricing

import "fmt"

const maxUnit, maxQuantity = int64(1) << 40, int64(1) << 20

// Price prices a cart. It fails on ErrUnknownRate and on amounts that no shop could mean.
func Price(shop Shop, cart Cart) (Quote, error) {
	if err := check(cart); err != nil {
		return Quote{}, err
	}
	var q Quote
	q.discountLines(shop, cart)
	for _, l := range q.Lines {
		q.LineItemsTotal += l.Original
	}
	q.LinesSubtotal = q.net()
	q.Rates = Rates(shop, cart, q.LinesSubtotal)
	if err := q.ship(shop, cart); err != nil {
		return Quote{}, err
	}
	q.discountOrder(shop, cart)
	if q.Collected {
		cart = shop.Collection.collect(cart)
	}
	q.tax(shop, cart)
	q.total(shop)
	return q, nil
}

func check(cart Cart) error {
	for i, l := range cart.Lines {
		if l.Unit < 0 || l.Unit > maxUnit || l.Quantity < 1 || l.Quantity > maxQuantity {
			return fmt.Errorf("line %d: %d at %d minor units is out of range", i, l.Quantity, l.Unit)
		}
	}
	return nil
}

func (q *Quote) net() int64 {
	var sum int64
	for _, l := range q.Lines {
		sum += l.Net()
	}
	return sum
}

func (q *Quote) total(shop Shop) {
	q.Subtotal = q.net()
	q.DiscountTotal = q.LineItemsTotal - q.Subtotal
	if q.Shipping != nil {
		q.ShippingTotal = q.Shipping.Net
	}
	q.Total = q.Subtotal + q.ShippingTotal
	if !shop.TaxesIncluded {
		q.Total += q.TaxTotal
	}
}
