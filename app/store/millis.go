package store

import "time"

// toMillis is how a moment is stored in a column: milliseconds since 1970 in
// UTC, because textual times with unequal fractions or zones sort wrongly. The
// zero time is 0.
func toMillis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
