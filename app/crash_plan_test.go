package app

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// lives is how often the process runs while a schedule goes wrong: it is killed
// at the end of each. In the one after those nothing fails any more.
const lives = 2

// plan is what befalls one checkout. All of it is told by the seed and counted
// in the checkout's own foreign calls, never in anybody else's, so that it
// befalls a single checkout as it does one of a batch.
type plan struct {
	seed     uint64 // 0: made by hand
	till     bool   // paid at the provider that takes the money at once, not at Stripe
	card     string
	held     bool           // for staff, by the rules
	staff    []string       // what they do, all at once, while it is held: approve, refuse, or cancel, which the agent does; none: nothing
	decides  int            // the life from which on they do
	proves   string         // outcome of the authentication that the agent is asked for; empty: it cannot authenticate
	news     bool           // Shopify and Stripe send webhooks
	after    []deed         // to the order, once it is paid
	hasty    bool           // all at once
	confirms int            // the life at whose beginning the card holder whom the bank asked confirms; 0: never
	balks    bool           // and says no
	short    bool           // the token cannot pay the total
	refuses  string         // the operation that is refused for good
	faults   map[int]string // by foreign call of the checkout, counted from one
	deaf     map[int]string // faults of the agent, by its own count of calls
	deaths   [lives]*death
	commit   *death // die at this commit instead, in the first life
	prune    [lives]bool
	tries    [lives + 1][]try // what the agent sends at the beginning of each life
	giveUp   int              // the agent hangs up at this foreign call; 0: never
	cancel   int              // the agent cancels at this foreign call; 0: never
	pace     time.Duration    // that passes between lives
	told     string           // how it was made, for the trace
	expected string           // "sold" or "not sold" where nothing else may come of it
}

// death is where the process dies: at a foreign call or commit, counted from
// one from the beginning of the life, before or after it took effect.
type death struct {
	at    int
	after bool
}

func (d *death) String() string {
	if d == nil {
		return "none"
	}
	return fmt.Sprintf("%s %d", map[bool]string{false: "before", true: "after"}[d.after], d.at)
}

// try is one request to complete: which of the agent's keys and tokens it uses.
type try struct{ key, token int }

// modes of failure. The first few are the stand-ins' own; a late answer is one
// that the app stops waiting for.
const (
	lateBefore = "late_before"
	lateAfter  = "late_after"
	slow       = "slow"
)

var mixed = []string{
	"drop_before", "drop_after", "http_500", "http_500_after", "throttle", "throttle", "garbage",
	lateBefore, lateAfter, slow, slow, "user_error",
}

// agents fail in these ways; any 200 of theirs is a yes, whatever its body.
var agents = []string{"drop_before", "drop_after", "http_500", "throttle", lateBefore, lateAfter, slow}

// paces: a lease runs out between lives; so does the patience with an
// authorization; so do a day's idempotency keys and sessions.
var paces = []time.Duration{100 * time.Second, 11 * time.Minute, 25 * time.Hour}

func paceOf(seed uint64) time.Duration {
	switch seed % 10 {
	case 8:
		return paces[1]
	case 9:
		return paces[2]
	default:
		return paces[0]
	}
}

// planned makes the plan of a seed.
func planned(seed uint64) plan {
	r := rand.New(rand.NewPCG(seed, 0xACB))
	p := plan{seed: seed, card: "pm_card_visa", pace: paceOf(seed), faults: map[int]string{}, deaf: map[int]string{}}
	switch n := r.IntN(100); {
	case n < 7:
		p.card = "pm_card_chargeDeclined"
	case n < 14:
		p.card = "pm_card_threeDSecure2Required"
	case n < 19:
		p.short = true
	}
	if r.IntN(4) == 0 {
		p.till = true
		if p.card = "good"; r.IntN(10) == 0 {
			p.card = "declined"
		}
	}
	p.confirms, p.balks = r.IntN(lives+1), r.IntN(5) == 0
	share := []int{0, 10, 25, 50}[r.IntN(4)]
	for n := 1; n <= 40; n++ {
		if mode := mixed[r.IntN(len(mixed))]; r.IntN(100) < share {
			p.faults[n] = mode
		}
	}
	for n := 1; n <= 6; n++ {
		if mode := agents[r.IntN(len(agents))]; r.IntN(100) < share {
			p.deaf[n] = mode
		}
	}
	if first := (death{1 + r.IntN(16), r.IntN(2) == 0}); r.IntN(100) < 75 {
		p.deaths[0] = &first
	}
	if again := (death{1 + r.IntN(8), r.IntN(2) == 0}); r.IntN(100) < 40 {
		p.deaths[1] = &again
	}
	if seed%20 == 7 {
		p.deaths[0], p.commit = nil, &death{1 + r.IntN(14), r.IntN(2) == 0}
	}
	for life := range p.prune {
		p.prune[life] = r.IntN(100) < 40
	}
	p.tries[0] = duplicates0(r)
	p.returns(r)
	if r.IntN(100) < 15 {
		p.giveUp = 1 + r.IntN(12)
	}
	if r.IntN(100) < 10 {
		p.cancel = 1 + r.IntN(14)
	}
	p.told = fmt.Sprintf("seed %d", seed)
	p.involve(rand.New(rand.NewPCG(seed, 0xACB2)))
	return p
}

