package handlers

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
)

const versionHeader = "API-Version"

// speakVersion finds the protocol version to answer in. A request without a
// known one is answered in the newest, so that even a refusal can be read.
func (a *app) speakVersion(c *gin.Context) {
	v, err := wire.Negotiate(c.GetHeader(versionHeader))
	if err != nil {
		v = wire.Newest()
	}
	c.Set(keyVersion, v)
	c.Header(versionHeader, string(v))
}

// requireVersion refuses requests whose version is missing or unknown, and
// lists the ones to choose from.
func (a *app) requireVersion(c *gin.Context) {
	_, err := wire.Negotiate(c.GetHeader(versionHeader))
	if err == nil {
		return
	}
	p := a.problemOf(c, err)
	if _, ok := errors.AsType[*acp.Error](err); ok {
		p.Versions = wire.SupportedNewestFirst()
		p.Message += " (send the header " + versionHeader + " with one of " + strings.Join(p.Versions, ", ") + ")"
	}
	a.refuse(c, p)
}

func versionOf(c *gin.Context) wire.Version {
	v, _ := c.Value(keyVersion).(wire.Version)
	return v
}

// always is the status of a session in every version.
func always(status int) func(wire.Version, acp.Session) int {
	return func(wire.Version, acp.Session) int { return status }
}

// placed is the status of a completed session: 201 in 2025-09-29, as OpenAI's
// launch checklist asks of those who speak it, 200 in later versions. A session
// that did not become an order is no creation.
func placed(v wire.Version, s acp.Session) int {
	if v.Before(wire.V20251212) && s.Status == acp.Completed {
		return http.StatusCreated
	}
	return http.StatusOK
}

// reusedKey is the status of a key that came again with another request: 409
// until 2026-01-16, later 422, because 409 then means that the first request is
// still being carried out (checkout RFC, section 6).
func reusedKey(v wire.Version) int {
	if v.Before(wire.V20260130) {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}
