package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/templates"
)

// decideReview approves or refuses a purchase that is held for review.
func (a *app) decideReview(c *gin.Context) {
	m, _ := staffMerchant(c)
	approve := c.PostForm("decision") == "approve"
	if !approve && c.PostForm("decision") != "refuse" {
		a.tellStaff(c, acp.Invalid(acp.CodeInvalid, "", "decide: approve or refuse"), nil)
		return
	}
	s, err := a.Checkout.Decide(c.Request.Context(), m, sessionID(c), approve)
	if k := acp.KindOf(err); k == acp.KindState || k == acp.KindNotFound {
		a.showPart(c, http.StatusUnprocessableEntity, func(d *templates.Dashboard) {
			d.Problem = "This purchase is not waiting any more: it was decided, canceled, or its time is over."
		})
		return
	}
	if err != nil {
		a.partFailed(c, err)
		return
	}
	a.showPart(c, http.StatusOK, noticed(outcomeOf(s, approve)))
}

func outcomeOf(s acp.Session, approve bool) string {
	switch {
	case s.Status == acp.Completed:
		return "Approved. The order is in your Shopify orders."
	case s.Attempt.Live():
		return "Your decision is being carried out."
	case approve:
		return "Approved, but the order could not be placed any more. Nothing was charged."
	default:
		return "Refused. The reservation is given back, and nothing was charged."
	}
}
