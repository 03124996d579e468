package handlers

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/signature"
)

// verifySignature checks the signature of an agent's request over the bytes
// that arrived, where its connection asks for that. A bad one is noted and
// counted; it ends the request only where signatures are enforced, and then
// before an idempotency key is claimed.
func (a *app) verifySignature(c *gin.Context) {
	who, _ := callerOf(c)
	mode := who.Connection.SignatureMode
	if !mode.Checks() {
		return
	}
	body, p := readBody(c)
	if p != nil {
		a.refuse(c, *p)
		return
	}
	c.Request.Body = io.NopCloser(bytes.NewReader(body))
	err := signature.VerifyRequest(who.Connection.RequestSecret, onlyHeader(c, signature.RequestHeader),
		onlyHeader(c, signature.TimestampHeader), body, a.Now(), signature.Tolerance)
	if err == nil {
		return
	}
	a.noteBadSignature(c, who, err)
	if mode == acp.SignaturesEnforce {
		c.Header("WWW-Authenticate", `Signature realm="acp", scheme="`+string(signature.HMACSHA256)+`"`)
		a.refuse(c, a.problemOf(c, err))
	}
}

// onlyHeader is a header's value; one that is there twice is taken together,
// which is no signature and no time.
func onlyHeader(c *gin.Context, name string) string {
	return strings.Join(c.Request.Header.Values(name), ", ")
}

// noteBadSignature is for staff: one line, and a count that the dashboard
// shows. Counting that fails does not decide about the request.
func (a *app) noteBadSignature(c *gin.Context, who acp.Caller, err error) {
	a.logProblem(c, slog.LevelWarn, "signature not valid", err)
	bounded, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), settleTime)
	defer cancel()
	if err := a.Access.CountBadSignature(bounded, who); err != nil {
		a.logProblem(c, slog.LevelWarn, "bad signature not counted", err)
	}
}
