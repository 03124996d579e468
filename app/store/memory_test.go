package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// What hot reads remember is over with the change that ends it.
func TestAChangeIsSeenByTheNextRead(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		must(t, b.SaveConnection(t.Context(), acp.Connection{ID: "con_1", Merchant: b.m.ID, Completion: acp.HandOff}, "hash"))
		must(t, b.SaveInstallation(t.Context(), grant(b.m.Shop, "one")))
		b.put(t, 1, product(1, noon), variant(11, 1, noon))
		caller := func() (acp.Connection, acp.Merchant) {
			c, m, err := b.ConnectionByToken(t.Context(), "hash")
			must(t, err)
			return c, m
		}
		token := func() acp.Secret {
			i, err := b.Tokens().Installation(t.Context(), b.m.Shop)
			must(t, err)
			return i.AccessToken
		}
		_, _ = caller()
		if before := b.item(t, "11"); before.Price != 1250 {
			t.Fatalf("price %d", before.Price)
		}
		first := token()

		must(t, b.SetCompletion(t.Context(), b.m.ID, acp.Delegated))
		if _, m := caller(); m.Completion != acp.Delegated {
			t.Error("the merchant's old way to finish")
		}
		must(t, b.SetSignatures(t.Context(), b.m.ID, "con_1", acp.SignaturesEnforce, "rotated"))
		if c, _ := caller(); c.SignatureMode != acp.SignaturesEnforce || c.RequestSecret != "rotated" {
			t.Error("a connection's old key")
		}
		cheaper := variant(11, 1, noon.Add(time.Second))
		cheaper.Variant.Price, *cheaper.Variant.Stock = 999, 0
		b.put(t, 2, cheaper)
		if it := b.item(t, "11"); it.Price != 999 || *it.Stock != 0 {
			t.Errorf("an item's old price %d and stock %d", it.Price, *it.Stock)
		}
		must(t, b.SaveInstallation(t.Context(), grant(b.m.Shop, "two")))
		if token() == first {
			t.Error("an old access token")
		}
		must(t, b.Forget(t.Context(), b.m.ID))
		_, err := b.Tokens().Installation(t.Context(), b.m.Shop)
		wantKind(t, err, acp.KindNotFound)
		if _, m := caller(); m.Status != acp.Uninstalled {
			t.Error("a shop that has left")
		}
	})
}

func TestARevokedConnectionIsUnknownToEveryReadThatBeginsLater(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		for n := range 20 {
			id, hash := acp.ConnectionID(fmt.Sprint("con_", n)), fmt.Sprint("hash ", n)
			must(t, b.SaveConnection(t.Context(), acp.Connection{ID: id, Merchant: b.m.ID, Completion: acp.HandOff}, hash))
			var revoked, late atomic.Bool
			var reading sync.WaitGroup
			for range 4 {
				reading.Go(func() {
					for known := true; known; {
						began := revoked.Load()
						_, _, err := b.ConnectionByToken(t.Context(), hash)
						known = err == nil
						late.Store(late.Load() || began && known)
						known = known && !began
					}
				})
			}
			must(t, b.RevokeConnection(t.Context(), b.m.ID, id, noon))
			revoked.Store(true)
			reading.Wait()
			if _, _, err := b.ConnectionByToken(t.Context(), hash); late.Load() || acp.KindOf(err) != acp.KindNotFound {
				t.Fatalf("connection %d was found after its revocation: %v", n, err)
			}
		}
	})
}

// One instance serves an SQLite file. Whoever writes into it with another tool
// is believed a second later.
func TestAChangeFromOutsideIsSeenASecondLater(t *testing.T) {
	b := &books{config: migratedFile(t)}
	b.open(t)
	must(t, b.SaveConnection(t.Context(), acp.Connection{ID: "con_1", Merchant: b.m.ID, Completion: acp.HandOff}, "hash"))
	finishes := func() acp.Completion {
		_, m, err := b.ConnectionByToken(t.Context(), "hash")
		must(t, err)
		return m.Completion
	}
	if finishes() != acp.HandOff {
		t.Fatal("the way to finish")
	}
	_, err := open(t, b.config).SQL().ExecContext(t.Context(), "UPDATE merchants SET completion = 'delegated'")
	must(t, err)
	if finishes() != acp.HandOff {
		t.Fatal("nothing is remembered")
	}
	b.set(noon.Add(time.Second))
	if finishes() != acp.Delegated {
		t.Fatal("the old one after a second")
	}
}
