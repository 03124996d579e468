package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
)

// How much of the money is shown at once.
const (
	shownDifferences = 20
	latestPayments   = 20
)

// compareMoney has the books compared now instead of at night.
func (a *app) compareMoney(c *gin.Context) {
	m, _ := staffMerchant(c)
	if err := a.CompareSoon(c.Request.Context(), m.ID); err != nil && acp.KindOf(err) != acp.KindInFlight {
		a.tellStaff(c, err, nil)
		return
	}
	a.showPart(c, http.StatusOK, noticed("The books are being compared. Reload the page in a minute."))
}