// involve has others take part: staff, who look at the purchase first, or an
// agent that can authenticate. They are drawn from a stream of their own, so
// that all else of a seed's plan stays what it was without them.
func (p *plan) involve(r *rand.Rand) {
	switch n := r.IntN(100); {
	case n < 30:
		p.held, p.decides = true, r.IntN(lives+1)
		p.staff = [][]string{
			{"approve"},
			{"approve"},
			{"approve"},
			{"approve"},
			{"refuse"},
			{"refuse"},
			{"cancel"},
			nil,
			{"approve", "approve"},
			{"approve", "refuse"},
			{"approve", "cancel"},
			{"refuse", "cancel"},
		}[r.IntN(12)]
	case n < 40 && !p.till:
		p.card = "pm_card_threeDSecure2Required"
		p.proves = []string{"authenticated", "authenticated", "authenticated", "attempt_acknowledged", "denied", "not_supported"}[r.IntN(6)]
	}
	if p.news = r.IntN(100) < 20; p.news && r.IntN(3) > 0 {
		p.follow(r)
	}
	if !p.others() {
		return
	}
	for life, most := range []int{30, 18} { // the way is longer
		if at := 1 + r.IntN(most); p.deaths[life] != nil {
			p.deaths[life].at = at
		}
	}
}

// follow has something done to the order: refunds of different amounts, because
// two of the same on both sides are taken for one.
func (p *plan) follow(r *rand.Rand) {
	ways := [][]deed{{shopRefund}, {shopRefund, secondRefund}, {shopCancel}, {shopRefund, shopCancel}}
	if !p.till {
		ways = append(ways, []deed{providerRefund}, []deed{providerRefund, shopRefund}, []deed{shopRefund, providerRefund}, []deed{bankDispute})
	}
	p.after, p.hasty = ways[r.IntN(len(ways))], r.IntN(2) == 0
}

// duplicates0 is the first request with its concurrent duplicates: with its
// key, with keys of their own, with tokens of their own.
func duplicates0(r *rand.Rand) []try {
	sent := []try{{}}
	for n := []int{0, 0, 0, 1, 2, 4}[r.IntN(6)]; n > 0; n-- {
		switch r.IntN(4) {
		case 0, 1:
			sent = append(sent, try{})
		case 2:
			sent = append(sent, try{key: n})
		case 3:
			sent = append(sent, try{key: n, token: 1})
		}
	}
	return sent
}

// returns is what the agent does after a crash.
func (p *plan) returns(r *rand.Rand) {
	how := r.IntN(100)
	for life := 1; life <= lives; life++ {
		switch {
		case how < 50:
			p.tries[life] = []try{{}}
		case how < 60:
			p.tries[life] = []try{{}, {}, {key: 5 + life}}
		case how < 70:
			p.tries[life] = []try{{key: 5 + life, token: 1}}
		}
	}
}

// others reports whether more than the agent and its buyer take part.
func (p plan) others() bool { return p.held || p.proves != "" || len(p.after) > 0 }

// again reports whether anything befalls the checkout in the second life; what a
// seed has in store for that is more than a death.
func (p plan) again() bool { return p.seed != 0 || p.deaths[1] != nil || p.confirms == 1 }

// describe is the plan in a line.
func (p plan) describe() string {
	parts := []string{
		p.told, p.card, fmt.Sprintf("at the till %t, confirmed in life %d (no: %t)", p.till, p.confirms, p.balks),
		fmt.Sprintf("killed %s, then %s, at commit %s", p.deaths[0], p.deaths[1], p.commit),
	}
	parts = append(parts, fmt.Sprintf("keys pruned %v, tries %v, gives up at %d, cancels at %d, pace %s", p.prune, p.tries, p.giveUp, p.cancel, p.pace))
	if p.held {
		parts = append(parts, fmt.Sprintf("held for staff, who do %v from life %d on", p.staff, p.decides))
	}
	if p.news {
		parts = append(parts, fmt.Sprintf("with webhooks; the order then is %v, at once: %t", p.after, p.hasty))
	}
	if p.proves != "" {
		parts = append(parts, "authenticated by the agent: "+p.proves)
	}
	for n := 1; n <= 40; n++ {
		if p.faults[n] != "" {
			parts = append(parts, fmt.Sprintf("%d:%s", n, p.faults[n]))
		}
	}
	return strings.Join(append(parts, fmt.Sprintf("agent %v", p.deaf)), "; ")
}
