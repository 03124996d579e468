package catalog_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/acp-bridge/acp-bridge/sandbox/catalog"
	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

func TestSameSeedSameCatalog(t *testing.T) {
	few, many := catalog.Generate(30, 7, catalog.Currency{}), catalog.Generate(300, 7, catalog.Currency{})
	if diff := cmp.Diff(few, many[:30]); diff != "" {
		t.Errorf("fewer products are the beginning of more (-few +many):\n%s", diff)
	}
	if cmp.Equal(few, catalog.Generate(30, 8, catalog.Currency{})) {
		t.Error("another seed gave the same catalog")
	}
}

func TestTwoProductsCanBeBought(t *testing.T) {
	for seed := range int64(200) {
		for i, p := range catalog.Generate(2, seed, catalog.Currency{}) {
			v := p.Variants[0]
			if p.Status != shopify.StatusActive || p.PublishedAt == nil || p.GiftCard || len(p.Variants) != 1 || len(p.Options) != 0 ||
				v.Digital || v.Untracked || v.Inventory < 5 || v.Price <= 0 || v.WeightGrams <= 0 {
				t.Fatalf("seed %d, product %d: %+v", seed, i, p)
			}
		}
	}
}

func TestASmallCatalogHasEveryCase(t *testing.T) {
	for seed := range int64(20) {
		products := catalog.Generate(25, seed, catalog.Currency{})
		for name, is := range cases() {
			count := 0
			for _, p := range products {
				if is(p) {
					count++
				}
			}
			if count == 0 || (name == "gift card" && count != 1) {
				t.Errorf("seed %d: %d of %s", seed, count, name)
			}
		}
	}
}

func cases() map[string]func(shopify.Product) bool {
	anyVariant := func(is func(shopify.Variant) bool) func(shopify.Product) bool {
		return func(p shopify.Product) bool {
			for _, v := range p.Variants {
				if is(v) {
					return true
				}
			}
			return false
		}
	}
	onSale := func(p shopify.Product) bool { return p.Status == shopify.StatusActive && !p.GiftCard }
	titled := func(letters string) func(shopify.Product) bool {
		find := regexp.MustCompile(letters)
		return func(p shopify.Product) bool { return find.MatchString(p.Title) }
	}
	return map[string]func(shopify.Product) bool{
		"gift card":      func(p shopify.Product) bool { return p.GiftCard },
		"draft":          func(p shopify.Product) bool { return p.Status == shopify.StatusDraft && p.PublishedAt == nil },
		"archived":       func(p shopify.Product) bool { return p.Status == shopify.StatusArchived && p.PublishedAt == nil },
		"unlisted":       func(p shopify.Product) bool { return p.Status == shopify.StatusUnlisted && p.PublishedAt != nil },
		"unpublished":    func(p shopify.Product) bool { return onSale(p) && p.PublishedAt == nil },
		"no pictures":    func(p shopify.Product) bool { return onSale(p) && len(p.Images) == 0 },
		"two options":    func(p shopify.Product) bool { return len(p.Options) >= 2 },
		"sold out":       anyVariant(func(v shopify.Variant) bool { return v.Inventory == 0 && !v.Untracked && !v.ContinueSelling }),
		"oversold":       anyVariant(func(v shopify.Variant) bool { return v.Inventory < 0 }),
		"continued":      anyVariant(func(v shopify.Variant) bool { return v.ContinueSelling }),
		"untracked":      anyVariant(func(v shopify.Variant) bool { return v.Untracked && !v.Digital }),
		"download":       anyVariant(func(v shopify.Variant) bool { return v.Digital && v.WeightGrams == 0 }),
		"reduced":        anyVariant(func(v shopify.Variant) bool { return v.CompareAtPrice > v.Price }),
		"no barcode":     anyVariant(func(v shopify.Variant) bool { return v.Barcode == "" && !v.TaxFree }),
		"wrong barcode":  anyVariant(func(v shopify.Variant) bool { return v.Barcode != "" && !validEAN(v.Barcode) }),
		"right barcode":  anyVariant(func(v shopify.Variant) bool { return validEAN(v.Barcode) }),
		"tax free goods": anyVariant(func(v shopify.Variant) bool { return v.TaxFree && !v.Digital }),
		"Japanese":       titled(`\p{Han}`),
		"German":         titled(`[äöüßÄÖÜ]`),
		"French":         titled(`[éèêàç]`),
		"list":           func(p shopify.Product) bool { return strings.Contains(p.DescriptionHTML, "<li>") },
		"entity":         func(p shopify.Product) bool { return strings.Contains(p.DescriptionHTML, "&amp;") },
	}
}

