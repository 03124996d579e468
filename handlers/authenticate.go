package handlers

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
)

// authenticateAgent finds merchant and connection by the bearer token. Who
// keeps guessing is slowed down by address.
func (a *app) authenticateAgent(c *gin.Context) {
	who, err := a.Access.Authenticate(c.Request.Context(), bearer(c))
	if err == nil {
		c.Set(keyCaller, who)
		return
	}
	if acp.KindOf(err) == acp.KindUnauthorized {
		if wait := a.byAddress.wait(network(c.ClientIP())); wait > 0 {
			a.refuse(c, tooMany(wait))
			return
		}
		c.Header("WWW-Authenticate", `Bearer realm="acp"`)
	}
	a.refuse(c, a.problemOf(c, err))
}

// bearer is the token of the Authorization header; the scheme's case does not
// matter (RFC 9110, section 11.1).
func bearer(c *gin.Context) acp.Secret {
	scheme, token, ok := strings.Cut(c.GetHeader("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return acp.Secret(strings.TrimSpace(token))
}

func callerOf(c *gin.Context) (acp.Caller, bool) {
	who, ok := c.Value(keyCaller).(acp.Caller)
	return who, ok
}

// requireJSON refuses bodies that do not say they are JSON. An empty body (of
// cancel) needs no type.
func (a *app) requireJSON(c *gin.Context) {
	if c.Request.ContentLength == 0 || c.ContentType() == "application/json" {
		return
	}
	a.refuse(c, problem{
		Status: http.StatusUnsupportedMediaType, Type: invalidRequest, Code: "unsupported_media_type",
		Message: "send the body as Content-Type: application/json",
	})
}
