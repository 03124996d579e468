package handlers

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
)

const replayedHeader = "Idempotent-Replayed"

// operation carries out one keyed request and encodes what came of it. Its
// context outlives the client's connection.
type operation func(ctx context.Context, c *gin.Context, who acp.Caller, body []byte) answer

// once carries an operation out at most once per idempotency key (checkout
// RFC, section 6): it claims the key, replays a stored answer, or does the
// work and stores its answer.
//
// An operation that does nothing but keep a new session is carried out lightly.
// The others, which may reach out to the shop or to a payment provider, find
// their claim on the disk before they begin.
func (a *app) once(do operation) gin.HandlerFunc        { return a.keyed(do, false) }
func (a *app) lightlyOnce(do operation) gin.HandlerFunc { return a.keyed(do, true) }

func (a *app) keyed(do operation, light bool) gin.HandlerFunc {
	return func(c *gin.Context) {
		body, p := readBody(c)
		if p == nil {
			p = checkKey(c)
		}
		if p != nil {
			a.refuse(c, *p)
			return
		}
		wanted, err := a.newClaim(c, body)
		if err != nil {
			a.refuse(c, a.problemOf(c, err))
			return
		}
		wanted.Light = light
		claim, err := a.claim(c, wanted)
		switch {
		case err != nil:
			a.refuse(c, a.problemOf(c, err))
		case claim.Owner == wanted.Owner:
			a.carryOut(c, claim, claim.ID == wanted.ID, body, do)
		case claim.State == acp.Done:
			replay(c, claim)
		default:
			a.refuse(c, inFlight)
		}
	}
}

// replay gives the original answer, in the protocol version and the language
// in which it was given: with the headers, too, that belong to its body.
func replay(c *gin.Context, claim acp.Claim) {
	original := answer{status: claim.Status, body: claim.Body, language: claim.Language}
	if claim.Status == http.StatusMethodNotAllowed {
		original.allow = http.MethodOptions // see problemOf
	}
	c.Header(versionHeader, claim.Version)
	c.Header(replayedHeader, "true")
	original.write(c)
}

// claim takes the key, also when the client hangs up at this moment: a claim
// that is made must be known to be ours, or it would lie until its lease ends.
func (a *app) claim(c *gin.Context, wanted acp.Claim) (acp.Claim, error) {
	bounded, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), settleTime)
	defer cancel()
	return a.Claims.Claim(bounded, wanted, a.Now())
}

var inFlight = problem{
	Status: http.StatusConflict, Type: invalidRequest, Code: "idempotency_in_flight", RetryAfter: 2 * time.Second,
	Message: "the first request with this Idempotency-Key is still being carried out; send it again later",
}

func (a *app) newClaim(c *gin.Context, body []byte) (acp.Claim, error) {
	who, _ := callerOf(c)
	method, path := c.Request.Method, c.Request.URL.Path
	fingerprint, err := wire.Fingerprint(method, path, body)
	if err != nil {
		return acp.Claim{}, err
	}
	now := a.Now()
	return acp.Claim{
		ID: claimID(now, a.NewID()), Merchant: who.Merchant.ID, Connection: who.Connection.ID,
		Operation: method + " " + path, Key: c.GetHeader(keyHeader), Fingerprint: fingerprint, Version: string(versionOf(c)),
		State: acp.Claimed, Owner: a.NewID(), LeaseUntil: now.Add(a.ClaimLease), CreatedAt: now, ExpiresAt: now.Add(a.ClaimTTL),
	}, nil
}

// carryOut does the work and settles the claim, whatever the client does
// meanwhile. A claim that is not settled, also by a panic, is abandoned, so
// that the next request with the key carries on.
func (a *app) carryOut(c *gin.Context, claim acp.Claim, first bool, body []byte, do operation) {
	settled := false
	defer func() {
		if !settled {
			a.abandon(c, claim)
		}
	}()
	who, _ := callerOf(c)
	who.Claim, who.FirstTry = claim.ID, first
	c.Set(keyClaim, claim)
	budget, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), a.RequestBudget)
	defer cancel()
	release := a.hold(c, claim)
	defer release()
	result := do(budget, c, who, body)
	release()
	switch {
	case result.kept:
		settled = true
	case storable(result.status):
		settled = true
		result = a.keep(c, claim, result)
	}
	result.write(c)
}

// storable tells answers that stay true from those that a retry may better
// (checkout RFC 6.5: a 5xx is never stored).
func storable(status int) bool {
	return status < http.StatusInternalServerError && status != http.StatusConflict && status != http.StatusTooManyRequests
}

// keep stores the answer of work that is done already, for replays, and returns
// what to say now. When another request has taken the claim over, that one's
// answer will be the one that is kept, so this client is told to come back for
// it. When the store fails, the work is done all the same and the answer is
// true; a retry finds the work by the claim.
func (a *app) keep(c *gin.Context, claim acp.Claim, result answer) answer {
	bounded, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), settleTime)
	defer cancel()
	err := a.Claims.Answer(bounded, *a.answered(claim, result), result.status, result.body)
	if err == nil {
		return result
	}
	a.logProblem(c, slog.LevelError, "answer not stored", err)
	if acp.KindOf(err) == acp.KindStale {
		return inFlight.answer(versionOf(c))
	}
	return result
}

// answered is a claim as it is kept with its answer. The time for which it is
// kept counts from the answer (checkout RFC 6.6).
func (a *app) answered(claim acp.Claim, w answer) *acp.Claim {
	claim.Status, claim.Body, claim.Language, claim.ExpiresAt = w.status, w.body, w.language, a.Now().Add(a.ClaimTTL)
	return &claim
}

// claimOf is the claim that a keyed request carries out.
func claimOf(c *gin.Context) acp.Claim {
	claim, _ := c.Value(keyClaim).(acp.Claim)
	return claim
}

func (a *app) abandon(c *gin.Context, claim acp.Claim) {
	bounded, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), settleTime)
	defer cancel()
	if err := a.Claims.Abandon(bounded, claim); err != nil {
		a.logProblem(c, slog.LevelWarn, "claim not abandoned; its lease runs out by itself", err)
	}
}
