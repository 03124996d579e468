package acp

import (
	"testing"
	"time"
)

func TestAnEventInOtherHandsIsLookedAtSoonAndOneThatIsNotDueLater(t *testing.T) {
	for wait, want := range map[time.Duration]time.Duration{
		0:                      time.Second,
		deliveryLease:          2 * time.Second, // another worker has just taken it
		deliveryLease + 1:      deliveryLease + 1,
		6 * time.Hour:          6 * time.Hour,
		500 * time.Millisecond: time.Second,
	} {
		if got := lookAgain(wait); got != want {
			t.Errorf("lookAgain(%s) = %s, want %s", wait, got, want)
		}
	}
}
