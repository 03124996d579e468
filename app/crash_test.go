package app

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/app/store/storetest"
)

// What is proved here: a process that is killed at any moment neither loses
// money nor takes it twice. It is a process of its own, this same binary, with
// the real app on a real database; the stand-ins for Shopify, Stripe and the
// agent live on in the test, which kills it with SIGKILL. However it goes on,
// there is in the end one order and one capture of the quoted amount, or no
// order and nothing held, seen from outside: in the books of the stand-ins.

// onCrashEngines runs a test on each engine, side by side.
func onCrashEngines(t *testing.T, test func(t *testing.T, w *crashWorld)) {
	t.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			if only := os.Getenv("ACP_CRASH_ENGINE"); only != "" && only != engine {
				t.Skip("ACP_CRASH_ENGINE asks for " + only)
			}
			if engine == "postgres" {
				storetest.NeedPostgres(t)
			}
			t.Parallel()
			test(t, newCrashWorld(t, engine))
		})
	}
}

// scenarios are the ways through the saga whose every point is died at.
var scenarios = []struct {
	name    string
	commits int // variants of each, where it is killed at those, too
	plan    plan
}{
	{"a sale", 2, plan{card: "pm_card_visa", expected: "sold"}},
	{"an order that the shop refuses", 1, plan{card: "pm_card_visa", refuses: "mutation DraftComplete", expected: "not sold"}},
	{"a draft that the shop refuses", 0, plan{card: "pm_card_visa", refuses: "mutation DraftCreate", expected: "not sold"}},
	{"a card that wants 3DS", 0, plan{card: "pm_card_threeDSecure2Required", expected: "not sold"}},
	{"a sale at the till", 0, plan{till: true, card: "good", expected: "sold"}},
	{"money back at the till", 1, plan{till: true, card: "good", refuses: "mutation DraftComplete", expected: "not sold"}},
	{"3DS that is confirmed", 0, plan{card: "pm_card_threeDSecure2Required", confirms: 1, expected: "sold"}},
	{"a purchase that staff approve", 1, plan{held: true, staff: []string{"approve"}, card: "pm_card_visa", expected: "sold"}},
	{"a purchase that staff refuse", 1, plan{held: true, staff: []string{"refuse"}, card: "pm_card_visa", expected: "not sold"}},
	{"a purchase that staff leave", 0, plan{held: true, card: "pm_card_visa", expected: "not sold"}},
	{"a purchase that is canceled while staff look at it", 1, plan{held: true, staff: []string{"cancel"}, card: "pm_card_visa", expected: "not sold"}},
	{"an approved order that the shop refuses", 0, plan{held: true, staff: []string{"approve"}, card: "pm_card_visa", refuses: "mutation DraftComplete", expected: "not sold"}},
	{"a card holder whom the agent authenticates", 1, plan{card: "pm_card_threeDSecure2Required", proves: "authenticated", expected: "sold"}},
	{"a card holder who denies", 0, plan{card: "pm_card_threeDSecure2Required", proves: "denied", expected: "not sold"}},
	{"a refund in the shop", 1, plan{card: "pm_card_visa", news: true, after: []deed{shopRefund}, expected: "sold"}},
	{"a refund at the provider", 1, plan{card: "pm_card_visa", news: true, after: []deed{providerRefund}, expected: "sold"}},
	{"refunds on both sides at once", 0, plan{card: "pm_card_visa", news: true, after: []deed{shopRefund, providerRefund}, hasty: true, expected: "sold"}},
	{"a refund in the shop of what the till took", 0, plan{till: true, card: "good", news: true, after: []deed{shopRefund}, expected: "sold"}},
	{"an order that is canceled", 1, plan{card: "pm_card_visa", news: true, after: []deed{shopCancel}, expected: "sold"}},
	{"a disputed payment", 1, plan{card: "pm_card_visa", news: true, after: []deed{bankDispute}, expected: "sold"}},
	{"a card that is declined", 0, plan{card: "pm_card_chargeDeclined", expected: "not sold"}},
}

