package store_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/acp-bridge/acp-bridge/acp"
)

func grant(shop, token string) acp.Installation {
	return acp.Installation{
		Shop: shop, AccessToken: acp.Secret(token), RefreshToken: acp.Secret("refresh-" + token), ExpiresAt: noon.Add(time.Hour),
		RefreshExpiresAt: noon.Add(90 * day), Scopes: []string{"read_products", "write_draft_orders"},
	}
}

func TestAShopKeepsItsNameTagsWhenItComesBack(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		must(t, b.SaveInstallation(t.Context(), grant(b.m.Shop, "one")))
		must(t, b.SetCompletion(t.Context(), b.m.ID, acp.Delegated))
		rules := acp.Acceptance{Total: acp.Limit{Most: 5, Then: acp.Refuse}}
		must(t, b.SetAcceptance(t.Context(), b.m.ID, rules))
		must(t, b.Forget(t.Context(), b.m.ID))
		_, err := b.Tokens().Installation(t.Context(), b.m.Shop)
		wantKind(t, err, acp.KindNotFound)
		left, err := b.MerchantByShop(t.Context(), b.m.Shop)
		if err != nil || left.Status != acp.Uninstalled {
			t.Fatalf("after leaving: %s %v", left.Status, err)
		}
		_, err = b.MerchantByFeedToken(t.Context(), b.m.FeedToken)
		wantKind(t, err, acp.KindNotFound)

		// A profile that was being refreshed when the shop left.
		late, err := b.SaveMerchant(t.Context(), b.m)
		if err != nil || late.Status != acp.Uninstalled {
			t.Fatalf("a late refresh made the shop %s: %v", late.Status, err)
		}
		must(t, b.SaveInstallation(t.Context(), grant(b.m.Shop, "two")))
		back := filled[acp.Merchant](t)
		back.ID, back.Shop, back.Status, back.Completion, back.FeedToken = "m_other", b.m.Shop, acp.Installed, acp.HandOff, "other"
		got, err := b.SaveMerchant(t.Context(), back)
		must(t, err)
		back.ID, back.Completion, back.FeedToken, back.Acceptance, back.Following = b.m.ID, acp.Delegated, b.m.FeedToken, rules, b.m.Following
		if diff := cmp.Diff(back, got); diff != "" {
			t.Fatalf("returned (-want +got):\n%s", diff)
		}
		stored, err := b.MerchantByFeedToken(t.Context(), b.m.FeedToken)
		must(t, err)
		if diff := cmp.Diff(back, stored); diff != "" {
			t.Fatalf("stored (-want +got):\n%s", diff)
		}
		if ids, err := b.InstalledMerchants(t.Context()); err != nil || len(ids) != 1 || ids[0] != b.m.ID {
			t.Fatalf("installed: %v %v", ids, err)
		}
	})
}

func TestARenewedTokenIsSavedOnce(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		tokens := b.Tokens()
		must(t, b.SaveInstallation(t.Context(), grant(b.m.Shop, "one")))
		read, err := tokens.Installation(t.Context(), b.m.Shop)
		must(t, err)
		want := grant(b.m.Shop, "one")
		want.Revision = read.Revision
		if diff := cmp.Diff(want, read); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		var saved atomic.Int32
		together(10, func(int) {
			renewed := grant(b.m.Shop, "renewed")
			renewed.Revision = read.Revision
			err := tokens.SaveInstallation(t.Context(), renewed)
			if err == nil {
				saved.Add(1)
			} else if acp.KindOf(err) != acp.KindStale {
				t.Error(err)
			}
		})
		if saved.Load() != 1 {
			t.Fatalf("saved %d times", saved.Load())
		}
	})
}

func TestARenewalIsBegunByOneAndByTheNextAfterItsTime(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		tokens := b.Tokens()
		must(t, b.SaveInstallation(t.Context(), grant(b.m.Shop, "one")))
		read, err := tokens.Installation(t.Context(), b.m.Shop)
		must(t, err)
		var mine atomic.Pointer[acp.Installation]
		together(10, func(int) {
			i, err := tokens.BeginRenewal(t.Context(), read, noon.Add(time.Minute))
			if err == nil && !mine.CompareAndSwap(nil, &i) {
				t.Error("two renew at once")
			} else if err != nil && acp.KindOf(err) != acp.KindStale {
				t.Error(err)
			}
		})
		read, err = tokens.Installation(t.Context(), b.m.Shop)
		must(t, err)
		_, err = tokens.BeginRenewal(t.Context(), read, noon.Add(time.Minute))
		wantKind(t, err, acp.KindStale)

		must(t, tokens.EndRenewal(t.Context(), *mine.Load()))
		late, err := tokens.BeginRenewal(t.Context(), read, noon) // its time is over at once
		must(t, err)
		next, err := tokens.BeginRenewal(t.Context(), late, noon.Add(time.Minute))
		must(t, err)
		wantKind(t, tokens.SaveInstallation(t.Context(), late), acp.KindStale)
		must(t, tokens.EndRenewal(t.Context(), late)) // is none of its business any more
		_, err = tokens.BeginRenewal(t.Context(), next, noon.Add(time.Minute))
		wantKind(t, err, acp.KindStale)
		must(t, tokens.SaveInstallation(t.Context(), next))
		next.Revision++
		_, err = tokens.BeginRenewal(t.Context(), next, noon.Add(time.Minute))
		must(t, err) // saving ended the renewal
	})
}

