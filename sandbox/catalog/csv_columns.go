package catalog

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// The headings that are read, by the name they have here: first the one of exports since 2025,
// then the older one. Case and surrounding space do not matter. Other columns are ignored, such
// as those of Google Shopping, cost, tax code and price per market.
// https://help.shopify.com/en/manual/products/import-export/using-csv
var headings = map[string][]string{
	"handle":       {"url handle", "handle"},
	"title":        {"title"},
	"body":         {"description", "body (html)"},
	"vendor":       {"vendor"},
	"category":     {"product category", "standardized product type"},
	"type":         {"type", "custom product type"},
	"tags":         {"tags"},
	"published":    {"published on online store", "published"},
	"status":       {"status"},
	"option1 name": {"option1 name"}, "option1 value": {"option1 value"},
	"option2 name": {"option2 name"}, "option2 value": {"option2 value"},
	"option3 name": {"option3 name"}, "option3 value": {"option3 value"},
	"sku":             {"sku", "variant sku"},
	"barcode":         {"barcode", "variant barcode"},
	"price":           {"price", "variant price"},
	"compare at":      {"compare-at price", "variant compare at price"},
	"taxable":         {"charge tax", "variant taxable"},
	"tracker":         {"inventory tracker", "variant inventory tracker"},
	"quantity":        {"inventory quantity", "variant inventory qty"},
	"policy":          {"continue selling when out of stock", "variant inventory policy"},
	"grams":           {"weight value (grams)", "variant grams"},
	"shipping":        {"requires shipping", "variant requires shipping"},
	"image":           {"product image url", "image src"},
	"position":        {"image position"},
	"alt":             {"image alt text"},
	"variant image":   {"variant image url", "variant image"},
	"gift card":       {"gift card"},
	"seo title":       {"seo title"},
	"seo description": {"seo description"},
}

// A merchant's own fields are exported under "Name (product.metafields.namespace.key)".
var metafieldHeading = regexp.MustCompile(`\(product\.metafields\.([^.()]+)\.([^.()]+)\)$`)

type metafieldColumn struct {
	at             int
	namespace, key string
}

// columns knows at which place of a row each field stands.
type columns struct {
	header     []string
	at         map[string]int
	metafields []metafieldColumn
}

var errSemicolons = errors.New("is separated by semicolons: save it with commas, as Shopify exports it")

func readHeader(header []string) (columns, error) {
	cols := columns{header: header, at: map[string]int{}}
	byName := map[string]int{}
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := byName[name]; !twice {
			byName[name] = i
		}
		if m := metafieldHeading.FindStringSubmatch(name); m != nil {
			cols.metafields = append(cols.metafields, metafieldColumn{i, m[1], m[2]})
		}
	}
	for field, names := range headings {
		for _, name := range names {
			if i, ok := byName[name]; ok {
				cols.at[field] = i
				break
			}
		}
	}
	return cols, cols.required()
}

func (c columns) required() error {
	if len(c.header) == 1 && strings.Contains(c.header[0], ";") {
		return errSemicolons
	}
	for field, name := range map[string]string{"title": `"Title"`, "price": `"Price" or "Variant Price"`} {
		if _, ok := c.at[field]; !ok {
			return fmt.Errorf("is not a Shopify product export: the first line has no column %s", name)
		}
	}
	return nil
}

func (c columns) has(field string) bool {
	_, ok := c.at[field]
	return ok
}

// heading is the name as the file has it, for messages.
func (c columns) heading(field string) string {
	if i, ok := c.at[field]; ok {
		return strings.TrimSpace(c.header[i])
	}
	return field
}
