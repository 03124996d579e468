package handlers

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/templates"
)

// connect makes a connection for an agent. Its keys are in this one answer and
// in no other.
func (a *app) connect(c *gin.Context) {
	m, _ := staffMerchant(c)
	form := acp.NewConnection{
		Name: c.PostForm("name"), Completion: acp.Completion(c.DefaultPostForm("completion", string(acp.HandOff))),
		EventURL: c.PostForm("event_url"), Signatures: acp.SignatureMode(c.PostForm("signatures")),
	}
	keys, err := a.Access.Connect(c.Request.Context(), m, form)
	if err != nil {
		a.tellStaff(c, err, func(d *templates.Dashboard) { d.Form = form })
		return
	}
	a.showPart(c, http.StatusOK, func(d *templates.Dashboard) { d.Keys = &keys })
}

func (a *app) revoke(c *gin.Context) {
	m, _ := staffMerchant(c)
	if err := a.Access.Revoke(c.Request.Context(), m, acp.ConnectionID(c.Param("id"))); err != nil {
		a.tellStaff(c, err, nil)
		return
	}
	a.showPart(c, http.StatusOK, noticed("The connection is revoked. Its token no longer works."))
}

// setSignatures changes what is done about a connection's signatures. A new
// secret is in this one answer and in no other.
func (a *app) setSignatures(c *gin.Context) {
	m, _ := staffMerchant(c)
	keys, err := a.Access.SetSignatures(c.Request.Context(), m, acp.ConnectionID(c.Param("id")),
		acp.SignatureMode(c.PostForm("signatures")), c.PostForm("fresh") != "")
	if err != nil {
		a.tellStaff(c, err, nil)
		return
	}
	a.showPart(c, http.StatusOK, func(d *templates.Dashboard) {
		d.Notice = "Saved. It holds from the agent's next request on."
		if !keys.RequestSecret.Empty() {
			d.Keys = &keys
		}
	})
}

func (a *app) setCompletion(c *gin.Context) {
	m, _ := staffMerchant(c)
	chosen := acp.Completion(c.PostForm("completion"))
	if err := a.Access.SetCompletion(c.Request.Context(), m, chosen); err != nil {
		a.tellStaff(c, err, nil)
		return
	}
	m.Completion = chosen
	c.Set(keyStaff, m)
	a.showPart(c, http.StatusOK, noticed("Saved. New checkouts finish this way."))
}

func (a *app) runMirror(c *gin.Context) {
	m, _ := staffMerchant(c)
	if err := a.Catalog.Request(c.Request.Context(), m.ID); err != nil {
		a.tellStaff(c, err, nil)
		return
	}
	a.showPart(c, http.StatusOK, noticed("The catalog is being read again. Reload the page to see how far it is."))
}

func noticed(sentence string) func(*templates.Dashboard) {
	return func(d *templates.Dashboard) { d.Notice = sentence }
}

// tellStaff shows what is wrong with a form beside the form; other failures
// have no page to stand on.
func (a *app) tellStaff(c *gin.Context, err error, change func(*templates.Dashboard)) {
	e, ok := errors.AsType[*acp.Error](err)
	if !ok || (e.Kind != acp.KindInvalid && e.Kind != acp.KindNotFound) {
		a.partFailed(c, err)
		return
	}
	a.showPart(c, http.StatusUnprocessableEntity, func(d *templates.Dashboard) {
		d.Problem, d.ProblemField = e.Message, e.Param
		if change != nil {
			change(d)
		}
	})
}
