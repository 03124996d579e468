package handlers

import (
	"crypto/rand"
	"testing"
	"time"
)

// Later claims sort behind earlier ones, and no two are alike.
func TestClaimsSortByTime(t *testing.T) {
	at := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	before := claimID(at, rand.Text())
	for range 1000 {
		at = at.Add(16 * time.Millisecond)
		id := claimID(at, rand.Text())
		if id <= before || len(id) != 26 {
			t.Fatalf("%s after %s", id, before)
		}
		before = id
	}
	if a, b := claimID(at, rand.Text()), claimID(at, rand.Text()); a == b || a[:timeDigits] != b[:timeDigits] {
		t.Errorf("at one moment: %s and %s", a, b)
	}
}
