package catalog_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/acp-bridge/acp-bridge/sandbox/catalog"
	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

var yen = catalog.Currency{Code: "JPY", Exponent: 0}

func TestReadsAnOlderExport(t *testing.T) {
	products, warnings, err := catalog.FromFile("testdata/export_before_2025.csv", catalog.Currency{})
	if err != nil {
		t.Fatal(err)
	}
	if got := handles(products); !cmp.Equal(got, []string{"wool-scarf", "gift", "kettle"}) {
		t.Fatalf("products %v", got)
	}
	scarf, gift, kettle := products[0], products[1], products[2]
	wantVariants := []shopify.Variant{
		{OptionValues: []string{"Grey", "Short"}, SKU: "SC-1", Barcode: "9521234567899", Price: 3990, CompareAtPrice: 4990, Inventory: 4, WeightGrams: 180, Image: 4},
		{OptionValues: []string{"Grey", "Long"}, SKU: "SC-1", Price: 4400, ContinueSelling: true, WeightGrams: 240},
		{OptionValues: []string{"Red", "Long"}, SKU: "SC-2", Price: 4400, Inventory: 7, WeightGrams: 240, Image: 4},
	}
	for i := range scarf.Variants {
		scarf.Variants[i].UpdatedAt = wantVariants[0].UpdatedAt
	}
	if diff := cmp.Diff(wantVariants, scarf.Variants); diff != "" {
		t.Errorf("variants, also of a row far below the others (-want +got):\n%s", diff)
	}
	wantImages := []shopify.Image{
		{URL: "https://img.example/scarf.jpg", Alt: "Front"},
		{URL: "https://img.example/scarf-back.jpg", Alt: "Back"},
		{URL: "https://img.example/scarf-detail.jpg"},
		{URL: "https://img.example/scarf-red.jpg"},
	}
	if diff := cmp.Diff(wantImages, scarf.Images); diff != "" {
		t.Errorf("pictures by position, then those only a variant names (-want +got):\n%s", diff)
	}
	wantOptions := []shopify.Option{{Name: "Color", Values: []string{"Grey", "Red"}}, {Name: "Size", Values: []string{"Short", "Long"}}}
	if diff := cmp.Diff(wantOptions, scarf.Options); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	if want := "<p>Soft, warm.</p>\n<ul>\n<li>Made in \"Wales\"</li>\n</ul>"; scarf.DescriptionHTML != want {
		t.Errorf("description %q", scarf.DescriptionHTML)
	}
	if !cmp.Equal(scarf.Tags, []string{"winter", "wool"}) || scarf.SEOTitle != "A scarf" || scarf.PublishedAt == nil {
		t.Errorf("scarf %+v", scarf)
	}
	if v := gift.Variants[0]; !gift.GiftCard || !v.Digital || !v.TaxFree || !v.Untracked || v.Price != 1000 {
		t.Errorf("gift card %+v", gift)
	}
	if kettle.Status != shopify.StatusDraft || kettle.PublishedAt != nil || kettle.Options != nil || kettle.Variants[0].OptionValues != nil {
		t.Errorf("draft without options %+v", kettle)
	}
	if len(warnings) != 1 || warnings[0].Handle != "gift" || warnings[0].Line != 8 || warnings[0].Column != "Image Src" {
		t.Errorf("a picture that no browser can load is one warning, got %v", warnings)
	}
}

func TestReadsAnExportWithTheNewerHeadings(t *testing.T) {
	products, warnings, err := catalog.FromFile("testdata/export_since_2025.csv", yen)
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	if got := handles(products); !cmp.Equal(got, []string{"weisse-schuessel", "e-book", "e-book-1"}) {
		t.Fatalf("rows without a handle are products of their own, got %v", got)
	}
	bowl, book, old := products[0], products[1], products[2]
	large := bowl.Variants[1]
	if bowl.Variants[0].Price != 1200 || bowl.Variants[0].CompareAtPrice != 1500 {
		t.Errorf("yen have no decimals: %+v", bowl.Variants[0])
	}
	if !large.ContinueSelling || large.Inventory != -1 || large.Untracked || large.WeightGrams != 900 {
		t.Errorf("oversold variant %+v", large)
	}
	if len(bowl.Metafields) != 1 || bowl.Metafields[0].Key != "material" || bowl.Metafields[0].Value != "Steingut" {
		t.Errorf("merchant's own field %+v", bowl.Metafields)
	}
	if bowl.Category != "Home & Garden > Kitchen & Dining" || bowl.Options[0].Name != "Größe" {
		t.Errorf("bowl %+v", bowl)
	}
	if book.Status != shopify.StatusUnlisted || book.PublishedAt == nil || !book.Variants[0].Digital || !book.Variants[0].Untracked {
		t.Errorf("unlisted download %+v", book)
	}
	if old.Status != shopify.StatusArchived || old.PublishedAt != nil {
		t.Errorf("archived %+v", old)
	}
}

