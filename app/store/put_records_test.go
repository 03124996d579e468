package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/acp-bridge/acp-bridge/acp"
)

func TestAnItemIsAVariantWithItsProduct(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		b.put(t, 1, media(2, 1), variant(11, 1, noon))
		if it := b.item(t, "11"); it.Hidden == "" {
			t.Fatal("a variant without its product can be bought")
		}
		if listed := b.feed(t); listed != nil {
			t.Fatalf("the feed lists %v", listed)
		}
		b.put(t, 1, product(1, noon.Add(time.Hour)), media(1, 1), media(2, 1))
		want := acp.Item{
			ID: "11", VariantID: "gid://shopify/ProductVariant/11", ProductID: "gid://shopify/Product/1", Title: "Tea 1",
			VariantTitle: "Large", Description: "leaves", Brand: "Kettle", Category: "Tea", SKU: "T-L", GTIN: "00012345600012",
			URL: "https://shop.example/tea", ImageURL: "https://cdn.example/tea.jpg",
			MoreImages: []string{"https://cdn.example/2.jpg", "https://cdn.example/1.jpg"},
			Options:    []acp.NamedValue{{Name: "Size", Value: "L"}}, Price: 1250, CompareAt: 1500, Availability: acp.InStock,
			Stock: new(int64(7)), Shippable: true, WeightGrams: 250, UpdatedAt: noon, ProductUpdated: noon.Add(time.Hour),
			InventoryItem: "gid://shopify/InventoryItem/11",
		}
		if diff := cmp.Diff(want, b.item(t, "11")); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		single := product(1, noon.Add(2*time.Hour))
		single.Product.SingleVariant, single.Product.Hidden = true, "draft"
		b.put(t, 1, single)
		if it := b.item(t, "11"); it.VariantTitle != "" || it.Hidden != "draft" {
			t.Fatalf("title %q, hidden %q", it.VariantTitle, it.Hidden)
		}
	})
}

func TestAFullRunLeavesTombstonesOfWhatHasGone(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		draft := product(3, noon)
		draft.Product.Hidden = "draft"
		b.put(t, 1, product(1, noon), variant(11, 1, noon), variant(12, 1, noon), product(2, noon), variant(21, 2, noon), draft, variant(31, 3, noon))
		if mirror := b.finish(t, 1); mirror.Products != 2 || mirror.Items != 3 {
			t.Fatalf("mirror: %+v", mirror)
		}
		b.set(noon.Add(day))
		draft.Product.UpdatedAt = noon.Add(day)
		b.put(t, 2, product(1, noon), variant(11, 1, noon))
		if mirror := b.finish(t, 2); mirror.Products != 1 || mirror.Items != 1 {
			t.Fatalf("mirror: %+v", mirror)
		}
		if it := b.item(t, "21"); it.Hidden == "" || !it.RemovedAt.Equal(noon.Add(day)) {
			t.Fatalf("removed item: %+v", it)
		}
		if got := b.feed(t); !slices.Equal(got, []string{"11", "-12", "-21"}) {
			t.Fatalf("the feed lists %v; a draft's items must not be in it", got)
		}
		b.set(noon.Add(16 * day))
		if got := b.feed(t); !slices.Equal(got, []string{"11"}) {
			t.Fatalf("after 15 days the feed lists %v", got)
		}
		b.put(t, 3, product(1, noon), variant(11, 1, noon), product(2, noon), variant(21, 2, noon))
		b.finish(t, 3)
		if got := b.feed(t); !slices.Equal(got, []string{"11", "21"}) {
			t.Fatalf("what came back is missing: %v", got)
		}
	})
}

func TestAHiddenItemIsToldGoneOnlyWhenItWasForSale(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		b.put(t, 1, product(1, noon), variant(11, 1, noon))
		b.finish(t, 1)
		hidden := product(1, noon.Add(time.Minute))
		hidden.Product.Hidden = "unpublished"
		b.set(noon.Add(day))
		must(t, b.ReplaceProducts(t.Context(), b.m.ID, 1, []acp.Record{hidden, variant(11, 1, noon)}, nil))
		if got := b.feed(t); !slices.Equal(got, []string{"-11"}) {
			t.Fatalf("the feed lists %v", got)
		}
		b.set(noon.Add(16 * day))
		b.put(t, 2, hidden, variant(11, 1, noon))
		if got := b.feed(t); got != nil {
			t.Fatalf("after 15 days the feed lists %v", got)
		}
		b.put(t, 2, product(1, noon.Add(time.Hour)))
		if got := b.feed(t); !slices.Equal(got, []string{"11"}) {
			t.Fatalf("published again, the feed lists %v", got)
		}
	})
}

