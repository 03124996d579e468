package acp

// totalsOf turns a quote into a session's totals and the tax of each line.
//
// Shopify gives the tax of a calculated draft for the order as a whole; it is
// spread over taxable lines (and shipping, where the shop taxes it) by largest
// remainder, so that the parts sum exactly. In tax-inclusive shops the
// contained tax is taken out of lines and shipping and shown as its own entry,
// because the protocol has no flag for it and agents check
// total = base - discounts + fulfillment + tax. The total is Shopify's; what
// its parts leave over is shown as a fee, never hidden.
func totalsOf(q Quote, taxShipping bool) (Totals, []int64) {
	weights := make([]int64, len(q.Lines)+1) // the last one is shipping
	for i, l := range q.Lines {
		if l.Taxable {
			weights[i] = l.Discounted
		}
	}
	if taxShipping {
		weights[len(q.Lines)] = q.Shipping
	}
	taxes := Allocate(q.Tax, spreadable(weights, q))
	t := Totals{Fulfillment: q.Shipping, Tax: q.Tax, Total: q.Total, TaxParts: q.TaxParts}
	for i, l := range q.Lines {
		t.ItemsBase += l.Original
		t.ItemsDiscount += l.Original - l.Discounted
		if q.TaxesIncluded {
			t.ItemsBase -= taxes[i]
		}
	}
	if q.TaxesIncluded {
		t.Fulfillment -= taxes[len(q.Lines)]
	}
	t.Discount = max(q.DiscountTotal-t.ItemsDiscount, 0)
	t.Fee = t.Total - t.Sum()
	return t, taxes[:len(q.Lines)]
}

// spreadable makes sure that tax has somewhere to go: when nothing is marked
// taxable but the shop charges tax all the same, it goes by price.
func spreadable(weights []int64, q Quote) []int64 {
	if positive(weights) {
		return weights
	}
	for i, l := range q.Lines {
		weights[i] = l.Discounted
	}
	return weights
}
