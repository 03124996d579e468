package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

const day = 24 * time.Hour

var errClientGone = errors.New("the client hung up")

func product(n int, at time.Time) acp.Record {
	return acp.Record{Product: &acp.ProductRecord{
		ID: fmt.Sprint("gid://shopify/Product/", n), Title: fmt.Sprint("Tea ", n), Description: "leaves\x00", Brand: "Kettle",
		Category: "Tea", URL: "https://shop.example/tea", ImageURL: "https://cdn.example/tea.jpg", UpdatedAt: at,
	}}
}

func variant(n, of int, at time.Time) acp.Record {
	return acp.Record{Variant: &acp.VariantRecord{
		ID: fmt.Sprint("gid://shopify/ProductVariant/", n), ProductID: fmt.Sprint("gid://shopify/Product/", of),
		InventoryItem: fmt.Sprint("gid://shopify/InventoryItem/", n), Title: "Large", SKU: "T-L", GTIN: "00012345600012",
		Options: []acp.NamedValue{{Name: "Size", Value: "L"}}, Price: 1250, CompareAt: 1500, Availability: acp.InStock,
		Stock: new(int64(7)), Shippable: true, WeightGrams: 250, UpdatedAt: at,
	}}
}

func media(n, of int) acp.Record {
	return acp.Record{Media: &acp.MediaRecord{
		ID: fmt.Sprint("gid://shopify/MediaImage/", n), ProductID: fmt.Sprint("gid://shopify/Product/", of),
		URL: fmt.Sprintf("https://cdn.example/%d.jpg", n),
	}}
}

func (b *books) item(t *testing.T, id acp.ItemID) acp.Item {
	t.Helper()
	items, err := b.Items(t.Context(), b.m.ID, []acp.ItemID{id})
	must(t, err)
	if len(items) != 1 {
		t.Fatalf("%d items %s", len(items), id)
	}
	return items[0]
}

// feed is what the feed lists: item ids, those not for sale with a "-".
func (b *books) feed(t *testing.T) []string {
	t.Helper()
	var ids []string
	must(t, b.EachItem(t.Context(), b.m.ID, func(it acp.Item) error {
		if it.Hidden != "" {
			it.ID = "-" + it.ID
		}
		ids = append(ids, string(it.ID))
		return nil
	}))
	return ids
}

func (b *books) put(t *testing.T, generation int64, records ...acp.Record) {
	t.Helper()
	must(t, b.PutRecords(t.Context(), b.m.ID, generation, records))
}

func (b *books) finish(t *testing.T, generation int64) acp.Mirror {
	t.Helper()
	mirror, err := b.FinishMirror(t.Context(), acp.Mirror{Merchant: b.m.ID, State: acp.MirrorCurrent, Generation: generation})
	must(t, err)
	return mirror
}
