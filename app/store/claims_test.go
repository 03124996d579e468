package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/store/storetest"
)

func claimOf(b *books, id, owner string) acp.Claim {
	return acp.Claim{
		ID: acp.ClaimID(id), Merchant: b.m.ID, Connection: "con_1", Operation: "POST /acp/checkout_sessions", Key: "key",
		Fingerprint: "print", Owner: owner, LeaseUntil: noon.Add(time.Minute), CreatedAt: noon, ExpiresAt: noon.Add(24 * time.Hour),
	}
}

func TestOneOfFiftyRequestsIsCarriedOut(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		other := storetest.Over(t, open(t, b.config)) // another process
		var mu sync.Mutex
		ids := map[acp.ClaimID]int{}
		owners := 0
		together(50, func(i int) {
			c := claimOf(b, fmt.Sprint("claim ", i), fmt.Sprint("owner ", i))
			got, err := []acp.Claims{b, other}[i%2].Claim(t.Context(), c, noon)
			mu.Lock()
			defer mu.Unlock()
			if err != nil || got.State != acp.Claimed {
				t.Errorf("request %d: %s %v", i, got.State, err)
			}
			ids[got.ID]++
			if got.Owner == c.Owner {
				owners++
			}
		})
		if owners != 1 || len(ids) != 1 {
			t.Fatalf("%d owners, ids %v", owners, ids)
		}
	})
}

func TestATakenOverRequestKeepsItsID(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		first, err := b.Claim(t.Context(), claimOf(b, "c1", "o1"), noon)
		must(t, err)
		later := claimOf(b, "c2", "o2")
		waits, err := b.Claim(t.Context(), later, noon.Add(30*time.Second))
		if err != nil || waits.Owner != "o1" || waits.State != acp.Claimed {
			t.Fatalf("a second request: %+v %v", waits, err)
		}
		later.LeaseUntil = noon.Add(3 * time.Minute)
		taken, err := b.Claim(t.Context(), later, noon.Add(2*time.Minute))
		if err != nil || taken.Owner != "o2" || taken.ID != "c1" || !taken.CreatedAt.Equal(noon) {
			t.Fatalf("after the lease: %+v %v", taken, err)
		}
		wantKind(t, b.Answer(t.Context(), first, 201, []byte("late")), acp.KindStale)
		must(t, b.Abandon(t.Context(), first)) // not its to abandon any more
		must(t, b.Abandon(t.Context(), taken))
		third, err := b.Claim(t.Context(), claimOf(b, "c3", "o3"), noon.Add(2*time.Minute))
		if err != nil || third.Owner != "o3" || third.ID != "c1" {
			t.Fatalf("after abandoning: %+v %v", third, err)
		}
		third.Language = "fr"
		must(t, b.Answer(t.Context(), third, 201, []byte(`{"id":"cs_c1"}`)))
		done, err := b.Claim(t.Context(), claimOf(b, "c4", "o4"), noon.Add(23*time.Hour))
		if err != nil || done.State != acp.Done || done.Status != 201 || string(done.Body) != `{"id":"cs_c1"}` || done.Language != "fr" || done.ID != "c1" {
			t.Fatalf("replay: %+v %v", done, err)
		}
	})
}

func TestOneOfManyTakesAnAbandonedRequestOver(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		first, err := b.Claim(t.Context(), claimOf(b, "c0", "o"), noon)
		must(t, err)
		must(t, b.Abandon(t.Context(), first))
		var mu sync.Mutex
		owners := 0
		together(30, func(i int) {
			c := claimOf(b, fmt.Sprint("c", i+1), fmt.Sprint("o", i+1))
			got, err := b.Claim(t.Context(), c, noon)
			mu.Lock()
			defer mu.Unlock()
			if err != nil || got.ID != "c0" {
				t.Errorf("%s: %v", got.ID, err)
			}
			if got.Owner == c.Owner {
				owners++
			}
		})
		if owners != 1 {
			t.Fatalf("%d owners", owners)
		}
	})
}