// Staff open the app while a renewal with the old grant is being refused.
func TestADeadGrantDoesNotShutOutANewerOne(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		must(t, b.SaveInstallation(t.Context(), grant(b.m.Shop, "one")))
		read, err := b.Tokens().Installation(t.Context(), b.m.Shop)
		must(t, err)
		old, err := b.Tokens().BeginRenewal(t.Context(), read, noon.Add(time.Minute))
		must(t, err)
		must(t, b.SaveInstallation(t.Context(), grant(b.m.Shop, "two")))
		wantKind(t, b.Tokens().AwaitStaff(t.Context(), old), acp.KindStale)
		status := func() acp.MerchantStatus {
			m, err := b.MerchantByShop(t.Context(), b.m.Shop)
			must(t, err)
			return m.Status
		}
		if got := status(); got != acp.Installed {
			t.Fatalf("the shop is %s", got)
		}
		read, err = b.Tokens().Installation(t.Context(), b.m.Shop)
		must(t, err)
		current, err := b.Tokens().BeginRenewal(t.Context(), read, noon.Add(time.Minute))
		must(t, err) // the new grant ended the renewal of the old one
		must(t, b.Tokens().AwaitStaff(t.Context(), current))
		if got := status(); got != acp.NeedsStaff {
			t.Errorf("the shop is %s", got)
		}
	})
}

func TestARenewalDoesNotBringAShopBack(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		must(t, b.SaveInstallation(t.Context(), grant(b.m.Shop, "one")))
		read, err := b.Tokens().Installation(t.Context(), b.m.Shop)
		must(t, err)
		must(t, b.Forget(t.Context(), b.m.ID))
		wantKind(t, b.Tokens().SaveInstallation(t.Context(), read), acp.KindStale)
		must(t, b.SaveInstallation(t.Context(), grant(b.m.Shop, "two")))
		wantKind(t, b.Tokens().SaveInstallation(t.Context(), read), acp.KindStale)
	})
}

func TestAConnectionIsFoundByItsTokenUntilItIsRevoked(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		c := filled[acp.Connection](t)
		c.Merchant, c.ID, c.RevokedAt, c.TokenHint = b.m.ID, "con_1", time.Time{}, "wxyz"
		c.Completion, c.SignatureMode = acp.HandOff, acp.SignaturesLogged
		c.Name, c.EventURL = "Agent", "https://agent.example"
		must(t, b.SaveConnection(t.Context(), c, "hash-1"))
		got, m, err := b.ConnectionByToken(t.Context(), "hash-1")
		must(t, err)
		if diff := cmp.Diff(c, got); diff != "" || m.ID != b.m.ID {
			t.Fatalf("merchant %s (-want +got):\n%s", m.ID, diff)
		}
		c.Name = "Renamed"
		must(t, b.SaveConnection(t.Context(), c, "hash-2"))
		_, _, err = b.ConnectionByToken(t.Context(), "hash-1")
		wantKind(t, err, acp.KindNotFound)
		thief := c
		thief.ID = "con_2"
		wantKind(t, b.SaveConnection(t.Context(), thief, "hash-2"), acp.KindStale)

		thief.CreatedAt = c.CreatedAt.Add(time.Second)
		must(t, b.SaveConnection(t.Context(), thief, "hash-3"))
		list, err := b.Connections(t.Context(), b.m.ID)
		if err != nil || len(list) != 2 || list[0].ID != "con_2" || list[1].Name != "Renamed" {
			t.Fatalf("connections: %v %v", list, err)
		}
		must(t, b.RevokeConnection(t.Context(), b.m.ID, "con_1", noon))
		must(t, b.RevokeConnection(t.Context(), b.m.ID, "con_1", noon.Add(day)))
		_, _, err = b.ConnectionByToken(t.Context(), "hash-2")
		wantKind(t, err, acp.KindNotFound)
		revoked, err := b.Connection(t.Context(), b.m.ID, "con_1")
		if err != nil || !revoked.RevokedAt.Equal(noon) {
			t.Fatalf("revoked: %v %v", revoked.RevokedAt, err)
		}
	})
}