// wanted: ACP_CRASH_SCENARIO plays those alone whose name has it.
func wanted(name string) bool { return strings.Contains(name, os.Getenv("ACP_CRASH_SCENARIO")) }

// TestCrashAtEveryCall kills the process before and after each foreign call
// took effect, with Stripe's keys kept or pruned, and with an agent that comes
// back or does not.
func TestCrashAtEveryCall(t *testing.T) {
	inFull(t)
	onCrashEngines(t, func(t *testing.T, w *crashWorld) {
		for i, scenario := range scenarios {
			if handful() && i > 0 || !wanted(scenario.name) {
				continue // the sale alone
			}
			sale, calls, _ := w.points(scenario.plan)
			if scenario.plan.confirms > 0 {
				calls = confirmedCalls
			}
			var plans []plan
			for at := sale + 1; at <= calls; at++ {
				for _, after := range []bool{false, true} {
					four := variants(scenario.plan, func(p *plan) {
						p.deaths[p.confirms] = &death{at, after} // the way goes on from there
						p.told = fmt.Sprintf("%s, killed at call %d", scenario.name, at)
					})
					switch {
					case handful():
						four = four[at%4:][:1]
					case len(scenario.plan.after) > 0: // the calls are many
						four = four[(at+len(plans))%4:][:1]
					case scenario.plan.others():
						four = []plan{four[at%2], four[3-at%2]}
					}
					plans = append(plans, four...)
				}
			}
			begun := time.Now()
			for batch := range slices.Chunk(plans, batchSize) {
				report(t)(w.play(batch...))
			}
			t.Logf("%s: %d calls, %d schedules, %s", scenario.name, calls-sale, len(plans), time.Since(begun).Round(time.Second))
		}
	})
}

// confirmedCalls is more than the foreign calls that follow when a card holder
// has confirmed.
const confirmedCalls = 14

// TestCrashAtEveryCommit kills the process before and after each commit.
func TestCrashAtEveryCommit(t *testing.T) {
	if handful() {
		t.Skip("a process per commit takes minutes: -run Crash asks for it, without the race detector")
	}
	onCrashEngines(t, func(t *testing.T, w *crashWorld) {
		for _, scenario := range scenarios {
			if scenario.commits == 0 || !wanted(scenario.name) {
				continue
			}
			_, _, commits := w.points(scenario.plan)
			var plans []plan
			for at := 1; at <= commits; at++ {
				for _, after := range []bool{false, true} {
					four := variants(scenario.plan, func(p *plan) {
						p.commit = &death{at, after}
						p.told = fmt.Sprintf("%s, killed at commit %d", scenario.name, at)
						if len(p.tries[lives]) == 0 {
							p.expected = "" // the request may have died before it was known
						}
					})
					two := []plan{four[at%2], four[3-at%2]}
					if scenario.commits == 1 {
						two = two[at/2%2:][:1]
					}
					plans = append(plans, two...)
				}
			}
			begun, played, deaths := time.Now(), 0, 0
			for batch := range slices.Chunk(plans, batchSize) {
				v, failures := w.playCommits(batch...)
				report(t)(v, failures)
				played, deaths = played+len(batch), deaths+v.deaths
				if v.deaths == 0 {
					break // a slow machine makes more commits than others: it asks again who has a lease
				}
			}
			if deaths < played/2 {
				t.Errorf("%s: the process died %d times in %d schedules", scenario.name, deaths, played)
			}
			t.Logf("%s: %d commits, %d schedules, %d deaths, %s", scenario.name, commits, played, deaths, time.Since(begun).Round(time.Second))
		}
	})
}

// points counts the foreign calls and commits of a plan that nothing befalls;
// sale is how many of the calls come before what follows an order.
func (w *crashWorld) points(p plan) (sale, calls, commits int) {
	w.t.Helper()
	p.tries[0], p.pace, p.told = []try{{}}, paces[0], "counting"
	w.begin(p)
	batch := w.openAll([]plan{p})
	batch[0].commit = &death{} // never reached
	w.upTo(batch[0], batch)
	w.steer("/commits", nil, &commits)
	batch[0].enter(lives)
	batch[0].expected = "" // nobody confirms here
	report(w.t)(w.end(batch))
	sale, calls = batch[0].sale, batch[0].calls
	if calls < sale+3 || commits < 3 {
		w.t.Fatalf("only %d foreign calls, %d of them before the order was paid, and %d commits\n%s", calls, sale, commits, traces(batch))
	}
	return sale, calls, commits
}

