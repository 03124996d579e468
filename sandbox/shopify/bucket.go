package shopify

import (
	"sync"
	"time"
)

// Rate limit of a shop on the Standard plan, in cost points. A Plus shop has tenfold
// (shopify.dev/docs/api/usage/limits).
const (
	bucketSize   = int64(2000)
	restoreRate  = int64(100) // per second
	plusFactor   = int64(10)
	maxQueryCost = int64(1000)
)

// bucket is the leaky bucket that query cost is taken from.
type bucket struct {
	now        func() time.Time
	size, rate int64
	mu         sync.Mutex
	have       int64 // thousandths of a point, so that restoring needs no fractions
	at         time.Time
}

func newBucket(now func() time.Time, plus bool) *bucket {
	b := &bucket{now: now, size: bucketSize, rate: restoreRate, at: now()}
	if plus {
		b.size, b.rate = b.size*plusFactor, b.rate*plusFactor
	}
	b.have = b.size * 1000
	return b
}

func (b *bucket) restore() {
	now := b.now()
	if passed := now.Sub(b.at); passed > 0 {
		b.have = min(b.have+b.rate*passed.Milliseconds(), b.size*1000)
		b.at = b.at.Add(passed.Truncate(time.Millisecond))
	}
}

func (b *bucket) take(points int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.restore()
	if b.have < points*1000 {
		return false
	}
	b.have -= points * 1000
	return true
}

func (b *bucket) giveBack(points int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.have = min(b.have+points*1000, b.size*1000)
}

// report is extensions.cost; actual is nil for a query that did not run.
func (b *bucket) report(requested int64, actual *int64) map[string]any {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.restore()
	return map[string]any{
		"requestedQueryCost": requested, "actualQueryCost": actual,
		"throttleStatus": map[string]any{
			"maximumAvailable": b.size, "currentlyAvailable": b.have / 1000, "restoreRate": b.rate,
		},
	}
}
