package catalog

import (
	"errors"
	"fmt"
	"strings"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

// addRow takes a row of a product: always its picture, and a variant unless the row exists for
// the picture alone.
func (p *csvProduct) addRow(all *csvCatalog, row csvRow) error {
	all.warnings = append(all.warnings, p.addPicture(row)...)
	if p.pictureOnly(row) {
		return nil
	}
	values, err := p.optionValues(row)
	if err != nil {
		return err
	}
	variant, err := csvVariant(row, all.cur)
	if err != nil {
		return err
	}
	variant.OptionValues = values
	p.product.Variants = append(p.product.Variants, variant)
	shown, warnings := p.variantPicture(row)
	p.shown = append(p.shown, shown)
	all.warnings = append(all.warnings, warnings...)
	return nil
}

// pictureOnly: the first row of a product always is a variant; a later one is when it names an
// option value, a price or a SKU.
func (p *csvProduct) pictureOnly(row csvRow) bool {
	return len(p.product.Variants) > 0 &&
		row.text("option1 value")+row.text("option2 value")+row.text("option3 value")+row.text("price")+row.text("sku") == ""
}

var errSecondDefault = errors.New("the product has no options, so it cannot have a second variant")

func (p *csvProduct) optionValues(row csvRow) ([]string, error) {
	if len(p.options) == 0 {
		if len(p.product.Variants) > 0 {
			return nil, row.fail("option1 name", errSecondDefault)
		}
		return nil, nil
	}
	values := make([]string, 0, len(p.options))
	for n := 1; n <= 3; n++ {
		value := row.text(optionField(n, "value"))
		switch {
		case n > len(p.options) && value != "":
			return nil, row.fail(optionField(n, "value"), fmt.Errorf("%q is a value for an option that the product's first row does not name", value))
		case n <= len(p.options) && value == "":
			return nil, row.fail(optionField(n, "value"), fmt.Errorf("is empty, but every variant needs a value for %q", p.options[n-1]))
		case n <= len(p.options):
			values = append(values, value)
		}
	}
	key := strings.Join(values, "\x00")
	if line, twice := p.seen[key]; twice {
		return nil, row.fail("", fmt.Errorf("the variant %s is already on line %d", strings.Join(values, " / "), line))
	}
	p.seen[key] = row.line
	return values, nil
}

func csvVariant(row csvRow, cur Currency) (v shopify.Variant, err error) {
	v = shopify.Variant{
		SKU: row.text("sku"),
		// A spreadsheet guards a long number with an apostrophe, and Shopify exports it with it.
		Barcode:   strings.TrimPrefix(row.text("barcode"), "'"),
		UpdatedAt: opened,
	}
	if v.Price, err = row.price(cur); err != nil {
		return v, err
	}
	if v.CompareAtPrice, err = row.compareAt(cur); err != nil {
		return v, err
	}
	if v.WeightGrams, err = row.whole("grams"); err != nil {
		return v, err
	}
	ships, err := row.yes("shipping", true)
	if err != nil {
		return v, err
	}
	taxable, err := row.yes("taxable", true)
	if err != nil {
		return v, err
	}
	v.Digital, v.TaxFree = !ships, !taxable
	return v, stock(row, &v)
}

// stock: an empty tracker means that nobody counts. A file without that column but with
// quantities is taken to count them, because selling what is not there is the worse mistake.
func stock(row csvRow, v *shopify.Variant) (err error) {
	if v.Inventory, err = row.whole("quantity"); err != nil {
		return err
	}
	if v.ContinueSelling, err = row.continueSelling(); err != nil {
		return err
	}
	if row.cols.has("tracker") {
		v.Untracked = row.text("tracker") == ""
	} else {
		v.Untracked = row.text("quantity") == ""
	}
	return nil
}

func (p *csvProduct) finish() shopify.Product {
	p.placePictures()
	p.product.Options = optionsOf(p.options, p.product.Variants)
	return p.product
}

// optionsOf lists the values of each option in the order in which variants first use them.
func optionsOf(names []string, variants []shopify.Variant) []shopify.Option {
	var options []shopify.Option
	for i, name := range names {
		option := shopify.Option{Name: name}
		seen := map[string]bool{}
		for _, v := range variants {
			if value := v.OptionValues[i]; !seen[value] {
				seen[value] = true
				option.Values = append(option.Values, value)
			}
		}
		options = append(options, option)
	}
	return options
}
