package feed

import (
	"strings"
	"unicode/utf8"

	"github.com/acp-bridge/acp-bridge/acp"
)

// placeholder is Shopify's name for the variant of a product without options.
const placeholder = "Default Title"

// titleOf is the product's title with the options of the variant. When that is
// too long the product's part is cut, so that variants stay apart.
func titleOf(it *acp.Item) (title string, cut bool) {
	title = oneLine(it.Title)
	if title == "" {
		return "", false
	}
	var options strings.Builder
	for _, o := range it.Options {
		if value := oneLine(o.Value); value != "" && value != placeholder {
			if options.Len() == 0 {
				options.WriteString(" - ")
			} else {
				options.WriteString(" / ")
			}
			options.WriteString(value)
		}
	}
	suffix := options.String()
	if room := maxTitle - utf8.RuneCountInString(suffix); room >= maxTitle/3 {
		title, cut = capped(title, room)
		return title + suffix, cut
	}
	return capped(title+suffix, maxTitle)
}

// group tells which product a variant belongs to and what sets it apart.
func (r *row) group(it *acp.Item) {
	product := it.ProductID[strings.LastIndexByte(it.ProductID, '/')+1:]
	for _, o := range it.Options {
		name, value := oneLine(o.Name), oneLine(o.Value)
		if name == "" || value == "" || value == placeholder {
			continue
		}
		key := strings.ToLower(name)
		r.attribute(key, value)
		if _, taken := r.VariantDict[key]; taken {
			key = name
		}
		r.VariantDict[key] = value
	}
	if it.SingleVariant || product == "" || len(r.VariantDict) == 0 {
		clear(r.VariantDict) // it would be ignored without a group
		return
	}
	r.GroupID, r.ListingHasVariations = "p_"+product, true
}

// attribute fills the column of an option that has one; what is too long for
// it stands in variant_dict alone.
func (r *row) attribute(name, value string) {
	size := utf8.RuneCountInString(value)
	switch {
	case (name == "color" || name == "colour") && size <= maxColor:
		r.Color = value
	case name == "size" && size <= maxSize:
		r.Size = value
	case name == "material" && size <= maxMaterial:
		r.Material = value
	}
}
