package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

// schedule is one checkout while its plan befalls it.
type schedule struct {
	plan
	number  int // of all checkouts in this world; part of its marks and keys
	session checkoutSession
	tokens  [2]string

	mu      sync.Mutex
	armed   bool // before that, it is being opened
	healed  bool // from then on nothing fails
	life    int
	calls   int    // foreign calls so far
	events  int    // of a seed, those to the agent: they race with the others and are counted apart
	lived   int    // those of this life that the process made which dies at its end
	doomed  string // that process, where there are two
	frozen  bool
	thaw    chan struct{} // closed when the process does not die but goes on; nil: never
	asking  int           // requests without an answer
	hangUp  []context.CancelFunc
	replied map[string]bool // what those outside have answered in this life
	cancels func()          // sends the agent's cancel request
	markers []string
	sold    bool // the agent was told so

	deeds    int // how many of plan.after are done
	sale     int // foreign calls before the first
	refunds  int // that were made, on either side, and their sum
	refunded int64
	canceled bool
	disputed bool

	strays int // drafts whose making was not answered: the shop's search finds them a second later
	trace  []string
}

func (s *schedule) note(format string, values ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trace = append(s.trace, fmt.Sprintf("life %d: ", s.life)+fmt.Sprintf(format, values...))
}

// fate is what becomes of one foreign call.
type fate struct {
	mode        string
	dies, after bool
	thaw        <-chan struct{}
}

// nextCall counts a call and looks up what befalls it; from is which of two
// processes it comes from. The agent's calls do not say so, and never die alone.
func (s *schedule) nextCall(operation, from string) (f fate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.armed {
		return fate{}
	}
	n := &s.calls
	if s.seed != 0 && strings.HasPrefix(operation, "agent ") {
		n = &s.events
	}
	*n++
	if n == &s.calls && from == s.doomed {
		s.lived++
	}
	f = s.fate(operation, from == s.doomed)
	f.thaw = s.thaw
	stalls := f.dies && !f.after && s.thaw != nil
	if strings.HasSuffix(operation, "DraftCreate") && (stalls || f.mode == standin.DropAfter || f.mode == standin.HTTP500After || f.mode == lateAfter) {
		s.strays++
	}
	line := fmt.Sprintf("life %d: #%d %s %s", s.life, *n, strings.TrimSpace(from+" "+operation), f.mode)
	if f.dies {
		line += fmt.Sprintf(" killed here, after it took effect: %t", f.after)
	}
	s.trace = append(s.trace, line)
	return f
}

func (s *schedule) fate(operation string, doomed bool) fate {
	refused := ""
	if s.refuses != "" && strings.HasSuffix(operation, s.refuses) {
		refused = standin.UserError
	}
	if s.healed {
		return fate{mode: refused}
	}
	if s.seed != 0 && strings.HasPrefix(operation, "agent ") {
		return fate{mode: s.deaf[s.events], dies: s.frozen && doomed}
	}
	s.agentActs()
	if s.frozen && doomed { // somebody else carries the same checkout on: it dies with it
		return fate{dies: true}
	}
	if s.life < lives && doomed {
		if d := s.deaths[s.life]; d != nil && s.lived == d.at {
			s.frozen = true
			return fate{mode: refused, dies: true, after: d.after}
		}
	}
	switch mode := s.faults[s.calls]; {
	case refused != "":
		return fate{mode: refused}
	case mode == standin.UserError && !mayRefuse(operation):
		return fate{mode: standin.Throttle}
	default:
		return fate{mode: mode}
	}
}

// agentActs lets the agent lose its patience at a call.
func (s *schedule) agentActs() {
	if s.calls == s.giveUp {
		for _, hangUp := range s.hangUp {
			hangUp()
		}
	}
	if s.calls == s.cancel && s.cancels != nil {
		go s.cancels()
	}
}

// begins a life.
func (s *schedule) enter(life int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.life, s.lived, s.frozen, s.asking, s.hangUp, s.replied = life, 0, false, 0, nil, map[string]bool{}
	s.healed = life == lives
}

// idle reports whether the agent waits for nothing that can still come.
func (s *schedule) idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.frozen || s.asking == 0
}

// holds reports whether something that is being worked on stands still for good.
func (s *schedule) holds(busy string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.frozen {
		return false
	}
	for _, m := range s.markers {
		if strings.HasPrefix(m, orderMark) {
			m = numericTail(m) // as webhooks name it
		}
		if strings.Contains(busy, m) {
			return true
		}
	}
	return false
}

// marked are the names by which the books know the checkout: its session, and
// once there is an order, that and its payment, too.
func (s *schedule) marked() []string {
	marked := []string{s.session.ID}
	if len(s.after) == 0 {
		return marked
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.markers {
		switch {
		case strings.HasPrefix(m, orderMark):
			marked = append(marked, numericTail(m))
		case strings.HasPrefix(m, "pi_"):
			marked = append(marked, m)
		}
	}
	return marked
}

// begin sends the agent's requests of this life, all at once.
func (s *schedule) begin(ctx context.Context, w *crashWorld) {
	for _, t := range s.tries[s.life] {
		s.ask(ctx, w, w.app, t)
	}
}

func (s *schedule) payment(token string) map[string]any {
	if s.till {
		return tillPayment(token)
	}
	return payment(token)
}

func (s *schedule) ask(ctx context.Context, w *crashWorld, at string, t try) {
	s.complete(ctx, w, at, fmt.Sprintf("complete %v", t), fmt.Sprint(t.key), s.payment(s.tokens[t.token]))
}

func (s *schedule) complete(ctx context.Context, w *crashWorld, at, what, key string, body any) {
	s.send(ctx, what, func(ctx context.Context) (reply, error) {
		return w.request(ctx, http.MethodPost, at+"/checkout_sessions/"+s.session.ID+"/complete", fmt.Sprintf("crash-%d-%s", s.number, key), body)
	})
}

// send sends a request of those outside and does not wait for its answer.
func (s *schedule) send(ctx context.Context, what string, request func(context.Context) (reply, error)) {
	ctx, cancel := context.WithCancel(ctx)
	s.mu.Lock()
	s.asking++
	life := s.life
	s.hangUp = append(s.hangUp, cancel)
	s.mu.Unlock()
	go func() {
		defer cancel()
		answer, err := request(ctx)
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.life == life {
			s.asking--
		}
		if err != nil {
			s.trace = append(s.trace, fmt.Sprintf("life %d: %s: no answer", life, what))
			return
		}
		var told checkoutSession
		if json.Unmarshal([]byte(answer.Raw), &told) == nil && told.Status == "completed" {
			s.sold = true
		}
		s.trace = append(s.trace, fmt.Sprintf("life %d: %s: %d %s %v", life, what, answer.Status, told.Status, answer.Body["code"]))
	}()
}