func TestAnOlderRecordDoesNotOverwriteANewerOne(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		older, newer := variant(11, 1, noon), variant(11, 1, noon.Add(time.Minute))
		newer.Variant.Price = 999
		b.put(t, 1, product(1, noon), newer)
		b.put(t, 2, product(1, noon), older)
		b.finish(t, 2)
		if it := b.item(t, "11"); it.Price != 999 || it.Hidden != "" {
			t.Fatalf("price %d, hidden %q: a seen row must neither be overwritten nor removed", it.Price, it.Hidden)
		}
		b.put(t, 3, product(2, noon), variant(21, 2, noon.Add(time.Second)), variant(21, 2, noon))
		if it := b.item(t, "21"); !it.UpdatedAt.Equal(noon.Add(time.Second)) {
			t.Fatalf("of two records in one batch the one of %s was kept", it.UpdatedAt)
		}
		again := variant(21, 2, noon.Add(time.Second))
		again.Variant.Price = 555
		b.put(t, 3, variant(21, 2, noon.Add(time.Second)), again)
		if it := b.item(t, "21"); it.Price != 555 {
			t.Fatal("of two records of the same time the first was kept")
		}
	})
}

// Stock changes without touching UpdatedAt, and an export is as old as its
// beginning.
func TestAnExportDoesNotOverwriteWhatWasReadSinceItBegan(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		begun := acp.Mirror{Merchant: b.m.ID, State: acp.MirrorRunning, Generation: 2}
		b.put(t, 1, product(1, noon), variant(11, 1, noon), product(2, noon), variant(21, 2, noon), media(1, 1))
		must(t, b.SaveMirror(t.Context(), begun))
		b.set(noon.Add(time.Minute))
		sold := variant(11, 1, noon)
		sold.Variant.Stock, sold.Variant.Availability = new(int64(0)), acp.OutOfStock
		// The caller read the mirror before the run began.
		must(t, b.ReplaceProducts(t.Context(), b.m.ID, 1, []acp.Record{product(1, noon), sold, media(5, 1)}, []string{"gid://shopify/Product/2"}))
		b.put(t, 2, product(1, noon), variant(11, 1, noon), media(1, 1))
		changedBeforeItsDeletion := noon.Add(time.Second)
		b.put(t, 2, product(2, changedBeforeItsDeletion), variant(21, 2, changedBeforeItsDeletion))
		if mirror := b.finish(t, 2); mirror.Items != 1 {
			t.Fatalf("%d items are counted", mirror.Items)
		}
		it := b.item(t, "11")
		if *it.Stock != 0 || it.Hidden != "" || !slices.Equal(it.MoreImages, []string{"https://cdn.example/5.jpg"}) {
			t.Fatalf("stock %d, hidden %q, pictures %v", *it.Stock, it.Hidden, it.MoreImages)
		}
		if got := b.feed(t); !slices.Equal(got, []string{"11", "-21"}) {
			t.Fatalf("the export brought a deleted product back: %v", got)
		}
		later := variant(11, 1, noon.Add(time.Hour))
		later.Variant.Price = 777
		b.put(t, 2, later)
		if it := b.item(t, "11"); it.Price != 777 {
			t.Fatal("a newer record was not believed")
		}
		b.put(t, 3, product(1, noon), variant(11, 1, noon.Add(time.Hour)))
		if it := b.item(t, "11"); *it.Stock != 7 || it.Price != 1250 {
			t.Fatal("the next export was not believed")
		}
		b.put(t, 3, product(2, noon), variant(21, 2, noon)) // it was not deleted after all
		if got := b.feed(t); !slices.Equal(got, []string{"11", "21"}) {
			t.Fatalf("the next export was not believed: %v", got)
		}
	})
}
