package handlers

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
)

func (a *app) createSession(ctx context.Context, c *gin.Context, who acp.Caller, body []byte) answer {
	r, err := wire.DecodeCreate(versionOf(c), body)
	if err != nil {
		return a.failed(c, err)
	}
	s, err := a.Checkout.Create(ctx, who, r)
	return a.session(c, who, http.StatusCreated, s, err)
}

func (a *app) updateSession(ctx context.Context, c *gin.Context, who acp.Caller, body []byte) answer {
	r, err := wire.DecodeUpdate(versionOf(c), body)
	if err != nil {
		return a.failed(c, err)
	}
	s, err := a.Checkout.Update(ctx, who, sessionID(c), r)
	return a.session(c, who, http.StatusOK, s, err)
}

func (a *app) completeSession(ctx context.Context, c *gin.Context, who acp.Caller, body []byte) answer {
	r, err := wire.DecodeComplete(versionOf(c), body)
	if err != nil {
		return a.failed(c, err)
	}
	s, err := a.Checkout.Complete(ctx, who, sessionID(c), r)
	return a.session(c, who, http.StatusOK, s, err)
}

func (a *app) cancelSession(ctx context.Context, c *gin.Context, who acp.Caller, body []byte) answer {
	if err := wire.DecodeCancel(versionOf(c), body); err != nil {
		return a.failed(c, err)
	}
	s, err := a.Checkout.Cancel(ctx, who, sessionID(c))
	result := a.session(c, who, http.StatusOK, s, err)
	if acp.KindOf(err) == acp.KindState {
		// The protocol answers 405 to canceling what has ended; RFC 9110 wants
		// Allow with it, and nothing but OPTIONS is left.
		result.status, result.allow = http.StatusMethodNotAllowed, http.MethodOptions
	}
	return result
}

func (a *app) getSession(c *gin.Context) {
	who, _ := callerOf(c)
	s, err := a.Checkout.Get(c.Request.Context(), who, sessionID(c))
	result := a.session(c, who, http.StatusOK, s, err)
	if result.retryAfter > 0 {
		setRetryAfter(c, result.retryAfter)
	}
	writeJSON(c, result.status, result.body)
}

func sessionID(c *gin.Context) acp.SessionID { return acp.SessionID(c.Param("id")) }

// session encodes a session, or the error that came instead.
func (a *app) session(c *gin.Context, who acp.Caller, status int, s acp.Session, err error) answer {
	if err != nil {
		return a.failed(c, err)
	}
	body, err := wire.EncodeSession(versionOf(c), wire.View{
		Session: s, Merchant: who.Merchant, Handlers: a.Checkout.Handlers(who), ContinueURL: a.continueURL(s),
	})
	if err != nil {
		return a.failed(c, err)
	}
	return answer{status: status, body: body}
}

func (a *app) failed(c *gin.Context, err error) answer {
	p := a.problemOf(c, err)
	return answer{status: p.Status, body: p.encode(versionOf(c)), retryAfter: p.RetryAfter}
}

// continueURL is our short link to Shopify's checkout, "" where the session is
// paid by token.
func (a *app) continueURL(s acp.Session) string {
	if s.Handover == nil {
		return ""
	}
	return a.PublicURL + "/go/" + s.Handover.Token
}
