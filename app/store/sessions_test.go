package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/acp-bridge/acp-bridge/acp"
)

func TestASessionComesBackAsItWasSaved(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		full := sessionOf(t, b.m, "cs_full")
		full.Order = new(filled[acp.Order](t))
		full.Order.Sales = nil // what stands paid is asked of the shop each time
		for i := range full.Order.Adjustments {
			full.Order.Adjustments[i].Sales = nil
		}
		empty := acp.Session{ID: "cs_empty", Merchant: b.m.ID, Status: acp.NotReady, DiscountCodes: []string{}, Lines: []acp.Line{}}
		for _, want := range []acp.Session{full, empty} {
			must(t, b.CreateSession(t.Context(), want))
			got, err := b.Session(t.Context(), b.m.ID, want.Connection, want.ID)
			must(t, err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("after creating (-want +got):\n%s", diff)
			}
			want.Status, want.Note, want.Totals.Total = acp.Canceled, "other", 7
			must(t, b.SaveSession(t.Context(), &want))
			got, err = b.Session(t.Context(), b.m.ID, "", want.ID)
			must(t, err)
			if diff := cmp.Diff(want, got); diff != "" || got.Revision != 1 {
				t.Fatalf("after saving (-want +got):\n%s", diff)
			}
		}
		got, err := b.SessionByHandover(t.Context(), full.Handover.Token)
		must(t, err)
		if got.ID != full.ID {
			t.Fatalf("the link leads to %s", got.ID)
		}
	})
}

func TestASessionIsCreatedOnce(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s := sessionOf(t, b.m, "cs_1")
		must(t, b.CreateSession(t.Context(), s))
		s.Handover.Token = "another"
		wantKind(t, b.CreateSession(t.Context(), s), acp.KindStale)
	})
}

func TestOnlyTheNewestRevisionIsSaved(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		must(t, b.CreateSession(t.Context(), sessionOf(t, b.m, "cs_1")))
		const writers = 20
		copies := make([]acp.Session, writers)
		for i := range copies {
			var err error
			copies[i], err = b.Session(t.Context(), b.m.ID, "", "cs_1")
			must(t, err)
			copies[i].Note = fmt.Sprint("writer ", i)
		}
		var won sync.Map
		together(writers, func(i int) {
			err := b.SaveSession(t.Context(), &copies[i], acp.Task{Kind: acp.TaskResumeCheckout, Merchant: b.m.ID, Key: copies[i].Note})
			if err == nil {
				won.Store(copies[i].Note, copies[i].Revision)
			} else if acp.KindOf(err) != acp.KindStale || copies[i].Revision != 0 {
				t.Errorf("writer %d: revision %d, %v", i, copies[i].Revision, err)
			}
		})
		got, err := b.Session(t.Context(), b.m.ID, "", "cs_1")
		must(t, err)
		winners := 0
		won.Range(func(note, revision any) bool {
			winners++
			if note != got.Note || revision != got.Revision {
				t.Errorf("%v won with revision %v, stored is %s", note, revision, got.Note)
			}
			return true
		})
		if tasks := b.tasks.All(); winners != 1 || len(tasks) != 1 || tasks[0].Key != got.Note {
			t.Fatalf("%d winners, tasks %v", winners, tasks)
		}
	})
}

func TestOneOfManyGetsTheLease(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s := sessionOf(t, b.m, "cs_1")
		must(t, b.CreateSession(t.Context(), s))
		var mu sync.Mutex
		var holder string
		together(20, func(i int) {
			owner := fmt.Sprint("owner ", i)
			err := b.LeaseSession(t.Context(), b.m.ID, s.ID, owner, noon, noon.Add(time.Minute))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil && holder == "":
				holder = owner
			case err == nil:
				t.Errorf("%s and %s have the lease", holder, owner)
			case acp.KindOf(err) != acp.KindInFlight || acp.RetryAfterOf(err) != time.Minute:
				t.Errorf("%s: %v", owner, err)
			}
		})
		lease := func(owner string, now time.Time) error {
			return b.LeaseSession(t.Context(), b.m.ID, s.ID, owner, now, now.Add(time.Minute))
		}
		must(t, lease(holder, noon.Add(time.Second)))
		must(t, b.SaveSession(t.Context(), &s))
		must(t, b.ReleaseSession(t.Context(), b.m.ID, s.ID, "somebody else"))
		wantKind(t, lease("late", noon.Add(2*time.Second)), acp.KindInFlight)
		must(t, b.ReleaseSession(t.Context(), b.m.ID, s.ID, holder))
		must(t, lease("late", noon.Add(2*time.Second)))
		must(t, lease("later", noon.Add(time.Hour)))
		got, err := b.Session(t.Context(), b.m.ID, "", s.ID)
		if err != nil || got.Revision != 1 {
			t.Fatalf("leases changed the revision to %d: %v", got.Revision, err)
		}
		wantKind(t, b.LeaseSession(t.Context(), b.m.ID, "cs_none", "x", noon, noon), acp.KindNotFound)
	})
}

// together runs n calls at once and waits for them.
func together(n int, call func(i int)) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-start
			call(i)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
}
