package app

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/acp-bridge/acp-bridge/acp"
)

// verdict is what a batch came to.
type verdict struct {
	sold, unsold, litter, deaths, deeds int
}

// play lets the plans befall checkouts of their own, side by side in one
// process. In each life everything goes on until all that can move has come to
// rest: checkouts that reached their death stand still there, and then the
// process is killed. So one checkout's death hits no other at a random moment.
func (w *crashWorld) play(plans ...plan) (v verdict, failures []string) {
	w.t.Helper()
	w.begin(plans...)
	batch := w.openAll(plans)
	for life := range lives + 1 {
		if life == 1 && !slices.ContainsFunc(plans, plan.again) {
			continue
		}
		if life > 0 {
			w.kill()
			w.bury(batch, life-1)
		}
		for _, s := range batch {
			s.enter(life) // before the process starts, which goes on by itself
		}
		if life > 0 {
			w.start()
		}
		w.live(batch, life)
	}
	return w.end(batch)
}

// begin starts the app on a new page of the books, and turns to it.
func (w *crashWorld) begin(plans ...plan) {
	w.t.Helper()
	w.pass(2 * time.Hour) // beyond the last hour's payments, which an adapter may list
	if !w.alive() {
		w.start()
	}
	w.rule(plans[0].held)
	w.news = plans[0].news
	w.mail.subscribe(w.news)
	w.page = w.now().Unix()
}

// end lets everything come to its end, and judges it.
func (w *crashWorld) end(batch []*schedule) (verdict, []string) {
	w.t.Helper()
	if !w.rests(batch...) {
		w.outwait(batch)
	}
	w.pass(40 * time.Minute) // nothing may come after
	w.quiet(batch)
	w.pass(time.Second) // but what was put off for a moment because another was at it
	w.quiet(batch)
	return w.judge(batch)
}

// playCommits is play for plans that die at a commit: one after the other in one
// database, because the process cannot stand still in a commit while others
// work.
func (w *crashWorld) playCommits(plans ...plan) (v verdict, failures []string) {
	w.t.Helper()
	w.begin(plans...)
	var batch []*schedule
	for _, p := range plans {
		s := w.openAll([]plan{p})[0]
		batch = append(batch, s)
		if w.upTo(s, batch); !w.alive() {
			w.kill()
			w.bury([]*schedule{s}, 0)
			s.enter(lives)
			w.start()
			v.deaths++
		}
		s.enter(lives)
		s.begin(w.t.Context(), w)
		w.settle(batch, lives) // now: the deaths of those that follow take longer than its token lives
	}
	ended, failures := w.end(batch)
	ended.deaths = v.deaths
	return ended, failures
}

func (w *crashWorld) openAll(plans []plan) []*schedule {
	w.t.Helper()
	var batch []*schedule
	group := new(errgroup.Group)
	group.SetLimit(4)
	for _, p := range plans {
		w.made++
		s := &schedule{plan: p, number: w.made}
		batch = append(batch, s)
		group.Go(func() error { return w.open(s) })
	}
	if err := group.Wait(); err != nil {
		w.t.Fatalf("%v\n%s", err, w.stderr)
	}
	w.quiet(batch)
	for _, s := range batch {
		s.mu.Lock()
		s.armed = true
		s.mu.Unlock()
	}
	return batch
}

// live is one life of the process, up to the moment before its death.
func (w *crashWorld) live(batch []*schedule, life int) {
	w.t.Helper()
	var last *schedule
	for _, s := range batch {
		if life > 0 && life == s.confirms {
			w.confirm(s)
		}
		if life == 0 && s.commit != nil {
			last = s // it kills the process by itself, so it goes when the others rest
			continue
		}
		s.begin(w.t.Context(), w)
	}
	w.settle(batch, life)
	if last != nil {
		w.arm(last)
		last.begin(w.t.Context(), w)
		w.settle(batch, life)
	}
}

// settle waits until nothing goes on any more, with and without the help of
// those outside, now and after a lease has run out.
func (w *crashWorld) settle(batch []*schedule, life int) {
	w.t.Helper()
	w.quiet(batch)
	w.answer(batch, life)
	w.pass(100 * time.Second)
	w.quiet(batch)
	w.answer(batch, life)
}

// upTo sends the request that may be the process's last.
func (w *crashWorld) upTo(s *schedule, batch []*schedule) {
	w.t.Helper()
	s.enter(0)
	if len(s.after) == 0 {
		w.arm(s)
	}
	s.begin(w.t.Context(), w)
	w.quiet(batch)
	if len(s.after) > 0 { // the sale's own commits have a scenario of their own
		w.arm(s)
	}
	w.answer([]*schedule{s}, 0)
	w.steer("/disarm", nil, nil)
}

func (w *crashWorld) arm(s *schedule) {
	values := map[string][]string{"mark": s.marked(), "deadly": {fmt.Sprint(s.commit.at)}}
	if s.commit.after {
		values["after"] = []string{"true"}
	}
	w.steer("/arm", values, nil)
}

