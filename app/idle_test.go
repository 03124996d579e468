package app

import (
	"net/http"
	"testing"
)

// idle waits until nothing that has happened so far is on its way to the app or
// due in its queue: only then does nobody read between two steps of a test. It
// is not for a sandbox in which something fails and is tried again.
func (s *sandbox) idle(t *testing.T, r *running) {
	t.Helper()
	calm := 0
	eventually(t, "nothing is under way", func() bool {
		before := r.undelivered(t)
		var due int
		err := s.bridge.database.SQL().QueryRowContext(t.Context(),
			"SELECT count(*) FROM river_job WHERE state IN ('available', 'running', 'retryable')").Scan(&due)
		if err != nil {
			t.Fatal(err)
		}
		calm++
		if before+due+r.undelivered(t) > 0 {
			calm = 0
		}
		return calm == 3
	})
}

// undelivered counts the webhooks and events that the stand-ins have yet to send.
func (r *running) undelivered(t *testing.T) int {
	t.Helper()
	var shop struct {
		Webhooks struct{ Due int } `json:"webhooks"`
	}
	r.send(t, http.MethodGet, r.ShopifyURL+"/_sandbox/state", "", "", nil).decode(t, &shop)
	return shop.Webhooks.Due + r.aftermath(t).Events.Due
}
