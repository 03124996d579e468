package feed_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/feed"
)

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func shop() acp.Merchant {
	return acp.Merchant{
		ID: "m_1", Shop: "demo.myshopify.com",
		Profile: acp.Profile{
			Name: "Northline Home", StorefrontURL: "https://northline.example", Currency: "usd", Country: "US",
			Policies: []acp.Link{
				{Type: "privacy_policy", URL: "https://northline.example/policies/privacy"},
				{Type: "terms_of_use", URL: "https://northline.example/policies/terms"},
				{Type: "return_policy", URL: "https://northline.example/policies/refund"},
			},
		},
	}
}

// mug is a product with one variant that lacks nothing.
func mug() acp.Item {
	return acp.Item{
		ID: "9007199254740993", VariantID: "gid://shopify/ProductVariant/9007199254740993", ProductID: "gid://shopify/Product/11",
		Title: "Blue ceramic mug, 350 mL", Description: "Holds 350 mL & survives the dishwasher.\nMade in <Porto>.", Brand: "Northline",
		Category: "Home & Garden > Kitchen & Dining > Mugs", GTIN: "4006381333931", URL: "https://northline.example/products/mug",
		ImageURL: "https://cdn.example/mug.jpg?v=1", SingleVariant: true, Price: 1800, Availability: acp.InStock, Shippable: true,
		WeightGrams: 350, UpdatedAt: now.Add(-time.Hour), ProductUpdated: now.Add(-time.Hour),
	}
}

func shirt(id, size, color string) acp.Item {
	it := mug()
	it.ID, it.ProductID, it.Title, it.GTIN = acp.ItemID(id), "gid://shopify/Product/22", "Camisa „Niño“", ""
	it.URL, it.SingleVariant, it.VariantTitle = "https://northline.example/products/camisa?utm_medium=feed", false, size+" / "+color
	it.Options = []acp.NamedValue{{Name: "Size", Value: size}, {Name: "Colour", Value: color}}
	it.MoreImages = []string{"https://cdn.example/a,b.png", "ftp://cdn.example/c.png", it.ImageURL}
	return it
}

// catalog is one item of each sort that a shop has.
func catalog() []acp.Item {
	sale := shirt("201", "M", "Red")
	sale.Price, sale.CompareAt, sale.Availability = 1999, 2500, acp.LowStock
	backorder := shirt("202", "L", "Red")
	backorder.Availability, backorder.CompareAt = acp.Backorder, backorder.Price
	ebook := mug()
	ebook.ID, ebook.Title, ebook.Shippable, ebook.WeightGrams, ebook.GTIN = "301", "How to drink", false, 0, "4006381333932"
	ebook.Availability = acp.OutOfStock
	removed := mug()
	removed.ID, removed.RemovedAt = "401", now.Add(-13*24*time.Hour)
	forgotten := mug()
	forgotten.ID, forgotten.RemovedAt = "402", now.Add(-14*24*time.Hour)
	hidden := mug()
	hidden.ID, hidden.Hidden = "403", "the product is a draft"
	unlisted := mug()
	unlisted.ID, unlisted.Hidden, unlisted.URL = "404", "the product is not on the online store", ""
	silent := mug()
	silent.ID, silent.Description = "501", " \n"
	free := mug()
	free.ID, free.Price, free.CompareAt = "502", 0, 1000
	faceless := mug()
	faceless.ID, faceless.ImageURL = "503", ""
	return []acp.Item{mug(), sale, backorder, ebook, removed, forgotten, hidden, unlisted, silent, free, faceless}
}

func each(items []acp.Item) func(func(acp.Item) error) error {
	return func(yield func(acp.Item) error) error {
		for _, it := range items {
			if err := yield(it); err != nil {
				return err
			}
		}
		return nil
	}
}

func write(t *testing.T, o feed.Options, items ...acp.Item) (string, feed.Report) {
	t.Helper()
	var out bytes.Buffer
	report, err := feed.Write(t.Context(), &out, o, each(items))
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), report
}

func options(f feed.Format) feed.Options {
	return feed.Options{Merchant: shop(), Format: f, Now: now, Checkout: true}
}