func TestEveryMadeUpProductIsWhole(t *testing.T) {
	handles, titles, skus, options := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[int]int{}
	for _, p := range catalog.Generate(5000, 1, catalog.Currency{}) {
		wantWhole(t, p)
		if handles[p.Handle] || titles[p.Title] {
			t.Errorf("%q (%s) is there twice", p.Title, p.Handle)
		}
		handles[p.Handle], titles[p.Title] = true, true
		options[len(p.Options)]++
		for _, v := range p.Variants {
			if skus[v.SKU] {
				t.Errorf("SKU %s is there twice", v.SKU)
			}
			skus[v.SKU] = true
			if v.CompareAtPrice != 0 && v.CompareAtPrice <= v.Price {
				t.Errorf("%s: reduced from %d to %d", v.SKU, v.CompareAtPrice, v.Price)
			}
		}
		if _, err := html.Parse(strings.NewReader(p.DescriptionHTML)); err != nil || p.DescriptionHTML == "" {
			t.Errorf("%s: description %q: %v", p.Handle, p.DescriptionHTML, err)
		}
	}
	for n := range 4 {
		if options[n] == 0 {
			t.Errorf("no product with %d options: %v", n, options)
		}
	}
}

func TestPricesFollowTheCurrency(t *testing.T) {
	usd, jpy := catalog.Generate(60, 3, catalog.Currency{}), catalog.Generate(60, 3, yen)
	kwd := catalog.Generate(60, 3, catalog.Currency{Code: "KWD", Exponent: 3})
	for i := range usd {
		for k, v := range usd[i].Variants {
			inYen, inDinar := jpy[i].Variants[k].Price, kwd[i].Variants[k].Price
			if inYen%10 != 0 || inYen > v.Price || inYen < v.Price-100 {
				t.Errorf("%s: %d yen for %d cents", v.SKU, inYen, v.Price)
			}
			if inDinar != v.Price*10 {
				t.Errorf("%s: %d fils for %d cents", v.SKU, inDinar, v.Price)
			}
		}
	}
}

// wantWhole holds for whatever the demo shop sells, from a file or made up.
func wantWhole(t *testing.T, p shopify.Product) {
	t.Helper()
	if p.Handle == "" || p.Title == "" || p.Status == "" || len(p.Variants) == 0 || len(p.Options) > 3 || p.UpdatedAt.IsZero() {
		t.Fatalf("not a product: %+v", p)
	}
	seen := map[string]bool{}
	for _, v := range p.Variants {
		key := strings.Join(v.OptionValues, "\x00")
		if seen[key] || len(v.OptionValues) != len(p.Options) || v.Price < 0 || v.Image < 0 || v.Image > len(p.Images) {
			t.Fatalf("%s: not a variant: %+v", p.Handle, v)
		}
		seen[key] = true
	}
}

func validEAN(code string) bool {
	if len(code) != 13 {
		return false
	}
	odd, even := 0, 0
	for i := 0; i < 12; i += 2 {
		odd += int(code[i] - '0')
		even += int(code[i+1] - '0')
	}
	return (odd+3*even+int(code[12]-'0'))%10 == 0
}

func BenchmarkGenerate100k(b *testing.B) {
	for b.Loop() {
		if got := len(catalog.Generate(100_000, 1, catalog.Currency{})); got != 100_000 {
			b.Fatal(got)
		}
	}
}
