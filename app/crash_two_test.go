package app

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/app/store/storetest"
)

// endings are what becomes of the one of two processes whose calls stand still.
// By seed, so that a seed that is played alone ends as it did among others.
const (
	killed     = iota // at once
	killedLate        // when its lease is over and the other has taken over
	goesOn            // then, too, as after a long pause: it must be fenced off
	endings
)

// twin is one of two processes that serve the same database.
type twin struct {
	orders  childOrders
	process *appProcess
}

func (tw *twin) app() string { return "http://" + tw.orders.Keys.App + "/acp" }

// TestCrashOfOneOfTwo lets two instances serve one PostgreSQL. The agent's
// requests and their duplicates go to both. First the one and then the other dies
// at a foreign call of its own, or stands still for longer than its lease and
// goes on late; the other takes over what it left.
func TestCrashOfOneOfTwo(t *testing.T) {
	inFull(t)
	storetest.NeedPostgres(t)
	w := newCrashWorld(t, "postgres")
	two := w.twins()
	first, count := number(t, "ACP_CRASH_FIRST", 1), number(t, "ACP_CRASH_SCHEDULES", pairs())
	if seed := number(t, "ACP_CRASH_SEED", 0); seed != 0 {
		first, count = seed, 1
	}
	begun := time.Now()
	var sum verdict
	for _, batch := range pairedBatches(first, count) {
		v, failures := w.playTwo(two, batch...)
		report(t)(v, failures)
		sum.add(v)
		sum.deaths += v.deaths
	}
	t.Logf("%d schedules: %d sold, %d not sold, %d stood still at a call, %s", count, sum.sold, sum.unsold, sum.deaths, time.Since(begun).Round(time.Second))
}

func pairs() uint64 {
	if handful() {
		return 4
	}
	return 100
}

// pairedBatches puts those together that end alike and are under the same rules.
func pairedBatches(first, count uint64) (all [][]plan) {
	type company struct {
		ending uint64
		held   bool
	}
	open := map[company][]plan{}
	var seen []company
	for seed := first; seed < first+count; seed++ {
		p := paired(seed)
		c := company{seed % endings, p.held}
		if !slices.Contains(seen, c) {
			seen = append(seen, c)
		}
		open[c] = append(open[c], p)
	}
	for _, c := range seen {
		all = slices.AppendSeq(all, slices.Chunk(open[c], batchSize))
	}
	return all
}

// paired is the plan of a seed, with deaths that are counted in the calls of one
// of two processes, and without the webhooks.
func paired(seed uint64) plan {
	p, r := planned(seed), rand.New(rand.NewPCG(seed, 2))
	p.news, p.after, p.commit, p.pace = false, nil, nil, paces[0]
	for life := range p.deaths {
		if p.deaths[life] = nil; r.IntN(100) < 85 {
			p.deaths[life] = &death{1 + r.IntN(12), r.IntN(2) == 0}
		}
	}
	return p
}

// twins are the processes; the second gets an address of its own.
func (w *crashWorld) twins() [2]*twin {
	w.t.Helper()
	l, err := listen(w.t.Context(), "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	one, other := &twin{orders: w.orders}, &twin{orders: w.orders}
	one.orders.Name, other.orders.Name = "first", "second"
	other.orders.Keys.App, other.orders.Beside = l.Addr().String(), true
	if err := l.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		one.process.kill()
		other.process.kill()
	})
	for _, tw := range []*twin{one, other} {
		tw.process = w.launch(tw.orders)
		tw.orders.Beside = true // whenever it is started again
	}
	return [2]*twin{one, other}
}

// face is who is asked for everything from now on, and who works beside it.
func (w *crashWorld) face(tw, beside *twin) {
	w.appProcess, w.app, w.beside = tw.process, tw.app(), nil
	if beside != nil {
		w.beside = beside.process
	}
}

// playTwo is play with two processes, of which the one is lost in the first life
// and the other in the second.
func (w *crashWorld) playTwo(two [2]*twin, plans ...plan) (v verdict, failures []string) {
	w.t.Helper()
	w.face(two[1], two[0])
	w.begin(plans...)
	batch := w.openAll(plans)
	ending := plans[0].seed % endings
	for life := range lives {
		doomed, survivor := two[life], two[1-life]
		if life == 0 {
			enterTwo(batch, life, doomed, ending)
		}
		w.face(survivor, doomed)
		w.liveTwo(batch, life, doomed, survivor)
		if ending != killed {
			w.pass(100 * time.Second)
			w.quiet(batch) // the other takes over
		}
		for _, s := range batch {
			if s.still() {
				v.deaths++
			}
		}
		if ending != goesOn {
			doomed.process.kill()
			w.beside = nil
		}
		w.bury(batch, life)
		thaw := batch[0].thaw
		enterTwo(batch, life+1, survivor, ending) // which may be lost while it takes over
		if ending == goesOn {
			close(thaw)
		} else {
			w.steer("/bury", nil, nil)
		}
		w.quiet(batch)
		w.pass(100 * time.Second)
		w.quiet(batch)
		if ending != goesOn {
			doomed.process = w.launch(doomed.orders)
		}
	}
	w.face(two[0], two[1])
	w.liveTwo(batch, lives, two[0], two[1])
	ended, failures := w.end(batch)
	ended.deaths = v.deaths
	return ended, failures
}

func enterTwo(batch []*schedule, life int, doomed *twin, ending uint64) {
	var thaw chan struct{}
	if ending == goesOn {
		thaw = make(chan struct{})
	}
	for _, s := range batch {
		s.enter(life)
		s.mu.Lock()
		s.doomed, s.thaw = doomed.orders.Name, thaw
		s.mu.Unlock()
	}
}

// liveTwo sends every second request to the one, the others to the other, and
// waits until what comes of it stands still.
func (w *crashWorld) liveTwo(batch []*schedule, life int, doomed, survivor *twin) {
	w.t.Helper()
	for _, s := range batch {
		if life > 0 && life == s.confirms {
			w.confirm(s)
		}
		s.beginAt(w.t.Context(), w, doomed.app(), survivor.app())
	}
	w.quiet(batch)
	w.answer(batch, life)
}

func (s *schedule) beginAt(ctx context.Context, w *crashWorld, doors ...string) {
	for i, t := range s.tries[s.life] {
		s.ask(ctx, w, doors[i%len(doors)], t)
	}
}
