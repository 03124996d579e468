package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/store/storetest"
)

func TestARefetchedProductIsReplacedWhole(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		b.put(t, 1, product(1, noon), variant(11, 1, noon), variant(12, 1, noon), media(1, 1), product(2, noon), variant(21, 2, noon))
		b.finish(t, 1)
		fresh := product(1, noon.Add(time.Minute))
		fresh.Product.Title = "Green tea"
		refetched := []acp.Record{fresh, variant(12, 1, noon), variant(13, 1, noon), media(2, 1)}
		must(t, b.ReplaceProducts(t.Context(), b.m.ID, 1, refetched, []string{"gid://shopify/Product/2"}))
		if got := b.feed(t); !slices.Equal(got, []string{"-11", "12", "13", "-21"}) {
			t.Fatalf("the feed lists %v", got)
		}
		it := b.item(t, "13")
		if it.Title != "Green tea" || !slices.Equal(it.MoreImages, []string{"https://cdn.example/2.jpg"}) {
			t.Fatalf("item: %+v", it)
		}
		mirror, err := b.Mirror(t.Context(), b.m.ID)
		must(t, err)
		if mirror.Products != 1 || mirror.Items != 2 || !mirror.ChangedAt.Equal(noon) {
			t.Fatalf("mirror: %+v", mirror)
		}
		stale := []acp.Record{product(1, noon), variant(11, 1, noon.Add(day))}
		must(t, b.ReplaceProducts(t.Context(), b.m.ID, 1, stale, nil))
		if got := b.feed(t); !slices.Equal(got, []string{"-11", "12", "13", "-21"}) {
			t.Fatalf("an older answer changed the feed to %v", got)
		}
	})
}

// These transactions read before they write, which is where engines refuse
// one of two.
func TestTwoProcessesReplaceProductsAtOnce(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		must(t, b.SaveMirror(t.Context(), acp.Mirror{Merchant: b.m.ID, State: acp.MirrorCurrent, Generation: 1}))
		other := storetest.Over(t, open(t, b.config))
		const writers = 40
		together(writers, func(i int) {
			records := []acp.Record{product(i, noon), variant(i, i, noon)}
			book := []acp.CatalogBook{b, other}[i%2]
			if err := book.ReplaceProducts(t.Context(), b.m.ID, 1, records, nil); err != nil {
				t.Error(err)
			}
		})
		mirror, err := b.Mirror(t.Context(), b.m.ID)
		if err != nil || mirror.Items != writers || mirror.Products != writers {
			t.Fatalf("mirror: %+v %v", mirror, err)
		}
	})
}

func TestTenPicturesOfAProductAreKept(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		b.put(t, 1, product(1, noon), variant(11, 1, noon))
		for n := range 15 {
			b.put(t, 1, media(n, 1), media(n, 1))
		}
		if it := b.item(t, "11"); len(it.MoreImages) != 10 || it.MoreImages[9] != "https://cdn.example/9.jpg" {
			t.Fatalf("pictures: %v", it.MoreImages)
		}
		b.put(t, 2, media(20, 1))
		if it := b.item(t, "11"); len(it.MoreImages) != 1 {
			t.Fatalf("a new run adds to the old one's pictures: %v", it.MoreImages)
		}
	})
}

func TestTheFeedStreamsEveryItemOnce(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		const count = 2500 // more than two pages
		records := []acp.Record{product(1, noon)}
		for n := range count {
			records = append(records, variant(n, 1, noon))
		}
		b.put(t, 1, records...)
		seen := map[acp.ItemID]bool{}
		last := ""
		must(t, b.EachItem(t.Context(), b.m.ID, func(it acp.Item) error {
			if seen[it.ID] || strings.Compare(last, it.VariantID) >= 0 {
				t.Fatalf("%s after %s", it.VariantID, last)
			}
			seen[it.ID], last = true, it.VariantID
			return nil
		}))
		if len(seen) != count {
			t.Fatalf("%d items", len(seen))
		}
		err := b.EachItem(t.Context(), b.m.ID, func(acp.Item) error { return errClientGone })
		if err != errClientGone { //nolint:errorlint // as it is, not wrapped
			t.Fatal(err)
		}
	})
}

func TestMarksThatCameLaterAreNotCleared(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		task := acp.Task{Kind: acp.TaskRefreshItems, Merchant: b.m.ID}
		must(t, b.MarkDirty(t.Context(), b.m.ID, []string{"p1", "p2", "p1"}, task))
		read, err := b.DirtyProducts(t.Context(), b.m.ID, 10)
		must(t, err)
		must(t, b.ClearDirty(t.Context(), b.m.ID, read)) // another worker was faster
		must(t, b.MarkDirty(t.Context(), b.m.ID, []string{"p2", "p3"}, task))
		must(t, b.ClearDirty(t.Context(), b.m.ID, read))
		left, err := b.DirtyProducts(t.Context(), b.m.ID, 10)
		must(t, err)
		if _, marked := left["p2"]; len(left) != 2 || !marked || len(b.tasks.All()) != 2 {
			t.Fatalf("left: %v, tasks %v", left, b.tasks.All())
		}
		if some, err := b.DirtyProducts(t.Context(), b.m.ID, 1); err != nil || len(some) != 1 {
			t.Fatalf("limit: %v %v", some, err)
		}
		b.put(t, 1, variant(11, 1, noon))
		id, err := b.ProductOfInventory(t.Context(), b.m.ID, "gid://shopify/InventoryItem/11")
		if err != nil || id != "gid://shopify/Product/1" {
			t.Fatalf("product %q: %v", id, err)
		}
	})
}
