package catalog

import (
	"math/rand/v2"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

// special is what makes a product awkward to sell.
type special int

const (
	ordinary special = iota
	giftCard
	foreign
	digital
	draft
	archived
	unlisted
	unpublished
	soldOut
	partlySoldOut
	oversold
	continued
	untracked
	withoutPictures
	wrongBarcode
	withoutBarcode
	taxFree
)

// The place at which each case comes first, so that a small catalog has them all; the gift card
// comes nowhere else.
var firstSpecials = map[int]special{
	4: foreign, 5: giftCard, 6: draft, 7: soldOut, 8: continued, 9: untracked, 10: digital,
	11: archived, 12: foreign, 13: unlisted, 14: unpublished, 15: withoutPictures, 16: wrongBarcode,
	17: partlySoldOut, 18: foreign, 19: oversold, 20: taxFree, 21: withoutBarcode,
}

const settledFrom = 25

// chances are out of 100, for the products behind the first ones.
var chances = []struct {
	special special
	percent int
}{
	{foreign, 4},
	{digital, 4},
	{draft, 3},
	{archived, 3},
	{unlisted, 1},
	{unpublished, 2},
	{soldOut, 6},
	{partlySoldOut, 8},
	{oversold, 1},
	{continued, 4},
	{untracked, 4},
	{withoutPictures, 4},
	{wrongBarcode, 2},
	{withoutBarcode, 6},
	{taxFree, 2},
}

func specialFor(i int, draw *rand.Rand) special {
	if i < settledFrom {
		return firstSpecials[i]
	}
	roll := draw.IntN(100)
	for _, c := range chances {
		if roll -= c.percent; roll < 0 {
			return c.special
		}
	}
	return ordinary
}

func (g *generator) apply(s special, p *shopify.Product) {
	switch s {
	case draft:
		p.Status, p.PublishedAt = shopify.StatusDraft, nil
	case archived:
		p.Status, p.PublishedAt = shopify.StatusArchived, nil
	case unlisted:
		p.Status = shopify.StatusUnlisted
	case unpublished:
		p.PublishedAt = nil
	case withoutPictures:
		p.Images = nil
		eachVariant(p, func(_ int, v *shopify.Variant) { v.Image = 0 })
	default:
		eachVariant(p, func(i int, v *shopify.Variant) { applyToVariant(s, i, v) })
	}
}

func applyToVariant(s special, i int, v *shopify.Variant) {
	switch s {
	case soldOut:
		v.Inventory = 0
	case partlySoldOut:
		v.Inventory *= int64(i % 2) // the first is gone, the second is not
	case oversold:
		v.Inventory = -2
	case continued:
		v.Inventory, v.ContinueSelling = 0, true
	case untracked:
		v.Inventory, v.Untracked = 0, true
	case wrongBarcode:
		v.Barcode = withWrongCheckDigit(v.Barcode)
	case withoutBarcode:
		v.Barcode = ""
	case taxFree:
		v.TaxFree = true
	}
}

func eachVariant(p *shopify.Product, change func(int, *shopify.Variant)) {
	for i := range p.Variants {
		change(i, &p.Variants[i])
	}
}
