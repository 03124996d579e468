package catalog

import (
	"fmt"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

// makeForeign takes the languages in turn, so that three of them in a row show all three.
func (g *generator) makeForeign(p *shopify.Product, i int) {
	at := i % len(foreignProducts)
	if i < settledFrom {
		at = i / 7 // places 4, 12 and 18: Japanese, German, French
	}
	f := foreignProducts[at]
	p.Title, p.DescriptionHTML, p.Tags = g.title(f.title), f.description, f.tags
	p.Vendor, p.ProductType = "Marktplatz Drei", "Import"
	p.Variants = []shopify.Variant{{
		SKU: skuOf("IMP", i, 0), Barcode: g.barcode(), Price: g.cur.shelfPrice(f.cents),
		Inventory: g.between(3, 60), WeightGrams: f.grams,
	}}
}

// makeGiftCard: Shopify lets nobody ship, tax or count one.
func (g *generator) makeGiftCard(p *shopify.Product) {
	p.Title, p.GiftCard = g.title("Gift Card"), true
	p.Vendor, p.ProductType, p.Category = "The Demo Shop", "Gift Cards", "Gift Cards"
	p.DescriptionHTML = "<p>Cannot decide? Let them choose. Sent by e-mail, valid for three years.</p>"
	option := shopify.Option{Name: "Denominations"}
	for k, cents := range []int64{2500, 5000, 10000} {
		value := g.cur.round(cents)
		name := g.cur.label(value)
		option.Values = append(option.Values, name)
		p.Variants = append(p.Variants, shopify.Variant{
			OptionValues: []string{name}, SKU: skuOf("GFT", 5, k), Price: value,
			Digital: true, TaxFree: true, Untracked: true,
		})
	}
	p.Options = []shopify.Option{option}
}

// round keeps cents as they are: a gift card of 25 is not printed as 24.99.
func (c Currency) round(cents int64) int64 {
	for range c.Exponent - 2 {
		cents *= 10
	}
	return cents
}

// label writes a whole amount for people, as in "USD 25".
func (c Currency) label(minor int64) string {
	for range c.Exponent {
		minor /= 10
	}
	return fmt.Sprintf("%s %d", c.Code, minor)
}

// decorate hangs up one to three pictures that the stand-in draws itself, and shows some variants
// with one of their own.
func (g *generator) decorate(p *shopify.Product) {
	for k := range 1 + g.draw.IntN(3) {
		alt := p.Title
		if k > 0 {
			alt = fmt.Sprintf("%s, view %d", p.Title, k+1)
		}
		p.Images = append(p.Images, shopify.Image{Alt: alt})
	}
	if len(p.Options) == 0 {
		return
	}
	for k := range p.Variants {
		if shown := k + 1; shown <= len(p.Images) {
			p.Variants[k].Image = shown
		}
	}
}