// variants of a plan: keys kept or pruned, an agent that comes back or not.
func variants(p plan, change func(*plan)) (four []plan) {
	for _, prune := range []bool{false, true} {
		for _, back := range []bool{true, false} {
			v := p
			v.pace, v.tries[0], v.prune = paces[0], []try{{}}, [lives]bool{prune, prune}
			if back {
				v.tries[1], v.tries[lives] = []try{{}}, []try{{}}
			}
			change(&v)
			four = append(four, v)
		}
	}
	return four
}

func report(t *testing.T) func(verdict, []string) {
	return func(_ verdict, failures []string) {
		t.Helper()
		for _, f := range failures {
			t.Error(f)
		}
	}
}

// TestCrashSchedules plays seeded schedules that mix crashes, throttles, 5xx,
// timeouts and concurrent duplicates. ACP_CRASH_SEED replays one alone,
// ACP_CRASH_FIRST and ACP_CRASH_SCHEDULES say which and how many.
func TestCrashSchedules(t *testing.T) {
	inFull(t)
	onCrashEngines(t, func(t *testing.T, w *crashWorld) {
		first, count := number(t, "ACP_CRASH_FIRST", 1), number(t, "ACP_CRASH_SCHEDULES", schedules())
		if seed := number(t, "ACP_CRASH_SEED", 0); seed != 0 {
			first, count = seed, 1
		}
		begun, played := time.Now(), 0
		var sum verdict
		for _, batch := range batches(first, count) {
			if ends, ok := t.Deadline(); ok && time.Until(ends) < 30*time.Second {
				t.Fatalf("%d of %d schedules in the time of -timeout", played, count)
			}
			v, failures := w.play(batch...)
			report(t)(v, failures)
			sum.add(v)
			played += len(batch)
		}
		t.Logf("%d schedules: %d sold, %d not sold, %d refunds, cancellations and disputes, %d drafts left open, %s",
			played, sum.sold, sum.unsold, sum.deeds, sum.litter, time.Since(begun).Round(time.Second))
	})
}

func schedules() uint64 {
	if handful() {
		return 8
	}
	return 1000
}

// handful: all of it takes half an hour, and with the race detector more than
// one, so it is played where -run asks for it by name, as in .ci/run, and
// without the detector.
func handful() bool {
	return raceDetector || !strings.Contains(flag.Lookup("test.run").Value.String(), "Crash")
}

func number(t *testing.T, variable string, otherwise uint64) uint64 {
	t.Helper()
	raw := os.Getenv(variable)
	if raw == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(raw, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

func (v *verdict) add(o verdict) {
	v.sold, v.unsold, v.litter, v.deeds = v.sold+o.sold, v.unsold+o.unsold, v.litter+o.litter, v.deeds+o.deeds
}

const batchSize = 20

// company is what the plans of one batch must have in common: time, the
// merchant's rules, and whether webhooks arrive.
type company struct {
	pace       time.Duration
	held, news bool
}

// batches puts seeds together that suit each other; one in each may kill the
// process by itself.
func batches(first, count uint64) (all [][]plan) {
	open := map[company][]plan{}
	kills := map[company]bool{}
	var seen []company
	for seed := first; seed < first+count; seed++ {
		p := planned(seed)
		c := company{p.pace, p.held, p.news}
		if !slices.Contains(seen, c) {
			seen = append(seen, c)
		}
		if len(open[c]) == batchSize || p.commit != nil && kills[c] {
			all, open[c], kills[c] = append(all, open[c]), nil, false
		}
		open[c] = append(open[c], p)
		kills[c] = kills[c] || p.commit != nil
	}
	for _, c := range seen {
		if len(open[c]) > 0 {
			all = append(all, open[c])
		}
	}
	return all
}
