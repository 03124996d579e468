package handlers

import (
	"context"
	"errors"
	"log/slog"
	"regexp"

	"github.com/gin-gonic/gin"
)

// Names under which a request carries what earlier steps found out.
const (
	keyRequestID = "request_id"
	keyCaller    = "caller"
	keyClaim     = "claim"
	keyVersion   = "version"
	keyStaff     = "staff"
	keyShop      = "shop"
)

const requestIDHeader = "Request-Id"

// Only a tame id is echoed and logged; anything else gets one of ours.
var tameID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$`)

// trace names the request, and logs what became of it: never a body, a token,
// a path (it may hold a token) or a query.
func (a *app) trace(c *gin.Context) {
	id := c.GetHeader(requestIDHeader)
	if !tameID.MatchString(id) {
		id = "req_" + a.NewID()
	}
	c.Set(keyRequestID, id)
	c.Header(requestIDHeader, id)
	began := a.Now()
	// Deferred, so that an answer cut off by http.ErrAbortHandler is logged too.
	defer func() {
		attrs := append(a.who(c),
			slog.String("method", c.Request.Method), slog.String("route", c.FullPath()),
			slog.Int("status", c.Writer.Status()), slog.Int("bytes", c.Writer.Size()),
			slog.Duration("duration", a.Now().Sub(began)))
		a.Log.LogAttrs(c, slog.LevelInfo, "request", attrs...)
	}()
	c.Next()
}

// who names the request and its caller for the log.
func (a *app) who(c *gin.Context) []slog.Attr {
	attrs := []slog.Attr{slog.String("request_id", c.GetString(keyRequestID))}
	if who, ok := callerOf(c); ok {
		attrs = append(attrs, slog.String("merchant", string(who.Merchant.ID)), slog.String("connection", string(who.Connection.ID)))
	} else if m, ok := staffMerchant(c); ok {
		attrs = append(attrs, slog.String("merchant", string(m.ID)))
	}
	return attrs
}

// logProblem notes a failure that the answer does not explain. Work that was
// canceled because its caller hung up is nobody's fault; our own budgets end in
// another error.
func (a *app) logProblem(c *gin.Context, level slog.Level, what string, err error) {
	if errors.Is(err, context.Canceled) {
		level = slog.LevelInfo
	}
	a.Log.LogAttrs(c, level, what, append(a.who(c),
		slog.String("route", c.FullPath()), slog.Any("error", err))...)
}