func TestAKeyIsForOneRequestUntilItExpires(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		_, err := b.Claim(t.Context(), claimOf(b, "c1", "o1"), noon)
		must(t, err)
		other := claimOf(b, "c2", "o2")
		other.Fingerprint = "another"
		_, err = b.Claim(t.Context(), other, noon.Add(time.Hour))
		wantKind(t, err, acp.KindReused)
		elsewhere := other
		elsewhere.Operation = "POST /acp/checkout_sessions/cs_1"
		got, err := b.Claim(t.Context(), elsewhere, noon)
		if err != nil || got.Owner != "o2" {
			t.Fatalf("another operation: %+v %v", got, err)
		}
		other.CreatedAt, other.ExpiresAt = noon.Add(24*time.Hour), noon.Add(48*time.Hour)
		got, err = b.Claim(t.Context(), other, noon.Add(24*time.Hour))
		if err != nil || got.ID != "c2" || got.Owner != "o2" || got.Fingerprint != "another" {
			t.Fatalf("after the end: %+v %v", got, err)
		}
		purged, err := b.PurgeClaims(t.Context(), noon.Add(25*time.Hour))
		if err != nil || purged != 1 {
			t.Fatalf("purged %d: %v", purged, err)
		}
		_, err = b.Claim(t.Context(), claimOf(b, "c3", "o3"), noon.Add(25*time.Hour))
		wantKind(t, err, acp.KindReused) // the younger request is still there
	})
}

func TestALeaseIsExtendedByItsOwnerOnly(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		first, err := b.Claim(t.Context(), claimOf(b, "c1", "o1"), noon)
		must(t, err)
		must(t, b.Extend(t.Context(), first, noon.Add(5*time.Minute)))
		second := claimOf(b, "c2", "o2")
		second.LeaseUntil = noon.Add(10 * time.Minute)
		waits, err := b.Claim(t.Context(), second, noon.Add(4*time.Minute))
		if err != nil || waits.Owner != "o1" || !waits.LeaseUntil.Equal(noon.Add(5*time.Minute)) {
			t.Fatalf("while it is extended: %+v %v", waits, err)
		}
		taken, err := b.Claim(t.Context(), second, noon.Add(5*time.Minute))
		if err != nil || taken.Owner != "o2" || taken.ID != "c1" {
			t.Fatalf("after the extension: %+v %v", taken, err)
		}
		wantKind(t, b.Extend(t.Context(), first, noon.Add(time.Hour)), acp.KindStale)
		must(t, b.Answer(t.Context(), taken, 201, []byte("{}")))
		wantKind(t, b.Extend(t.Context(), taken, noon.Add(time.Hour)), acp.KindStale)
	})
}

func TestAnAnswerIsKeptWithItsVersionForItsTime(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		abandoned := claimOf(b, "c1", "o1")
		abandoned.Version = "2025-09-29"
		first, err := b.Claim(t.Context(), abandoned, noon)
		must(t, err)
		must(t, b.Abandon(t.Context(), first))
		answers := claimOf(b, "c2", "o2")
		answers.Version = "2026-04-17"
		second, err := b.Claim(t.Context(), answers, noon)
		must(t, err)
		second.ExpiresAt = noon.Add(30 * time.Hour)
		must(t, b.Answer(t.Context(), second, 201, []byte("{}")))
		replay, err := b.Claim(t.Context(), claimOf(b, "c3", "o3"), noon.Add(29*time.Hour))
		if err != nil || replay.State != acp.Done || replay.Version != "2026-04-17" || !replay.ExpiresAt.Equal(noon.Add(30*time.Hour)) {
			t.Fatalf("replay: %+v %v", replay, err)
		}
		purged, err := b.PurgeClaims(t.Context(), noon.Add(29*time.Hour))
		if err != nil || purged != 0 {
			t.Errorf("purged %d early: %v", purged, err)
		}
	})
}
