package app

import (
	"net/http"
	"testing"
	"time"
)

// TestTheHourlyPurgeForgetsAnswersWhoseTimeIsOver runs the app's own periodic
// work at a later hour.
func TestTheHourlyPurgeForgetsAnswersWhoseTimeIsOver(t *testing.T) {
	opened, r := startOpened(t, nil)
	b := *opened.bridge // another clock for the purge alone
	key, body := r.key(), cart(r.item(t), 1)
	first := r.send(t, http.MethodPost, r.ACPBaseURL+"/checkout_sessions", r.BearerToken, key, body)
	purge := func(after time.Duration) {
		t.Helper()
		b.world.Now = func() time.Time { return time.Now().Add(after) }
		for _, p := range b.periodic() {
			if p.Name == "purge_claims" && p.Every <= time.Hour {
				if err := p.Do(t.Context()); err != nil {
					t.Fatal(err)
				}
				return
			}
		}
		t.Fatal("nothing purges claims every hour")
	}
	purge(24 * time.Hour)
	again := r.send(t, http.MethodPost, r.ACPBaseURL+"/checkout_sessions", r.BearerToken, key, body)
	if again.Raw != first.Raw || again.Header.Get("Idempotent-Replayed") != "true" {
		t.Fatalf("forgotten within 24 hours: %s", again.Raw)
	}
	purge(claimTTL + time.Minute)
	later := r.send(t, http.MethodPost, r.ACPBaseURL+"/checkout_sessions", r.BearerToken, key, body)
	if later.Status != http.StatusCreated || later.Raw == first.Raw || later.Header.Get("Idempotent-Replayed") != "" {
		t.Errorf("after the purge: %d %s", later.Status, later.Raw)
	}
}
