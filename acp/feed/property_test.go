package feed_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/feed"
)

// anyItem is a variant as careless as merchants can make it.
func anyItem(t *rapid.T, n int) acp.Item {
	text := rapid.OneOf(rapid.String(), rapid.StringN(0, 400, -1), rapid.SampledFrom([]string{"", "Mug", "a\x00b", "\xff", "„Niño“\r\n,\"x\""}))
	address := rapid.SampledFrom([]string{
		"https://shop.example/p", "https://shop.example/é.jpg", "http://shop.example/p?a=1,2#b", "https://shop.example/p.PNG?v=1", "//shop.example/p", "https://", "", "https://a b.example/x.webp",
		"https://u:p@shop.example/x.png", "javascript:alert(1)",
	})
	it := acp.Item{
		ID: acp.ItemID(fmt.Sprint(1000 + n)), ProductID: fmt.Sprint("gid://shopify/Product/", n/3), Title: text.Draw(t, "title"),
		Description: text.Draw(t, "description"), Brand: text.Draw(t, "brand"), Category: text.Draw(t, "category"),
		GTIN: rapid.SampledFrom([]string{"", "4006381333931", "4006381333932"}).Draw(t, "gtin"),
		URL:  address.Draw(t, "url"), ImageURL: address.Draw(t, "image"), MoreImages: rapid.SliceOfN(address, 0, 3).Draw(t, "images"),
		SingleVariant: rapid.Bool().Draw(t, "single"), Price: rapid.Int64Min(-1).Draw(t, "price"), CompareAt: rapid.Int64().Draw(t, "before"),
		Availability: acp.Availability(rapid.SampledFrom([]string{"in_stock", "low_stock", "out_of_stock", "backorder", ""}).Draw(t, "stock")),
		Shippable:    rapid.Bool().Draw(t, "shippable"), WeightGrams: rapid.Int64().Draw(t, "weight"),
		Hidden:    rapid.SampledFrom([]string{"", "", "a draft"}).Draw(t, "hidden"),
		UpdatedAt: now.Add(-time.Duration(rapid.IntRange(0, 30).Draw(t, "days")) * 24 * time.Hour),
	}
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"Size", "Color", "Material", "größe", " "}), 0, 3, rapid.ID).Draw(t, "options") {
		it.Options = append(it.Options, acp.NamedValue{Name: name, Value: text.Draw(t, name)})
	}
	return it
}

func TestEveryWrittenRowIsAccepted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := make([]acp.Item, rapid.IntRange(1, 6).Draw(t, "items"))
		for i := range items {
			items[i] = anyItem(t, i)
		}
		o := options(rapid.SampledFrom([]feed.Format{feed.JSONL, feed.CSV}).Draw(t, "format"))
		o.Merchant.Currency = rapid.SampledFrom([]acp.Currency{"usd", "jpy", "kwd"}).Draw(t, "currency")
		var out bytes.Buffer
		report, err := feed.Write(t.Context(), &out, o, each(items))
		if err != nil {
			t.Fatal(err)
		}
		if report.Written+report.Skipped+report.Gone != int64(len(items)) {
			t.Fatalf("%d items became %+v", len(items), report)
		}
		found, err := feed.Validate(&out, o.Format)
		if err != nil || !found.OK() || found.Rows != report.Written {
			t.Fatalf("%+v %v in %s", found, err, out.String())
		}
		for _, p := range found.List {
			switch p.Column { // what the merchant's own words may earn
			case "title", "image_url", "variant_dict":
			default:
				t.Errorf("%s", p)
			}
		}
	})
}
