package handlers

import (
	"strconv"
	"testing"
	"time"
)

func TestAThrottleForgetsWhoCalledLongestAgo(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	limits := newThrottle(Rate{PerSecond: 1, Burst: 1}, func() time.Time { return now })
	for i := range mostCallers + 10 {
		limits.wait(strconv.Itoa(i))
	}
	if len(limits.callers) != mostCallers || limits.recent.Len() != mostCallers {
		t.Errorf("%d callers and %d names are kept", len(limits.callers), limits.recent.Len())
	}
	if limits.wait(strconv.Itoa(mostCallers+9)) == 0 {
		t.Error("the newest caller was forgotten")
	}
	if limits.wait("0") != 0 {
		t.Error("a forgotten caller is held up")
	}
}

func TestAnIPv6CustomerIsOneCaller(t *testing.T) {
	for address, want := range map[string]string{
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "2001:db8:1:2::1": "2001:db8:1:2::/64",
		"203.0.113.9": "203.0.113.9", "::ffff:203.0.113.9": "::ffff:203.0.113.9", "fe80::1%eth0": "fe80::/64", "": "",
	} {
		if got := network(address); got != want {
			t.Errorf("%q counts as %q", address, got)
		}
	}
}
