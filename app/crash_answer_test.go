package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/sync/errgroup"
)

// answer lets those outside do what a checkout waits for, once in each life: the
// agent has its card holder authenticated, staff decide. It returns when all
// that follows has come to rest, too.
func (w *crashWorld) answer(batch []*schedule, life int) {
	w.t.Helper()
	for w.answered(batch, life) {
		w.quiet(batch)
	}
}

// answered reports whether anybody had something to do.
func (w *crashWorld) answered(batch []*schedule, life int) bool {
	w.t.Helper()
	asked := make([]bool, len(batch))
	group := new(errgroup.Group)
	group.SetLimit(4)
	for i, s := range batch {
		if !s.answers(life) || s.still() || !w.alive() {
			continue
		}
		group.Go(func() error {
			asked[i] = s.reply(w.t.Context(), w)
			return nil
		})
	}
	group.Wait() //nolint:errcheck // a process that died meanwhile answers nothing
	for _, a := range asked {
		if a {
			return true
		}
	}
	return false
}

// answers reports whether anybody takes part in this life beside the agent's
// requests to complete.
func (s *schedule) answers(life int) bool {
	return s.proves != "" || s.held && life >= s.decides || s.deeds < len(s.after)
}

// still reports whether the checkout stands still before its process's death.
func (s *schedule) still() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.frozen
}

// reply reads what the checkout waits for and sends it.
func (s *schedule) reply(ctx context.Context, w *crashWorld) bool {
	seen, err := w.request(ctx, http.MethodGet, w.app+"/checkout_sessions/"+s.session.ID, "", nil)
	if err != nil {
		return false
	}
	status := fmt.Sprint(seen.Body["status"])
	if status == "completed" {
		return s.act(ctx, w)
	}
	switch {
	case s.proves != "" && status == "authentication_required":
		if !s.once("result") {
			return false
		}
		s.complete(ctx, w, w.app, "the result", "proof", withResult(s.tokens[0], s.proves))
	case status == "pending_approval" && s.held && s.life >= s.decides:
		if !s.once("decision") {
			return false
		}
		for _, deed := range s.staff {
			s.decide(ctx, w, deed)
		}
	default:
		return false
	}
	return true
}

// once is true for the first time in a life.
func (s *schedule) once(what string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := !s.replied[what]
	s.replied[what] = true
	return first
}

// decide is what staff do about a purchase that is held for them, or its agent.
func (s *schedule) decide(ctx context.Context, w *crashWorld, deed string) {
	s.send(ctx, deed, func(ctx context.Context) (reply, error) {
		if deed == "cancel" {
			return w.request(ctx, http.MethodPost, w.app+"/checkout_sessions/"+s.session.ID+"/cancel", fmt.Sprintf("recall-%d", s.number), map[string]any{})
		}
		a, err := w.staff(ctx, "/app/reviews/"+s.session.ID, url.Values{"decision": {deed}})
		a.Raw = ""
		return a, err
	})
}

// staff post a form of the dashboard.
func (w *crashWorld) staff(ctx context.Context, path string, form url.Values) (reply, error) {
	admin, err := w.request(ctx, http.MethodGet, w.around.shop.AdminURL(), "", nil)
	if err != nil {
		return reply{}, err
	}
	found := idToken.FindStringSubmatch(admin.Raw)
	if len(found) != 2 {
		return reply{}, fmt.Errorf("the admin gives no token: %d %s", admin.Status, admin.Raw)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(w.app, "/acp")+path, strings.NewReader(form.Encode()))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+found[1])
	resp, err := w.client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	return reply{Status: resp.StatusCode, Raw: string(page)}, err
}

// rule has purchases of more than one piece held for staff, for an hour, or
// none. Every checkout of a batch is under the same rules.
func (w *crashWorld) rule(held bool) {
	w.t.Helper()
	if w.held == held {
		return
	}
	rules := url.Values{}
	if held {
		rules = url.Values{"quantity": {"1"}, "quantity_then": {"review"}, "review_hours": {"1"}}
	}
	if a, err := w.staff(w.t.Context(), "/app/acceptance", rules); err != nil || a.Status != http.StatusOK {
		w.t.Fatalf("rules: %v %d %s", err, a.Status, a.Raw)
	}
	w.held = held
}
