package catalog

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

func (g *generator) fromDepartment(p *shopify.Product, i, at int) {
	d := departments[at]
	item, material := pick(g.draw, d.things), pick(g.draw, d.material)
	p.Title = g.title(material + " " + item.name + " " + pick(g.draw, d.lines))
	p.Vendor, p.ProductType, p.Category = pick(g.draw, d.vendors), item.kind, item.category
	p.Tags = []string{strings.ToLower(item.kind), strings.ToLower(material)}
	p.DescriptionHTML = g.describe(d, item, material)
	if g.draw.IntN(3) == 0 {
		p.SEOTitle = p.Title + " | " + p.Vendor
		p.SEODescription = fmt.Sprintf("%s %s by %s.", material, strings.ToLower(item.name), p.Vendor)
	}
	p.Metafields = []shopify.Metafield{{Namespace: "custom", Key: "material", Type: "single_line_text_field", Value: material}}
	g.choose(p, d, i)
	g.stockShelf(p, d, item, i)
}

func (g *generator) describe(d department, item thing, material string) string {
	points := slices.Clone(d.care)
	g.draw.Shuffle(len(points), func(a, b int) { points[a], points[b] = points[b], points[a] })
	var b strings.Builder
	fmt.Fprintf(&b, "<p>%s %s from our <em>%s</em> shelf.</p>\n<ul>\n",
		html.EscapeString(material), html.EscapeString(strings.ToLower(item.name)), html.EscapeString(item.kind))
	for _, point := range points[:2+g.draw.IntN(len(points)-1)] {
		b.WriteString("<li>" + point + "</li>\n")
	}
	b.WriteString("</ul>")
	return b.String()
}

// choose gives a product none of its department's options, or the first few of them, each with
// the first few values, and a variant for each combination. The third and fourth product always
// have some, so that a small catalog has a product with a choice.
func (g *generator) choose(p *shopify.Product, d department, i int) {
	count := g.draw.IntN(len(d.options) + 1)
	switch {
	case i < simpleProducts:
		count = 0
	case i < simpleProducts+2:
		count = max(count, 1)
	case i == settledFrom-1:
		count = len(d.options)
	}
	p.Variants = []shopify.Variant{{}}
	for _, o := range d.options[:count] {
		values := o.values[:min(len(o.values), 2+g.draw.IntN(3))]
		p.Options = append(p.Options, shopify.Option{Name: o.name, Values: slices.Clone(values)})
		p.Variants = combine(p.Variants, values)
	}
}

func combine(variants []shopify.Variant, values []string) []shopify.Variant {
	all := make([]shopify.Variant, 0, len(variants)*len(values))
	for _, v := range variants {
		for _, value := range values {
			all = append(all, shopify.Variant{OptionValues: append(slices.Clone(v.OptionValues), value)})
		}
	}
	return all
}

func (g *generator) stockShelf(p *shopify.Product, d department, item thing, i int) {
	price, weight := g.between(item.cheap, item.dear), g.between(item.light, item.heavy)
	reduced := g.draw.IntN(4) == 0
	for k := range p.Variants {
		v := &p.Variants[k]
		percent := 100 + dearer(d.options, p.Options, v.OptionValues)
		v.Price = g.cur.shelfPrice(price * percent / 100)
		if reduced {
			v.CompareAtPrice = g.cur.shelfPrice(price * percent / 75)
		}
		v.WeightGrams, v.Digital = weight*percent/100, item.heavy == 0
		v.Untracked = v.Digital
		if !v.Digital {
			v.Inventory = g.between(5, 120)
		}
		v.Barcode = g.barcode()
		v.SKU = skuOf(d.code, i, k)
		v.CountryOfOrigin = pick(g.draw, []string{"", "PT", "DE", "FR", "JP", "US"})
	}
}

// dearer adds up the surcharge of each value: a large vase costs more than a small one.
func dearer(all []option, chosen []shopify.Option, values []string) int64 {
	var percent int64
	for i, value := range values {
		percent += all[i].dearer * int64(slices.Index(chosen[i].Values, value))
	}
	return percent
}

func skuOf(code string, product, variant int) string {
	return fmt.Sprintf("%s-%05d-%02d", code, product+1, variant+1)
}

// shelfPrice turns cents into a price of this currency that a shop would print: 18.90 USD,
// 1,890 JPY, 18.900 KWD.
func (c Currency) shelfPrice(cents int64) int64 {
	tens := cents / 10 * 10
	switch {
	case c.Exponent < 2:
		return max(tens, 10) // a yen is worth about a cent
	case cents%3 == 0:
		tens = cents/100*100 + 99
	}
	for range c.Exponent - 2 {
		tens *= 10
	}
	return tens
}
