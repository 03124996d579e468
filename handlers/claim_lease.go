package handlers

import (
	"context"
	"log/slog"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Every third of a lease it is prolonged, so that it survives two attempts
// that fail.
const leaseParts = 3

// hold keeps the claim ours for as long as the work takes, however slow the
// shop is; when the process dies it runs out soon. The returned function ends
// that.
func (a *app) hold(c *gin.Context, claim acp.Claim) (release func()) {
	if claim.Light { // it has no lease
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(c.Request.Context()))
	who := a.who(c) // the request's own context must not be touched from beside it
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for a.extendLater(ctx, claim, who) {
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

// extendLater waits for its time and prolongs the lease once. It reports
// whether there is a lease to prolong again.
func (a *app) extendLater(ctx context.Context, claim acp.Claim, who []slog.Attr) bool {
	select {
	case <-ctx.Done():
		return false
	case <-a.After(a.ClaimLease / leaseParts):
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	err := a.Claims.Extend(bounded, claim, a.Now().Add(a.ClaimLease))
	if err != nil {
		a.Log.LogAttrs(ctx, slog.LevelWarn, "lease of a request not extended", append(who, slog.Any("error", err))...)
	}
	return acp.KindOf(err) != acp.KindStale
}

// shortestLease leaves room for three attempts to extend that each take their
// whole time.
const shortestLease = leaseParts * settleTime

// settleTime is what taking a claim, extending it, or storing its answer, may
// take.
const settleTime = 5 * time.Second
