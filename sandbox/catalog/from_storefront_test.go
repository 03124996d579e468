package catalog_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/acp-bridge/acp-bridge/sandbox/catalog"
	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

func TestReadsAStorefront(t *testing.T) {
	products, warnings, err := catalog.FromFile("testdata/products.json", catalog.Currency{})
	if err != nil {
		t.Fatal(err)
	}
	if got := handles(products); !cmp.Equal(got, []string{"field-jacket", "pattern"}) {
		t.Fatalf("products %v", got)
	}
	jacket, pattern := products[0], products[1]
	small, medium := jacket.Variants[0], jacket.Variants[1]
	if small.Price != 12900 || small.CompareAtPrice != 15900 || medium.Price != 13150 || medium.CompareAtPrice != 0 {
		t.Errorf("prices quoted and bare: %+v", jacket.Variants)
	}
	if small.Inventory <= 0 || medium.Inventory != 0 || medium.Untracked || !medium.TaxFree {
		t.Errorf("available and not: %+v", jacket.Variants)
	}
	wantOptions := []shopify.Option{{Name: "Size", Values: []string{"S", "M"}}, {Name: "Color", Values: []string{"Green"}}}
	if diff := cmp.Diff(wantOptions, jacket.Options); diff != "" {
		t.Errorf("options by position (-want +got):\n%s", diff)
	}
	wantImages := []shopify.Image{{URL: "https://img.example/front.jpg"}, {URL: "https://img.example/green.jpg", Width: 800, Height: 600}}
	if diff := cmp.Diff(wantImages, jacket.Images); diff != "" {
		t.Errorf("pictures (-want +got):\n%s", diff)
	}
	if small.Image != 2 || medium.Image != 1 {
		t.Errorf("pictures named from the variant and from the picture: %d, %d", small.Image, medium.Image)
	}
	if len(warnings) != 1 || warnings[0].Handle != "field-jacket" || !strings.Contains(warnings[0].String(), "line 3") {
		t.Errorf("a script is no picture: %v", warnings)
	}
	if pattern.PublishedAt != nil || len(pattern.Options) != 0 || !pattern.Variants[0].Digital || !cmp.Equal(pattern.Tags, []string{"pdf", "sewing"}) {
		t.Errorf("hidden download %+v", pattern)
	}
}

func TestSaysWhereAStorefrontIsWrong(t *testing.T) {
	variant := func(body string) string {
		return "{\"products\": [\n{\"title\":\"A\",\"handle\":\"a\",\"variants\":[{\"price\":\"1\"}]},\n" +
			`{"title":"B","handle":"b","options":[{"name":"Size"}],"variants":[{"option1":"S","price":"1"},{` + body + "}]}\n]}"
	}
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"bad price":      {variant(`"option1":"M","price":"about 3"`), []string{"line 3", `"b"`, "variants[1].price", "about 3"}},
		"no price":       {variant(`"option1":"M"`), []string{"line 3", "variants[1].price is missing"}},
		"float too fine": {variant(`"option1":"M","price":1.005`), []string{"more decimals"}},
		"bad compare at": {variant(`"option1":"M","price":"1","compare_at_price":"-2"`), []string{"compare_at_price"}},
		"no option":      {variant(`"price":"1"`), []string{"variants[1]", `"Size"`}},
		"twice":          {variant(`"option1":"S","price":"1"`), []string{"variants[1]", "twice"}},
		"same handle":    {`{"products":[{"title":"A","handle":"a","variants":[{"price":"1"}]},{"title":"B","handle":"a","variants":[{"price":"1"}]}]}`, []string{`"a"`, "two products"}},
		"no variants":    {`{"products":[{"title":"A","handle":"a"}]}`, []string{"no variants"}},
		"no title":       {`{"products":[{"handle":"a"}]}`, []string{"products[0].title"}},
		"four options":   {`{"products":[{"title":"A","options":[{},{},{},{}],"variants":[{"price":"1"}]}]}`, []string{"three options"}},
		"wrong type":     {`{"products":[{"title":7}]}`, []string{"products[0]", "title"}},
		"one product":    {`{"product":{"title":"A"}}`, []string{"products.json"}},
		"a bare list":    {`[{"title":"A"}]`, []string{"products.json"}},
		"list of text":   {`{"products":"none"}`, []string{"products.json"}},
		"cut off":        {"{\"products\":[\n{\"title\":\"A\"", []string{"line 2", "middle"}},
		"broken":         {"{\"products\":[\n{\"title\" \"A\"}]}", []string{"line 2"}},
		"two documents":  {`{"products":[]} {}`, []string{"after the end"}},
		"none":           {`{"products":[]}`, []string{"no products"}},
	} {
		t.Run(name, func(t *testing.T) { wantFault(t, c.text, c.want) })
	}
}

func FuzzFromFile(f *testing.F) {
	for _, name := range []string{"export_before_2025.csv", "export_since_2025.csv", "products.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		products, _, err := catalog.FromFile(write(t, text), catalog.Currency{})
		if (err == nil) == (len(products) == 0) {
			t.Fatalf("%d products and %v", len(products), err)
		}
		for _, p := range products {
			wantWhole(t, p)
		}
	})
}
