package shopify

import (
	"cmp"
	"context"
	"fmt"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

type calculated = admin.QuoteDraftOrderCalculateDraftOrderCalculatePayloadCalculatedDraftOrder

// Quote implements acp.Quoter with draftOrderCalculate, which saves nothing in the shop.
func (c *Client) Quote(ctx context.Context, m acp.Merchant, cart acp.Cart) (acp.Quote, error) {
	answer, err := admin.Quote(ctx, c.reading(m.Shop), draftInput(cart))
	if err != nil {
		return acp.Quote{}, fmt.Errorf("calculate draft order: %w", err)
	}
	payload := answer.DraftOrderCalculate
	if payload == nil {
		return acp.Quote{}, acp.Failed(acp.KindUnavailable, "calculate draft order", errEmptyPayload)
	}
	if err := refusedBy("calculate draft order", payload.UserErrors); err != nil {
		return acp.Quote{}, err
	}
	if payload.CalculatedDraftOrder == nil {
		return acp.Quote{}, acp.Failed(acp.KindUnavailable, "calculate draft order", errEmptyPayload)
	}
	return quoteOf(payload.CalculatedDraftOrder, cart)
}

func quoteOf(d *calculated, cart acp.Cart) (acp.Quote, error) {
	read := amountsIn(d.PresentmentCurrencyCode)
	q := acp.Quote{
		Currency:      read.currency,
		TaxesIncluded: d.TaxesIncluded,
		DiscountTotal: read.of(d.TotalLineItemsPriceSet) - read.of(d.SubtotalPriceSet),
		Shipping:      read.of(d.TotalShippingPriceSet),
		Tax:           read.of(d.TotalTaxSet),
		Total:         read.of(d.TotalPriceSet),
	}
	if line := d.ShippingLine; line != nil {
		q.Shipping = read.of(line.DiscountedPriceSet)
		q.RateAmount = read.of(line.OriginalPriceSet)
		q.Rate = cmp.Or(value(line.ShippingRateHandle), cart.Rate) // Shopify may leave the handle of a pickup out
	}
	for _, t := range d.TaxLines {
		part := acp.TaxPart{Title: t.Title, Amount: read.of(t.PriceSet)}
		if t.Rate != nil {
			part.Rate = t.Rate.String()
		}
		q.TaxParts = append(q.TaxParts, part)
	}
	for _, r := range d.AvailableShippingRates {
		q.Rates = append(q.Rates, acp.ShippingRate{Handle: r.Handle, Title: r.Title, Amount: read.price(r.Price)})
	}
	lines, places, err := quotedLines(d, cart, read)
	if err != nil {
		return acp.Quote{}, err
	}
	q.Lines, q.Discounts = lines, discountsOf(d, cart, places, read)
	return q, read.err
}

// quotedLines puts Shopify's lines into the order of the cart. A line that Shopify left out, split or
// counted differently is a defect, not something to guess around: the total would belong to another cart.
// places says where each of Shopify's lines, by its uuid, stands in the cart.
func quotedLines(d *calculated, cart acp.Cart, read *amounts) (lines []acp.QuotedLine, places map[string]int, err error) {
	byVariant := make(map[string][]int, len(d.LineItems))
	for i, l := range d.LineItems {
		if l.Variant != nil {
			byVariant[l.Variant.Id] = append(byVariant[l.Variant.Id], i)
		}
	}
	lines, places = make([]acp.QuotedLine, len(cart.Lines)), make(map[string]int, len(cart.Lines))
	for i, want := range cart.Lines {
		found := byVariant[want.VariantID]
		if len(found) == 0 || int64(d.LineItems[found[0]].Quantity) != want.Quantity {
			return nil, nil, acp.Failed(acp.KindInternal, "calculate draft order",
				fmt.Errorf("the shop did not price %d of %s", want.Quantity, want.VariantID))
		}
		byVariant[want.VariantID] = found[1:]
		lines[i] = quotedLine(d.LineItems[found[0]], read)
		places[d.LineItems[found[0]].Uuid] = i
	}
	return lines, places, nil
}

func quotedLine(l admin.QuoteDraftOrderCalculateDraftOrderCalculatePayloadCalculatedDraftOrderLineItemsCalculatedDraftOrderLineItem, read *amounts) acp.QuotedLine {
	v := l.Variant
	line := acp.QuotedLine{
		VariantID:  v.Id,
		Unit:       read.of(l.OriginalUnitPriceSet),
		Original:   read.of(l.OriginalTotalSet),
		Discounted: read.of(l.DiscountedTotalSet),
		Taxable:    l.Taxable,
		Shippable:  l.RequiresShipping,
		Available:  v.AvailableForSale && v.Product.Status == admin.ProductStatusActive,
		Backorder:  v.InventoryPolicy == admin.ProductVariantInventoryPolicyContinue,
	}
	if v.InventoryItem.Tracked {
		stock := max(0, int64(v.SellableOnlineQuantity))
		line.Stock = &stock
	}
	return line
}

// value is what a nullable field holds, or empty.
func value[T any](p *T) T {
	if p == nil {
		var none T
		return none
	}
	return *p
}
