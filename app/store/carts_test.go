package store_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/acp-bridge/acp-bridge/acp"
)

// cartOf is a cart with every field set, of a merchant.
func cartOf(t *testing.T, m acp.Merchant, id acp.CartID) acp.SavedCart {
	t.Helper()
	c := filled[acp.SavedCart](t)
	c.ID, c.Merchant, c.Connection, c.Revision, c.Currency = id, m.ID, "con_1", 0, "usd"
	c.Buyer.Email = "ada@example.com"
	return c
}

func TestACartComesBackAsItWasSaved(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		full := cartOf(t, b.m, "cart_full")
		empty := acp.SavedCart{ID: "cart_empty", Merchant: b.m.ID, Lines: []acp.Line{}}
		for _, want := range []acp.SavedCart{full, empty} {
			must(t, b.CreateCart(t.Context(), want))
			got, err := b.Cart(t.Context(), b.m.ID, want.Connection, want.ID)
			must(t, err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("after creating (-want +got):\n%s", diff)
			}
			want.Totals.Total, want.ExpiresAt, want.Buyer = 7, noon, nil
			must(t, b.SaveCart(t.Context(), &want))
			got, err = b.Cart(t.Context(), b.m.ID, want.Connection, want.ID)
			must(t, err)
			if diff := cmp.Diff(want, got); diff != "" || got.Revision != 1 {
				t.Fatalf("after saving (-want +got):\n%s", diff)
			}
		}
		wantKind(t, b.CreateCart(t.Context(), full), acp.KindStale)
	})
}

func TestOnlyTheNewestRevisionOfACartIsSaved(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		must(t, b.CreateCart(t.Context(), cartOf(t, b.m, "cart_1")))
		const writers = 20
		copies := make([]acp.SavedCart, writers)
		for i := range copies {
			copies[i] = cartOf(t, b.m, "cart_1")
		}
		var won atomic.Int64
		together(writers, func(i int) {
			copies[i].Locale = "writer"
			switch err := b.SaveCart(t.Context(), &copies[i]); acp.KindOf(err) {
			case "":
				won.Add(1)
			case acp.KindStale:
			default:
				t.Error(err)
			}
		})
		if won.Load() != 1 {
			t.Fatalf("%d writers won", won.Load())
		}
	})
}

func TestCartsAreDeletedSomeTimeAfterTheyAreGone(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		expired, canceled, live := cartOf(t, b.m, "cart_1"), cartOf(t, b.m, "cart_2"), cartOf(t, b.m, "cart_3")
		expired.ExpiresAt, expired.CanceledAt = noon.Add(-day), time.Time{}
		canceled.ExpiresAt, canceled.CanceledAt = noon.Add(day), noon.Add(-day)
		live.ExpiresAt, live.CanceledAt = noon, time.Time{}
		for _, c := range []acp.SavedCart{expired, canceled, live} {
			must(t, b.CreateCart(t.Context(), c))
		}
		purged, err := b.PurgeCarts(t.Context(), noon)
		if err != nil || purged != 2 {
			t.Fatalf("%d purged, %v", purged, err)
		}
		_, err = b.Cart(t.Context(), b.m.ID, "con_1", "cart_3")
		must(t, err)
		_, err = b.Cart(t.Context(), b.m.ID, "con_1", "cart_1")
		wantKind(t, err, acp.KindNotFound)
	})
}

func TestACartIsNoSession(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		must(t, b.CreateCart(t.Context(), cartOf(t, b.m, "cart_1")))
		sales, err := b.Sales(t.Context(), b.m, time.Time{}, 10)
		if err != nil || sales.Sessions != 0 {
			t.Fatalf("%+v %v", sales, err)
		}
	})
}

func TestARedactedCartKeepsItsItems(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		c := cartOf(t, b.m, "cart_1")
		must(t, b.CreateCart(t.Context(), c))
		must(t, b.Redact(t.Context(), b.m.ID, acp.Redaction{Email: "Ada@example.com"}))
		got, err := b.Cart(t.Context(), b.m.ID, "con_1", "cart_1")
		if err != nil || got.Buyer != nil || len(got.Lines) != len(c.Lines) || strings.Contains(rows(t, b), "ada@example.com") {
			t.Fatalf("%+v %v", got, err)
		}
		wantKind(t, b.SaveCart(t.Context(), &c), acp.KindStale) // by a request that had read it before
	})
}