func TestReadsWhatSpreadsheetsMakeOfAnExport(t *testing.T) {
	original, err := os.ReadFile("testdata/export_before_2025.csv")
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := catalog.FromFile("testdata/export_before_2025.csv", catalog.Currency{})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"byte order mark":     "\ufeff" + string(original),
		"lines ended by CRLF": strings.ReplaceAll(string(original), "\n", "\r\n"),
		"blank rows":          string(original) + strings.Repeat(",", 30) + "\n\n",
		"shouted headings":    strings.Replace(string(original), "Handle,Title,", " HANDLE ,TITLE,", 1),
	} {
		got, _, err := catalog.FromFile(write(t, text), catalog.Currency{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestNeedsOnlyTitleAndPrice(t *testing.T) {
	products, _, err := catalog.FromFile(write(t, "Title,Price\nMug,12\nMug,13.5\n"), catalog.Currency{})
	if err != nil {
		t.Fatal(err)
	}
	if len(products) != 2 || products[0].Handle != "mug" || products[1].Handle != "mug-1" || products[1].Variants[0].Price != 1350 {
		t.Errorf("%+v", products)
	}
	if p := products[0]; p.Status != shopify.StatusActive || p.PublishedAt == nil || !p.Variants[0].Untracked || p.Variants[0].Digital {
		t.Errorf("left out means: active, published, shipped, not counted; got %+v", p)
	}
}

func TestSaysWhereAFileIsWrong(t *testing.T) {
	const head = "Handle,Title,Option1 Name,Option1 Value,Variant Price,Variant Inventory Qty,Status,Published\n"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"price with a symbol":     {head + "mug,Mug,,,$12,,,\n", []string{"line 2", `"Variant Price"`, `"mug"`, `"$12"`}},
		"price with a thousands":  {head + "mug,Mug,,,\"1,200\",,,\n", []string{"line 2", `"1,200"`}},
		"negative price":          {head + "mug,Mug,,,-1,,,\n", []string{"line 2", `"-1"`}},
		"exponent for a price":    {head + "mug,Mug,,,1e3,,,\n", []string{"line 2", `"1e3"`}},
		"a tenth of a cent":       {head + "mug,Mug,,,1.005,,,\n", []string{"line 2", "more decimals", "USD"}},
		"no price":                {head + "mug,Mug,Size,S,1,,,\nmug,,,M,,,,\n", []string{"line 3", `"Variant Price"`, "empty"}},
		"half a mug in stock":     {head + "mug,Mug,,,1,1.5,,\n", []string{"line 2", `"Variant Inventory Qty"`, "whole number"}},
		"unknown status":          {head + "mug,Mug,,,1,,sold,\n", []string{"line 2", `"Status"`, `"sold"`}},
		"unclear published":       {head + "mug,Mug,,,1,,,maybe\n", []string{`"Published"`, `"maybe"`}},
		"no title":                {head + "mug,,,,1,,,\n", []string{"line 2", `"Title"`, `"mug"`}},
		"row of nothing":          {head + ",,,,1,,,\n", []string{"line 2", "belongs to no product"}},
		"value without an option": {head + "mug,Mug,,Blue,1,,,\n", []string{`"Option1 Name"`, `"Blue"`}},
		"variant without a value": {head + "mug,Mug,Size,S,1,,,\nmug,,,,2,,,\n", []string{"line 3", `"Option1 Value"`}},
		"variant there twice":     {head + "mug,Mug,Size,S,1,,,\nmug,,,S,2,,,\n", []string{"line 3", "already on line 2"}},
		"second default variant":  {head + "mug,Mug,Title,Default Title,1,,,\nmug,,,Default Title,2,,,\n", []string{"line 3", "second variant"}},
		"quote never closed":      {head + "mug,\"Mug,,,1,,,\n", []string{"line 2", `"byte `}},
		"cells missing":           {head + "mug,Mug\n", []string{"line 2", "cells"}},
		"another kind of table":   {"Name,Amount\nMug,1\n", []string{"line 1", "no column"}},
		"semicolons":              {"Handle;Title;Price\n", []string{"semicolons"}},
		"not UTF-8":               {head + "mug,M\xfcg,,,1,,,\n", []string{"line 2", "UTF-8"}},
		"UTF-16":                  {"\xff\xfeH\x00a\x00", []string{"UTF-8"}},
		"only headings":           {head, []string{"no products"}},
		"nothing":                 {"", []string{"no products"}},
		"option the first row has not": {
			"Handle,Title,Option1 Name,Option1 Value,Option2 Value,Price\nmug,Mug,Size,S,,1\nmug,,,M,Red,1\n", []string{"line 3", `"Option2 Value"`, `"Red"`},
		},
	} {
		t.Run(name, func(t *testing.T) { wantFault(t, c.text, c.want) })
	}
	if _, _, err := catalog.FromFile("testdata/none.csv", yen); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

func wantFault(t *testing.T, text string, want []string) {
	t.Helper()
	products, _, err := catalog.FromFile(write(t, text), catalog.Currency{})
	var fault *catalog.FileError
	if !errors.As(err, &fault) || products != nil {
		t.Fatalf("got %d products and %v", len(products), err)
	}
	for _, part := range want {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %s", err, part)
		}
	}
}

func handles(products []shopify.Product) []string {
	var all []string
	for _, p := range products {
		all = append(all, p.Handle)
	}
	return all
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "catalog")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
