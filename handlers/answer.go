package handlers

import (
	"math"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp/wire"
)

// answer is what a request of the protocol gets: a session or a flat error,
// encoded.
type answer struct {
	status     int
	body       []byte
	allow      string        // methods, with a 405
	retryAfter time.Duration // zero: nothing to wait for
	language   string        // that the body is written in; empty: not known, as of answers kept by an older release
	kept       bool          // with its claim, in the commit of what it tells
}

// errorLanguage is that of refused requests: they are for programmers.
const errorLanguage = "en"

// answer encodes the problem as the flat error of a protocol version.
func (p problem) answer(v wire.Version) answer {
	body := wire.EncodeError(v, wire.Error{
		Type: p.Type, Code: p.Code, Message: p.Message, Param: p.Param, SupportedVersions: p.Versions,
	})
	return answer{status: p.Status, body: body, allow: p.Allow, retryAfter: p.RetryAfter, language: errorLanguage}
}

func (w answer) write(c *gin.Context) {
	if w.retryAfter > 0 {
		setRetryAfter(c, w.retryAfter)
	}
	if w.allow != "" {
		c.Header("Allow", w.allow)
	}
	if w.language != "" {
		c.Header("Content-Language", w.language)
	}
	c.Header("Cache-Control", "no-store")
	c.Data(w.status, "application/json", w.body)
}

// refuse ends a request of the protocol with a flat error.
func (a *app) refuse(c *gin.Context, p problem) {
	c.Abort()
	p.answer(versionOf(c)).write(c)
}

// setRetryAfter rounds up to whole seconds (RFC 9110, section 10.2.3).
func setRetryAfter(c *gin.Context, wait time.Duration) {
	seconds := int64(math.Ceil(wait.Seconds()))
	c.Header("Retry-After", strconv.FormatInt(max(seconds, 1), 10))
}
