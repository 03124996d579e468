package shopify

import (
	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// soldLines are the order's lines and totals as charged. Shopify keeps the tax of a tax-inclusive order inside
// its lines and its shipping; here it stands beside both, as in a session, so that
// total = items - discounts + fulfillment + tax, and the subtotals of the lines add up to that of the order.
//
// The tax of shipping is Shopify's own figure. What is left is spread over the taxable lines by largest
// remainder: reading the taxes of every line would cost more than a query may.
func soldLines(o wholeOrder, read *amounts) ([]acp.OrderLine, acp.Totals) {
	onShipping := shippingTax(o, read)
	t := acp.Totals{
		Fulfillment: read.of(o.TotalShippingPriceSet),
		Tax:         read.maybe(o.TotalTaxSet),
		Total:       read.of(o.TotalPriceSet),
	}
	lines, discounted := make([]acp.OrderLine, len(o.lines)), int64(0)
	for i, l := range o.lines {
		lines[i] = soldLine(l, read)
		t.ItemsBase += lines[i].Unit * lines[i].Ordered
		t.ItemsDiscount += lines[i].Discount
		discounted += lines[i].Subtotal
	}
	t.Discount = discounted - read.maybe(o.SubtotalPriceSet)
	for i, tax := range acp.Allocate(t.Tax-onShipping, taxWeights(o.lines, lines)) {
		lines[i].Tax = tax
		if o.TaxesIncluded {
			lines[i].Subtotal -= tax
			t.ItemsBase -= tax
		}
	}
	if o.TaxesIncluded {
		t.Fulfillment -= onShipping
	}
	t.Fee = t.Total - t.Sum()
	return lines, t
}

// soldLine is a line before it is known what tax is in it.
func soldLine(l admin.OrderLine, read *amounts) acp.OrderLine {
	unit, reduced := read.of(l.OriginalUnitPriceSet), read.of(l.DiscountedTotalSet)
	line := acp.OrderLine{
		ID:        l.Id,
		Title:     l.Title,
		Unit:      unit,
		Ordered:   int64(l.Quantity),
		Current:   int64(l.CurrentQuantity),
		Fulfilled: max(0, int64(l.CurrentQuantity-l.UnfulfilledQuantity)),
		Subtotal:  reduced,
		Discount:  unit*int64(l.Quantity) - reduced,
	}
	if l.Variant != nil { // null once the variant is deleted
		line.VariantID = l.Variant.Id
	}
	return line
}

func shippingTax(o wholeOrder, read *amounts) int64 {
	sum := int64(0)
	for _, s := range o.ShippingLines.Nodes {
		for _, t := range s.TaxLines {
			sum += read.of(t.PriceSet)
		}
	}
	return sum
}

// taxWeights are by price, and make sure that tax has somewhere to go when nothing is marked taxable.
func taxWeights(from []admin.OrderLine, lines []acp.OrderLine) []int64 {
	weights, all, taxable := make([]int64, len(lines)), make([]int64, len(lines)), false
	for i, l := range lines {
		all[i] = l.Subtotal
		if from[i].Taxable && l.Subtotal > 0 {
			weights[i], taxable = l.Subtotal, true
		}
	}
	if taxable {
		return weights
	}
	return all
}
