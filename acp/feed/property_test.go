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

var (
	anyText = rapid.OneOf(
		rapid.String(), rapid.StringN(80, 400, -1), rapid.SampledFrom([]string{"", "a\x00b", "\xff", "„Niño“\r\n,\"x\"", "BUY THIS NOW"}),
	)
	anyAddress = rapid.SampledFrom([]string{
		"https://shop.example/é.jpg", "http://shop.example/p?a=1,2#b", "https://shop.example/p.PNG?v=1", "//shop.example/p", "https://",
		"", "https://a b.example/x.webp", "https://u:p@shop.example/x.png", "javascript:alert(1)",
	})
)

// mostly draws what is fine, and now and then anything.
func mostly[T any](t *rapid.T, fine T, anything *rapid.Generator[T], name string) T {
	if rapid.IntRange(0, 7).Draw(t, name+" is odd") > 0 {
		return fine
	}
	return anything.Draw(t, name)
}

// anyItem is a variant as careless as merchants can make it.
func anyItem(t *rapid.T, n int) acp.Item {
	it := mug()
	it.ID, it.ProductID = acp.ItemID(fmt.Sprint(1000+n)), fmt.Sprint("gid://shopify/Product/", n/3)
	it.Title, it.Description = mostly(t, it.Title, anyText, "title"), mostly(t, it.Description, anyText, "description")
	it.Brand, it.Category = mostly(t, it.Brand, anyText, "brand"), anyText.Draw(t, "category")
	it.GTIN = rapid.SampledFrom([]string{"", "4006381333931", "4006381333932"}).Draw(t, "gtin")
	it.URL, it.ImageURL = mostly(t, it.URL, anyAddress, "url"), mostly(t, it.ImageURL, anyAddress, "image")
	it.MoreImages = rapid.SliceOfN(anyAddress, 0, 3).Draw(t, "images")
	it.SingleVariant, it.Shippable = rapid.Bool().Draw(t, "single"), rapid.Bool().Draw(t, "shippable")
	it.Price, it.CompareAt = rapid.Int64Min(-1).Draw(t, "price"), rapid.Int64().Draw(t, "before")
	it.WeightGrams = rapid.Int64().Draw(t, "weight")
	it.Availability = rapid.SampledFrom([]acp.Availability{acp.InStock, acp.LowStock, acp.OutOfStock, acp.Backorder, ""}).Draw(t, "stock")
	it.Hidden = mostly(t, "", rapid.Just("a draft"), "hidden")
	it.UpdatedAt = now.Add(-time.Duration(rapid.IntRange(0, 30).Draw(t, "days")) * 24 * time.Hour)
	names := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"Size", "Color", "Material", "größe", " "}), 0, 3, rapid.ID)
	for _, name := range names.Draw(t, "options") {
		it.Options = append(it.Options, acp.NamedValue{Name: name, Value: anyText.Draw(t, name)})
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
			t.Fatalf("%+v %v", found, err)
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
