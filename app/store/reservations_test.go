package store_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/store/storetest"
)

func lightClaimOf(b *books, id, owner string) acp.Claim {
	c := claimOf(b, id, owner)
	c.Light = true
	return c
}

func TestOneOfFiftyLightRequestsIsCarriedOut(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		var owners atomic.Int32
		together(50, func(i int) {
			c := lightClaimOf(b, fmt.Sprint("claim ", i), fmt.Sprint("owner ", i))
			got, err := b.Claim(t.Context(), c, noon)
			if err != nil || got.State != acp.Claimed {
				t.Errorf("request %d: %s %v", i, got.State, err)
			}
			if got.Owner == c.Owner {
				owners.Add(1)
			}
		})
		if owners.Load() != 1 {
			t.Fatalf("%d owners", owners.Load())
		}
	})
}

func TestALightRequestIsReplayedOnceItIsAnswered(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		first, err := b.Claim(t.Context(), lightClaimOf(b, "c1", "o1"), noon)
		must(t, err)
		another := lightClaimOf(b, "c2", "o2")
		another.Fingerprint = "other"
		_, err = b.Claim(t.Context(), another, noon)
		wantKind(t, err, acp.KindReused)
		must(t, b.Extend(t.Context(), first, noon.Add(2*time.Minute)))
		must(t, b.Answer(t.Context(), first, 400, []byte("no")))
		_, err = b.Claim(t.Context(), another, noon)
		wantKind(t, err, acp.KindReused)
		got, err := b.Claim(t.Context(), lightClaimOf(b, "c3", "o3"), noon)
		if err != nil || got.State != acp.Done || got.Status != 400 || string(got.Body) != "no" || got.Owner != "o1" {
			t.Fatalf("replay: %+v %v", got, err)
		}
		again, err := b.Claim(t.Context(), lightClaimOf(b, "c4", "o4"), first.ExpiresAt)
		if err != nil || again.Owner != "o4" || again.ID != "c4" {
			t.Fatalf("past its end: %+v %v", again, err)
		}
	})
}

// Of many that repeat an answered request each gets the answer: that another
// one is looking at the same moment is no reason to come back later.
func TestAnAnsweredLightRequestIsNeverInFlight(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		first, err := b.Claim(t.Context(), lightClaimOf(b, "c1", "o1"), noon)
		must(t, err)
		must(t, b.Answer(t.Context(), first, 201, []byte("yes")))
		together(50, func(i int) {
			got, err := b.Claim(t.Context(), lightClaimOf(b, fmt.Sprint("claim ", i), fmt.Sprint("owner ", i)), noon)
			if err != nil || got.State != acp.Done || string(got.Body) != "yes" {
				t.Errorf("request %d: %s %q %v", i, got.State, got.Body, err)
			}
		})
	})
}

func TestAnAbandonedLightRequestIsCarriedOutByTheNext(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		first, err := b.Claim(t.Context(), lightClaimOf(b, "c1", "o1"), noon)
		must(t, err)
		must(t, b.Abandon(t.Context(), first))
		second, err := b.Claim(t.Context(), lightClaimOf(b, "c2", "o2"), noon)
		if err != nil || second.Owner != "o2" {
			t.Fatalf("after abandoning: %+v %v", second, err)
		}
		must(t, b.Abandon(t.Context(), first)) // not its to abandon any more
		third, err := b.Claim(t.Context(), lightClaimOf(b, "c3", "o3"), noon)
		if err != nil || third.Owner != "o2" || third.State != acp.Claimed {
			t.Fatalf("beside the second: %+v %v", third, err)
		}
		must(t, b.CreateSession(t.Context(), toldBy(sessionOf(t, b.m, "cs_1"), second)))
		if got := replayed(t, b, noon); got.State != acp.Done || string(got.Body) != "told" {
			t.Errorf("the claim: %+v", got)
		}
	})
}

// As when an instance ends while its successor serves already.
func TestOfOneLightRequestInTwoProcessesOneIsKept(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		other := storetest.Over(t, open(t, b.config))
		mine, err := b.Claim(t.Context(), lightClaimOf(b, "c1", "o1"), noon)
		must(t, err)
		theirs, err := other.Claim(t.Context(), lightClaimOf(b, "c2", "o2"), noon)
		must(t, err)
		if theirs.Owner == "o1" {
			return // PostgreSQL: it is known before
		}
		must(t, other.CreateSession(t.Context(), toldBy(sessionOf(t, b.m, "cs_2"), theirs)))
		wantKind(t, b.CreateSession(t.Context(), toldBy(sessionOf(t, b.m, "cs_1"), mine)), acp.KindInFlight)
		if _, err := b.Session(t.Context(), b.m.ID, "", "cs_1"); acp.KindOf(err) != acp.KindNotFound {
			t.Errorf("a session that nobody is told of: %v", err)
		}
		wantKind(t, b.Answer(t.Context(), mine, 400, []byte("no")), acp.KindStale)
		if got, err := b.Claim(t.Context(), lightClaimOf(b, "c3", "o3"), noon); err != nil || got.State != acp.Done || got.ID != "c2" {
			t.Errorf("the claim: %+v %v", got, err)
		}
	})
}

func TestALightRequestTakesOverWhatAnotherProcessLeft(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		_, err := b.Claim(t.Context(), claimOf(b, "c1", "o1"), noon)
		must(t, err)
		waits, err := b.Claim(t.Context(), lightClaimOf(b, "c2", "o2"), noon)
		if err != nil || waits.Owner != "o1" || waits.State != acp.Claimed {
			t.Fatalf("beside it: %+v %v", waits, err)
		}
		taken, err := b.Claim(t.Context(), lightClaimOf(b, "c3", "o3"), noon.Add(2*time.Minute))
		if err != nil || taken.Owner != "o3" || taken.ID != "c1" {
			t.Fatalf("after its lease: %+v %v", taken, err)
		}
		must(t, b.CreateSession(t.Context(), toldBy(sessionOf(t, b.m, "cs_1"), taken)))
		if got := replayed(t, b, noon); got.State != acp.Done || got.ID != "c1" {
			t.Errorf("the claim: %+v", got)
		}
	})
}
