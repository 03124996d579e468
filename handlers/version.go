package handlers

import (
	"errors"
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
