package shopify

import (
	"math/big"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// defaultTitle is what Shopify calls the one variant of a product without options.
const defaultTitle = "Default Title"

func productRecord(p *admin.CatalogProduct) acp.ProductRecord {
	r := acp.ProductRecord{
		ID: p.Id, Title: p.Title, Description: p.Description, Brand: p.Vendor, Category: p.ProductType,
		URL: value(p.OnlineStoreUrl), SingleVariant: p.HasOnlyDefaultVariant, Hidden: productHidden(p), UpdatedAt: p.UpdatedAt,
	}
	if p.Category != nil {
		r.Category = p.Category.FullName
	}
	if p.FeaturedMedia != nil {
		if preview := p.FeaturedMedia.Preview; preview != nil && preview.Image != nil {
			r.ImageURL = preview.Image.Url
		}
	}
	return r
}

// productHidden says why agents may not sell a product, for staff; empty: they may. Draft orders can sell
// neither subscriptions nor, safely, gift cards; of a combined listing the children are sold.
func productHidden(p *admin.CatalogProduct) string {
	switch {
	case p.Status != admin.ProductStatusActive:
		return "the product is " + statusWord(p.Status)
	case p.PublishedAt == nil || p.OnlineStoreUrl == nil:
		return "the product is not on the online store"
	case p.IsGiftCard:
		return "gift cards are not sold through agents"
	case p.RequiresSellingPlan:
		return "the product is sold by subscription only"
	case value(p.CombinedListingRole) == admin.CombinedListingsRoleParent:
		return "the product is the parent of a combined listing"
	}
	return ""
}

func statusWord(s admin.ProductStatus) string {
	switch s {
	case admin.ProductStatusDraft:
		return "a draft"
	case admin.ProductStatusArchived:
		return "archived"
	case admin.ProductStatusUnlisted:
		return "unlisted"
	default:
		return "not active"
	}
}

// variantRecord reads prices, which Shopify writes without a currency, in the shop's own.
func variantRecord(v *admin.CatalogVariant, product string, m acp.Merchant) (acp.VariantRecord, error) {
	read := amountsIn(string(m.Currency))
	r := acp.VariantRecord{
		ID: v.Id, ProductID: product, InventoryItem: v.InventoryItem.Id, Title: v.Title, SKU: value(v.Sku), GTIN: gtin(value(v.Barcode)),
		Price: read.decimal(v.Price), Availability: availability(v), Shippable: v.InventoryItem.RequiresShipping, UpdatedAt: v.UpdatedAt,
	}
	if v.CompareAtPrice != nil {
		if before := read.decimal(*v.CompareAtPrice); before > r.Price {
			r.CompareAt = before
		}
	}
	if v.InventoryItem.Tracked {
		stock := max(0, int64(v.SellableOnlineQuantity))
		r.Stock = &stock
	}
	if v.RequiresComponents {
		r.Hidden = "bundles are not sold through agents"
	}
	if v.Title == defaultTitle {
		r.Title = ""
	} else {
		for _, o := range v.SelectedOptions {
			r.Options = append(r.Options, acp.NamedValue{Name: o.Name, Value: o.Value})
		}
	}
	if w := v.InventoryItem.Measurement.Weight; w != nil {
		r.WeightGrams = grams(w.Value.String(), w.Unit)
	}
	return r, read.err
}

func availability(v *admin.CatalogVariant) acp.Availability {
	switch {
	case !v.AvailableForSale:
		return acp.OutOfStock
	case v.InventoryItem.Tracked && v.SellableOnlineQuantity <= 0:
		return acp.Backorder
	default:
		return acp.InStock
	}
}

// mediaRecord reports whether there is a picture yet: Shopify has none while it processes an upload.
func mediaRecord(i *admin.CatalogImage, product string) (acp.MediaRecord, bool) {
	if i.Image == nil {
		return acp.MediaRecord{}, false
	}
	return acp.MediaRecord{ID: i.Id, ProductID: product, URL: i.Image.Url}, true
}

// grams turns a weight into whole grams, rounded half up; an unreadable one is unknown, that is 0.
func grams(weight string, unit admin.WeightUnit) int64 {
	factor := map[admin.WeightUnit]string{
		admin.WeightUnitGrams: "1", admin.WeightUnitKilograms: "1000",
		admin.WeightUnitOunces: "28.349523125", admin.WeightUnitPounds: "453.59237",
	}[unit]
	amount, ok := new(big.Rat).SetString(weight)
	per, known := new(big.Rat).SetString(factor)
	if !ok || !known || amount.Sign() < 0 {
		return 0
	}
	amount.Mul(amount, per).Add(amount, big.NewRat(1, 2))
	whole := new(big.Int).Quo(amount.Num(), amount.Denom())
	if !whole.IsInt64() {
		return 0
	}
	return whole.Int64()
}
