package handlers

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
)

// sessionWork is an operation on a session before its answer is encoded.
type sessionWork func(ctx context.Context, c *gin.Context, who acp.Caller, body []byte) (acp.Session, error)

// session makes an operation of it; success is the status of a session. Work
// that only saves the session has its answer kept in the same commit.
func (a *app) session(success func(wire.Version, acp.Session) int, do sessionWork) operation {
	return func(ctx context.Context, c *gin.Context, who acp.Caller, body []byte) answer {
		var told answer
		who.Tell = func(s acp.Session) (_ *acp.Claim, err error) {
			told, err = a.encoded(c, who, success(versionOf(c), s), s)
			told.kept = true
			return a.answered(claimOf(c), told), err
		}
		s, err := do(ctx, c, who, body)
		if err == nil && told.kept {
			return told
		}
		return a.answerOf(c, who, success(versionOf(c), s), s, err)
	}
}

func (a *app) createSession(ctx context.Context, c *gin.Context, who acp.Caller, body []byte) (acp.Session, error) {
	r, err := wire.DecodeCreate(versionOf(c), body)
	if err != nil {
		return acp.Session{}, err
	}
	s, err := a.Checkout.Create(ctx, who, r)
	return s, wire.InNamesOf(versionOf(c), err)
}

func (a *app) updateSession(ctx context.Context, c *gin.Context, who acp.Caller, body []byte) (acp.Session, error) {
	r, err := wire.DecodeUpdate(versionOf(c), body)
	if err != nil {
		return acp.Session{}, err
	}
	s, err := a.Checkout.Update(ctx, who, sessionID(c), r)
	return s, wire.InNamesOf(versionOf(c), err)
}

func (a *app) completeSession(ctx context.Context, c *gin.Context, who acp.Caller, body []byte) (acp.Session, error) {
	r, err := wire.DecodeComplete(versionOf(c), body)
	if err != nil {
		return acp.Session{}, err
	}
	s, err := a.Checkout.Complete(ctx, who, sessionID(c), r)
	return s, wire.InNamesOfPayment(versionOf(c), body, err)
}

func (a *app) cancelSession(ctx context.Context, c *gin.Context, who acp.Caller, body []byte) (acp.Session, error) {
	r, err := wire.DecodeCancel(versionOf(c), body)
	if err != nil {
		return acp.Session{}, err
	}
	return a.Checkout.Cancel(ctx, who, sessionID(c), r)
}

func (a *app) getSession(c *gin.Context) {
	who, _ := callerOf(c)
	s, err := a.Checkout.Get(c.Request.Context(), who, sessionID(c))
	a.answerOf(c, who, http.StatusOK, s, err).write(c)
}

func sessionID(c *gin.Context) acp.SessionID { return acp.SessionID(c.Param("id")) }

// answerOf encodes a session, or the error that came instead.
func (a *app) answerOf(c *gin.Context, who acp.Caller, status int, s acp.Session, err error) answer {
	var told answer
	if err == nil {
		told, err = a.encoded(c, who, status, s)
	}
	if err != nil {
		return a.problemOf(c, err).answer(versionOf(c))
	}
	return told
}

func (a *app) encoded(c *gin.Context, who acp.Caller, status int, s acp.Session) (answer, error) {
	language := wire.LanguageFor(c.GetHeader("Accept-Language"), s.Locale)
	body, err := wire.EncodeSession(versionOf(c), wire.View{
		Session: s, Merchant: who.Merchant, Handlers: a.Checkout.Handlers(who), ContinueURL: a.continueURL(s), Language: language,
	})
	return answer{status: status, body: body, language: string(language)}, err
}

// continueURL is our short link to Shopify's checkout, "" where the session is
// paid by token.
func (a *app) continueURL(s acp.Session) string {
	if s.Handover == nil {
		return ""
	}
	return a.PublicURL + "/go/" + s.Handover.Token
}
