package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
)

// setFollowing changes which side of an order follows the other. A box that is
// not ticked is not sent.
func (a *app) setFollowing(c *gin.Context) {
	m, _ := staffMerchant(c)
	ticked := func(name string) bool { return c.PostForm(name) != "" }
	m.Following = acp.Following{
		ShopRefunds: ticked("shop_refunds"), ProviderRefunds: ticked("provider_refunds"), ShopCancels: ticked("shop_cancels"),
		ProviderCancels: ticked("provider_cancels"), Disputes: ticked("disputes"),
	}
	if err := a.Matters.SetFollowing(c.Request.Context(), m.ID, m.Following); err != nil {
		a.tellStaff(c, err, nil)
		return
	}
	c.Set(keyStaff, m)
	a.showPart(c, http.StatusOK, noticed("Saved. It holds for what happens from now on."))
}

// handleMatter takes off the list what staff have dealt with.
func (a *app) handleMatter(c *gin.Context) {
	m, _ := staffMerchant(c)
	if err := a.Matters.HandleMatter(c.Request.Context(), m.ID, acp.MatterKind(c.PostForm("kind")), c.PostForm("id")); err != nil {
		a.tellStaff(c, err, nil)
		return
	}
	a.showPart(c, http.StatusOK, noticed("Taken off the list. It comes back if something about it changes."))
}
