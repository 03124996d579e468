package catalog

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

// Generate makes up n products, priced in cur. The same seed always gives the same products, and
// fewer of them are the beginning of more.
//
// The first four are physical, in stock and on sale, the first two without options, so that the
// smallest catalog still has two things to buy. From the fifth on come the cases that a feed has
// to get right: one gift card, drafts, archived, unlisted and unpublished products, variants that
// are sold out, oversold, not counted or sold beyond their stock, downloads, products without
// pictures, wrong barcodes, and titles in German, French and Japanese. Twenty-five products have
// every case at least once. Barcodes begin with 952, the prefix that GS1 keeps for examples.
func Generate(n int, seed int64, cur Currency) []shopify.Product {
	products := make([]shopify.Product, 0, max(n, 0))
	g := generator{cur: cur.orDefault(), titles: make(map[string]int), handles: make(map[string]bool)}
	for i := range n {
		// A source of its own for each product keeps product i the same whatever n is.
		g.draw = rand.New(rand.NewPCG(uint64(seed), uint64(i)))
		products = append(products, g.product(i))
	}
	return products
}

type generator struct {
	cur     Currency
	draw    *rand.Rand
	titles  map[string]int
	handles map[string]bool
}

const simpleProducts = 2

func (g *generator) product(i int) shopify.Product {
	when := opened.Add(-time.Duration(g.draw.IntN(900*24)) * time.Hour)
	p := shopify.Product{Status: shopify.StatusActive, CreatedAt: when, UpdatedAt: opened}
	special := specialFor(i, g.draw)
	switch special {
	case giftCard:
		g.makeGiftCard(&p)
	case foreign:
		g.makeForeign(&p, i)
	case digital:
		g.fromDepartment(&p, i, digitalDepartment)
	default:
		g.fromDepartment(&p, i, g.department(i))
	}
	p.PublishedAt = publishedAt(true, p.Status, when)
	g.decorate(&p)
	g.apply(special, &p)
	p.Handle = freeHandle(p.Title, func(handle string) bool { return g.handles[handle] })
	g.handles[p.Handle] = true
	for v := range p.Variants {
		p.Variants[v].UpdatedAt = p.UpdatedAt
	}
	return p
}

// department rotates at first, so that a small catalog shows every shelf.
func (g *generator) department(i int) int {
	if i < digitalDepartment*3 {
		return i % digitalDepartment
	}
	return g.draw.IntN(digitalDepartment)
}

// title numbers a name that was used before, the way shops do with a second batch.
func (g *generator) title(name string) string {
	g.titles[name]++
	if n := g.titles[name]; n > 1 {
		return fmt.Sprintf("%s, Batch %d", name, n)
	}
	return name
}

func pick[T any](draw *rand.Rand, from []T) T { return from[draw.IntN(len(from))] }

// between is evenly spread, both ends included.
func (g *generator) between(low, high int64) int64 { return low + g.draw.Int64N(high-low+1) }
