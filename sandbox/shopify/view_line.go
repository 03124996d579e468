package shopify

import (
	"encoding/json"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify/pricing"
)

// line shows what calculated, draft and order lines have in common. discountedTotalSet
// leaves out what codes took off the whole order, as Shopify documents it.
func (s *Server) line(l pricedLine) object {
	net := l.Amounts.Original - l.Amounts.LineDiscount
	view := object{
		"uuid": l.UUID, "title": l.Title, "name": l.name(), "variantTitle": nullable(l.VariantTitle), "sku": nullable(l.SKU),
		"vendor": nullable(l.Vendor), "quantity": l.Quantity, "requiresShipping": l.RequiresShipping, "taxable": l.Taxable,
		"custom": l.VariantID == 0, "isGiftCard": l.GiftCard, "customAttributes": attributes(l.Attributes),
		"originalUnitPriceSet": s.bag(l.Unit), "originalUnitPrice": s.money(l.Unit), "originalUnitPriceWithCurrency": s.money(l.Unit),
		"originalTotalSet": s.bag(l.Amounts.Original), "originalTotal": s.money(l.Amounts.Original),
		"approximateDiscountedUnitPriceSet": s.bag(net / l.Quantity), "discountedUnitPriceSet": s.bag(net / l.Quantity),
		"discountedTotalSet": s.bag(net), "discountedTotal": s.money(net),
		"totalDiscountSet": s.bag(l.Amounts.LineDiscount), "totalDiscount": s.money(l.Amounts.LineDiscount),
		"taxLines": s.taxLines(l.Amounts.Taxes), "components": []object{}, "variant": nil, "product": nil, "image": nil,
		"appliedDiscount": s.appliedDiscount(l.Discount, l.Amounts.LineDiscount),
	}
	if p, i := s.find(l.VariantID); p != nil {
		view["variant"] = ref{gid("ProductVariant", l.VariantID), func() object { return s.variant(p, i) }}
		if len(p.Images) > 0 {
			view["image"] = s.image(p, min(max(p.Variants[i].Image-1, 0), len(p.Images)-1))
		}
		view["product"] = ref{gid("Product", p.ID), func() object { return s.product(p) }}
	}
	return view
}

func (s *Server) calculatedLines(lines []pricedLine) []object {
	out := []object{}
	for _, l := range lines {
		out = append(out, s.line(l))
	}
	return out
}

// draftLines differ from calculated ones in that some amounts are the bare Money scalar.
func (s *Server) draftLines(lines []pricedLine) []object {
	out := []object{}
	for _, l := range lines {
		view := s.line(l)
		net := l.Amounts.Original - l.Amounts.LineDiscount
		view["__typename"], view["id"] = "DraftOrderLineItem", gid("DraftOrderLineItem", l.ID)
		view["originalUnitPrice"], view["originalTotal"] = s.price(l.Unit), s.price(l.Amounts.Original)
		view["discountedTotal"], view["totalDiscount"] = s.price(net), s.price(l.Amounts.LineDiscount)
		out = append(out, view)
	}
	return out
}

func attributes(list []attribute) []object {
	out := []object{}
	for _, a := range list {
		out = append(out, object{"key": a.Key, "value": a.Value})
	}
	return out
}

func (s *Server) appliedDiscount(d *pricing.Discount, amount int64) object {
	if d == nil {
		return nil
	}
	view := object{
		"title": nullable(d.Title), "description": d.Title, "amountSet": s.bag(amount),
		"valueType": "FIXED_AMOUNT", "value": json.Number(s.price(d.Amount)),
	}
	if d.PPM > 0 {
		view["valueType"], view["value"] = "PERCENTAGE", json.Number(pricing.Format(d.PPM, 4))
	}
	return view
}
