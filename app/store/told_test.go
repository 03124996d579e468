package store_test

import (
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// toldBy is the session as a claim's answer tells it.
func toldBy(s acp.Session, c acp.Claim) acp.Session {
	c.Status, c.Body, c.Language, c.ExpiresAt = 201, []byte("told"), "en", noon.Add(48*time.Hour)
	s.Told = &c
	return s
}

// replayed is what a repetition of the request meets.
func replayed(t *testing.T, b *books, at time.Time) acp.Claim {
	t.Helper()
	c, err := b.Claim(t.Context(), claimOf(b, "again", "o9"), at)
	must(t, err)
	return c
}

func TestASessionAndItsAnswerAreKeptTogether(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		c, err := b.Claim(t.Context(), claimOf(b, "c1", "o1"), noon)
		must(t, err)
		must(t, b.CreateSession(t.Context(), toldBy(sessionOf(t, b.m, "cs_1"), c)))
		got := replayed(t, b, noon.Add(47*time.Hour))
		if got.State != acp.Done || got.Status != 201 || string(got.Body) != "told" || got.Language != "en" {
			t.Errorf("the claim: %+v", got)
		}
		if _, err := b.Session(t.Context(), b.m.ID, "con_1", "cs_1"); err != nil {
			t.Error(err)
		}
	})
}

func TestOfASessionThatIsNotKeptNothingIsTold(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		c, err := b.Claim(t.Context(), claimOf(b, "c1", "o1"), noon)
		must(t, err)
		s := sessionOf(t, b.m, "cs_1")
		must(t, b.CreateSession(t.Context(), s))
		wantKind(t, b.CreateSession(t.Context(), toldBy(s, c)), acp.KindStale)
		old := toldBy(s, c)
		must(t, b.SaveSession(t.Context(), &s))
		wantKind(t, b.SaveSession(t.Context(), &old), acp.KindStale)
		wantKind(t, b.SaveSession(t.Context(), &old, acp.Task{Kind: "k"}), acp.KindStale)
		if got := replayed(t, b, noon); got.State != acp.Claimed || got.Owner != "o1" {
			t.Errorf("the claim: %+v", got)
		}
	})
}

func TestARequestThatLostItsClaimLeavesNothing(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		lost, err := b.Claim(t.Context(), claimOf(b, "c1", "o1"), noon)
		must(t, err)
		s := sessionOf(t, b.m, "cs_1")
		must(t, b.CreateSession(t.Context(), s))
		must(t, b.Abandon(t.Context(), lost))
		if got := replayed(t, b, noon); got.Owner != "o9" {
			t.Fatalf("taken over by %s", got.Owner)
		}
		other := sessionOf(t, b.m, "cs_2")
		wantKind(t, b.CreateSession(t.Context(), toldBy(other, lost)), acp.KindInFlight)
		if _, err := b.Session(t.Context(), b.m.ID, "", "cs_2"); acp.KindOf(err) != acp.KindNotFound {
			t.Errorf("a session that nobody is told of: %v", err)
		}
		for _, tasks := range [][]acp.Task{nil, {{Kind: "k"}}} {
			changed := toldBy(s, lost)
			changed.Note = "lost"
			wantKind(t, b.SaveSession(t.Context(), &changed, tasks...), acp.KindInFlight)
		}
		if got, err := b.Session(t.Context(), b.m.ID, "", "cs_1"); err != nil || got.Note == "lost" || got.Revision != 0 {
			t.Errorf("changed to %q, revision %d: %v", got.Note, got.Revision, err)
		}
	})
}
