package handlers

import (
	"container/list"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"
)

// mostCallers bounds the memory of a throttle. Whoever is forgotten starts
// afresh, which favours the caller.
const mostCallers = 10_000

// throttle counts calls per caller and remembers those who called last.
type throttle struct {
	rate Rate
	now  func() time.Time

	mu      sync.Mutex
	callers map[string]caller
	recent  *list.List // of names, newest first
}

type caller struct {
	limiter *rate.Limiter
	place   *list.Element
}

func newThrottle(r Rate, now func() time.Time) *throttle {
	return &throttle{rate: r, now: now, callers: map[string]caller{}, recent: list.New()}
}

// wait counts a call and returns zero, or how long the caller should wait.
func (t *throttle) wait(name string) time.Duration {
	limiter, now := t.limiter(name), t.now()
	if limiter.AllowN(now, 1) {
		return 0
	}
	reserved := limiter.ReserveN(now, 1)
	defer reserved.CancelAt(now)
	return max(reserved.DelayFrom(now), time.Second)
}

func (t *throttle) limiter(name string) *rate.Limiter {
	t.mu.Lock()
	defer t.mu.Unlock()
	if known, ok := t.callers[name]; ok {
		t.recent.MoveToFront(known.place)
		return known.limiter
	}
	if t.recent.Len() >= mostCallers {
		if oldest, ok := t.recent.Remove(t.recent.Back()).(string); ok {
			delete(t.callers, oldest)
		}
	}
	fresh := caller{limiter: rate.NewLimiter(rate.Limit(t.rate.PerSecond), t.rate.Burst), place: t.recent.PushFront(name)}
	t.callers[name] = fresh
	return fresh.limiter
}

// throttleConnection bounds what one agent connection may ask for.
func (a *app) throttleConnection(c *gin.Context) {
	who, _ := callerOf(c)
	if wait := a.byConnection.wait(string(who.Connection.ID)); wait > 0 {
		a.refuse(c, tooMany(wait))
	}
}

// throttleAddress bounds what one network address may ask for without
// authenticating.
func (a *app) throttleAddress(c *gin.Context) {
	if wait := a.byAddress.wait(network(c.ClientIP())); wait > 0 {
		setRetryAfter(c, wait)
		c.Abort()
		c.String(http.StatusTooManyRequests, "Too many requests. Try again in a moment.\n")
	}
}

// throttlePublic does the same where programs read, in the protocol's terms.
func (a *app) throttlePublic(c *gin.Context) {
	if wait := a.byAddress.wait(network(c.ClientIP())); wait > 0 {
		a.speakVersion(c)
		a.refuse(c, tooMany(wait))
	}
}

// network is the address, or for IPv6 its /64: one customer has a whole one.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	prefix, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}

func tooMany(wait time.Duration) problem {
	return problem{
		Status: http.StatusTooManyRequests, Type: invalidRequest, Code: "rate_limited",
		Message: "too many requests; wait as long as Retry-After says", RetryAfter: wait,
	}
}
