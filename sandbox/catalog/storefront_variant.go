package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

type storefrontVariant struct {
	ID               json.Number      `json:"id"`
	Option1          *string          `json:"option1"`
	Option2          *string          `json:"option2"`
	Option3          *string          `json:"option3"`
	SKU              string           `json:"sku"`
	Barcode          string           `json:"barcode"`
	Price            amountText       `json:"price"`
	CompareAtPrice   amountText       `json:"compare_at_price"`
	Grams            json.Number      `json:"grams"`
	RequiresShipping *bool            `json:"requires_shipping"`
	Taxable          *bool            `json:"taxable"`
	Available        *bool            `json:"available"`
	FeaturedImage    *storefrontImage `json:"featured_image"`

	// Only in files saved from the Admin REST API.
	InventoryManagement *string      `json:"inventory_management"`
	InventoryPolicy     string       `json:"inventory_policy"`
	InventoryQuantity   *json.Number `json:"inventory_quantity"`
}

// amountText keeps a price as its digits, whether the file quotes them or not, so that no amount
// ever is a float.
type amountText string

// UnmarshalJSON takes "12.00", 12.00 and null.
func (a *amountText) UnmarshalJSON(raw []byte) error {
	if bytes.Equal(raw, []byte("null")) {
		return nil
	}
	if raw[0] == '"' {
		return json.Unmarshal(raw, (*string)(a))
	}
	*a = amountText(raw)
	return nil
}

// A storefront says whether a variant can be bought, not how many there are. This many let the
// demo shop sell and, when asked for more, run out.
const assumedStock = 100

var errNoPrice = errors.New("price is missing: a product without a price would be given away")

func (s storefrontVariant) variant(cur Currency) (v shopify.Variant, err error) {
	v = shopify.Variant{
		SKU: s.SKU, Barcode: s.Barcode, UpdatedAt: opened,
		Digital: s.RequiresShipping != nil && !*s.RequiresShipping,
		TaxFree: s.Taxable != nil && !*s.Taxable,
	}
	if s.Price == "" {
		return v, errNoPrice
	}
	if v.Price, err = cur.minorUnits(string(s.Price)); err != nil {
		return v, fmt.Errorf("price %w", err)
	}
	if s.CompareAtPrice != "" {
		if v.CompareAtPrice, err = cur.minorUnits(string(s.CompareAtPrice)); err != nil {
			return v, fmt.Errorf("compare_at_price %w", err)
		}
	}
	if s.Grams != "" {
		if v.WeightGrams, err = strconv.ParseInt(s.Grams.String(), 10, 64); err != nil {
			return v, fmt.Errorf("grams %q is not a whole number", s.Grams)
		}
	}
	return v, s.stock(&v)
}

func (s storefrontVariant) stock(v *shopify.Variant) (err error) {
	v.ContinueSelling = s.InventoryPolicy == "continue"
	switch {
	case s.InventoryQuantity != nil:
		v.Untracked = s.InventoryManagement == nil || *s.InventoryManagement == ""
		if v.Inventory, err = strconv.ParseInt(s.InventoryQuantity.String(), 10, 64); err != nil {
			return fmt.Errorf("inventory_quantity %q is not a whole number", *s.InventoryQuantity)
		}
	case s.Available == nil:
		v.Untracked = true
	case *s.Available:
		v.Inventory = assumedStock
	}
	return nil
}

func (s storefrontVariant) values(names []string) ([]string, error) {
	var values []string
	for i, value := range []*string{s.Option1, s.Option2, s.Option3} {
		switch given := value != nil && *value != ""; {
		case i < len(names) && !given:
			return nil, fmt.Errorf("option%d is empty, but the product has the option %q", i+1, names[i])
		case i < len(names):
			values = append(values, *value)
		case given && len(names) > 0:
			return nil, fmt.Errorf("option%d is %q, but the product has %d options", i+1, *value, len(names))
		}
	}
	return values, nil
}
