package shopify

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify/pricing"
)

func (s *Server) variants(p *Product) list {
	ids := make([]string, len(p.Variants))
	for i, v := range p.Variants {
		ids[i] = gid("ProductVariant", v.ID)
	}
	return list{ids: ids, at: func(i int) object { return s.variant(p, i) }}
}

// variant shows one variant with its stock as it is now.
func (s *Server) variant(p *Product, i int) object {
	v := &p.Variants[i]
	title := v.title()
	var compareAt, compareAtMoney any
	if v.CompareAtPrice > 0 {
		compareAt, compareAtMoney = s.price(v.CompareAtPrice), s.money(v.CompareAtPrice)
	}
	policy := "DENY"
	if v.ContinueSelling {
		policy = "CONTINUE"
	}
	view := object{
		"__typename": "ProductVariant", "id": gid("ProductVariant", v.ID), "legacyResourceId": fmt.Sprint(v.ID), "title": title,
		"displayName": p.Title + " - " + title, "position": i + 1, "sku": nullable(v.SKU), "barcode": nullable(v.Barcode),
		"price": s.price(v.Price), "compareAtPrice": compareAt, "availableForSale": s.sellable(v, 1) && p.Status != StatusArchived,
		"inventoryPolicy": policy, "inventoryQuantity": s.available(v), "sellableOnlineQuantity": max(s.available(v), 0),
		"taxable": !v.TaxFree, "requiresComponents": v.RequiresBundle, "createdAt": p.CreatedAt, "updatedAt": v.UpdatedAt,
		"showUnitPrice": false, "unitPrice": nil, "unitPriceMeasurement": nil, "selectedOptions": selectedOptions(p, v),
		"sellingPlanGroupsCount": object{"count": 0, "precision": "EXACT"},
		"product":                ref{gid("Product", p.ID), func() object { return s.product(p) }},
		"inventoryItem":          ref{gid("InventoryItem", v.InventoryItemID), func() object { return s.inventoryItem(p, i) }},
		"contextualPricing": object{
			"price": s.money(v.Price), "compareAtPrice": compareAtMoney, "quantityRule": object{"minimum": 1, "maximum": nil, "increment": 1},
		},
	}
	if v.Image > 0 && v.Image <= len(p.Images) {
		view["media"] = listOf(s.media(p)[v.Image-1 : v.Image])
		view["image"] = s.image(p, v.Image-1)
	}
	return view
}

func (v *Variant) title() string {
	if len(v.OptionValues) == 0 {
		return "Default Title"
	}
	return strings.Join(v.OptionValues, " / ")
}

func selectedOptions(p *Product, v *Variant) []object {
	if len(p.Options) == 0 {
		return []object{{"name": "Title", "value": "Default Title", "optionValue": optionValue(p, 0, 0, "Default Title")}}
	}
	var out []object
	for i, o := range p.Options {
		if i < len(v.OptionValues) {
			value := v.OptionValues[i]
			out = append(out, object{"name": o.Name, "value": value, "optionValue": optionValue(p, i, indexOf(o.Values, value), value)})
		}
	}
	return out
}

func indexOf(values []string, value string) int {
	for i, v := range values {
		if v == value {
			return i
		}
	}
	return len(values)
}

func (s *Server) inventoryItem(p *Product, i int) object {
	v := &p.Variants[i]
	one := list{ids: []string{gid("ProductVariant", v.ID)}, at: func(int) object { return s.variant(p, i) }}
	return object{
		"__typename": "InventoryItem", "id": gid("InventoryItem", v.InventoryItemID), "legacyResourceId": fmt.Sprint(v.InventoryItemID),
		"tracked": !v.Untracked, "requiresShipping": !v.Digital, "sku": nullable(v.SKU), "duplicateSkuCount": 0,
		"countryCodeOfOrigin": nullable(v.CountryOfOrigin), "harmonizedSystemCode": nullable(v.HarmonizedSystem),
		"createdAt": p.CreatedAt, "updatedAt": v.UpdatedAt, "variants": one,
		"variant": ref{gid("ProductVariant", v.ID), func() object { return s.variant(p, i) }},
		"measurement": object{
			"id":     gid("InventoryItemMeasurement", v.InventoryItemID),
			"weight": object{"unit": "GRAMS", "value": json.Number(pricing.Format(v.WeightGrams, 0))},
		},
	}
}
