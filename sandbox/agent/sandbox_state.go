package agent

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const longestWait = time.Minute

// showState answers GET /_sandbox/state. With ?wait=5s&min_events=N it answers as soon
// as N events have arrived, or with what there is when the wait is over.
func (s *Server) showState(w http.ResponseWriter, r *http.Request) {
	wait, least, err := waitFor(r)
	if err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
		return
	}
	s.await(r.Context(), wait, least)
	s.mu.Lock()
	events, pushes := append([]Event{}, s.books.Events...), append([]Push{}, s.books.Pushes...)
	s.mu.Unlock()
	writeJSON(w, http.StatusOK, map[string]any{"events": events, "feeds": pushes})
}

func waitFor(r *http.Request) (wait time.Duration, least int, err error) {
	query := r.URL.Query()
	if v := query.Get("wait"); v != "" {
		if wait, err = time.ParseDuration(v); err != nil || wait < 0 || wait > longestWait {
			return 0, 0, fmt.Errorf("wait is a duration up to %s", longestWait)
		}
	}
	if v := query.Get("min_events"); v != "" {
		if least, err = strconv.Atoi(v); err != nil || least < 0 {
			return 0, 0, fmt.Errorf("min_events is a count")
		}
	}
	return wait, least, nil
}

func (s *Server) await(ctx context.Context, wait time.Duration, least int) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		list, changed := s.Events()
		if len(list) >= least {
			return
		}
		select {
		case <-changed:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		case <-s.closing.Done():
			return
		}
	}
}