// bury passes the time between two lives.
func (w *crashWorld) bury(batch []*schedule, life int) {
	w.t.Helper()
	for _, s := range batch {
		if !s.prune[life] {
			continue
		}
		w.must(w.request(w.t.Context(), http.MethodPost, w.around.stripeURL()+"/_sandbox/prune", "", map[string]any{"containing": s.session.ID}))
		s.note("keys pruned")
	}
	w.pass(batch[0].pace)
}

// quiet waits until nothing moves any more: no request, call, task or driver
// but those that stand still before their death.
func (w *crashWorld) quiet(batch []*schedule) {
	w.t.Helper()
	deadline := time.After(10 * time.Minute) // a lease that the app had no time to release runs out by itself
	tick := time.NewTicker(4 * time.Millisecond)
	defer tick.Stop()
	for calm := 0; calm < 2; {
		select {
		case <-w.dead:
			return
		case <-deadline:
			var busy []string
			w.steer("/busy", nil, &busy)
			w.t.Fatalf("it never comes to rest: %d calls, %d news, %v\n%s\n%s", w.calls.Load(), w.due(), w.moving(batch, busy), traces(batch), w.stderr)
		case <-tick.C:
		}
		if w.still(batch) {
			calm++
		} else {
			calm = 0
		}
	}
}

func (w *crashWorld) still(batch []*schedule) bool {
	for _, s := range batch {
		if !s.idle() {
			return false
		}
	}
	var busy []string
	if w.calls.Load() != 0 || w.news && w.due() > 0 || !w.steer("/busy", nil, &busy) {
		return false
	}
	return len(w.moving(batch, busy)) == 0 && w.calls.Load() == 0
}

// moving is what of the busy work belongs to no checkout that stands still.
func (w *crashWorld) moving(batch []*schedule, busy []string) []string {
	return slices.DeleteFunc(busy, func(b string) bool {
		return slices.ContainsFunc(batch, func(s *schedule) bool { return s.holds(b) })
	})
}

func (w *crashWorld) rests(batch ...*schedule) bool {
	w.t.Helper()
	b := w.books(w.page)
	for _, s := range batch {
		if w.tally(s, b).wrong(s, false) != "" {
			return false
		}
	}
	return true
}

// outwait lets time pass until every checkout has come to its end, or none of
// those who wait for time would wait that long.
func (w *crashWorld) outwait(batch []*schedule) {
	w.t.Helper()
	for _, d := range []time.Duration{
		100 * time.Second, 100 * time.Second, 100 * time.Second, 11 * time.Minute, 11 * time.Minute, 11 * time.Minute,
		time.Hour, time.Hour, 25 * time.Hour, 25 * time.Hour,
	} {
		w.pass(d)
		w.quiet(batch)
		if w.rests(batch...) {
			return
		}
	}
}

// judge counts, and tells of every checkout that ended wrongly.
func (w *crashWorld) judge(batch []*schedule) (v verdict, failures []string) {
	w.t.Helper()
	b := w.books(w.page)
	heard := w.heard()
	var ledger map[string]map[acp.MovementKind]int64
	w.steer("/ledger", nil, &ledger)
	for _, s := range batch {
		y := w.tally(s, b)
		why := y.wrong(s, s.sold)
		if why == "" && y.orders+y.canceled == 1 {
			why = heard[s.session.ID].wrong(s)
		}
		if moved := ledger[s.session.ID]; why == "" && (moved[acp.MoveCapture]-moved[acp.MoveRefund] != y.captured ||
			moved[acp.MoveAuthorize] > moved[acp.MoveCapture]+moved[acp.MoveVoid]) {
			why = fmt.Sprintf("the ledger tells something else: %v", moved)
		} else if why == "" && s.disputed && moved[acp.MoveDispute] != s.session.total() {
			why = fmt.Sprintf("the ledger does not tell of the dispute: %v", moved)
		}
		if why == "" && y.drafts > s.strays {
			why = "a draft order was left open"
		}
		if why == "" && s.expected != "" && (y.orders+y.canceled == 1) != (s.expected == "sold") {
			why = "expected to be " + s.expected
		}
		if why != "" {
			failures = append(failures, w.tell(s, why, y))
		}
		v.sold += y.orders + y.canceled
		v.unsold += 1 - min(y.orders+y.canceled, 1)
		v.deeds += s.deeds
		v.litter += y.drafts
	}
	return v, failures
}

// tell is all that is known of a failure, and how to see it again.
func (w *crashWorld) tell(s *schedule, why string, y tally) string {
	text := fmt.Sprintf("%s\n  %s: %+v, quoted %d\n%s\n%s", s.describe(), why, y, s.session.total(), traces([]*schedule{s}), w.stderr.about(s.session.ID))
	if test, _, _ := strings.Cut(w.t.Name(), "/"); s.seed != 0 {
		text += fmt.Sprintf("\nreplay: ACP_CRASH_SEED=%d ACP_CRASH_ENGINE=%s go test -run %s ./app", s.seed, w.engine, test)
	}
	return text
}

func traces(batch []*schedule) string {
	var lines []string
	for _, s := range batch {
		s.mu.Lock()
		lines = append(lines, fmt.Sprintf("  %s, checkout %d, session %s", s.told, s.number, s.session.ID))
		for _, l := range s.trace {
			lines = append(lines, "    "+l)
		}
		s.mu.Unlock()
	}
	return strings.Join(lines, "\n")
}
