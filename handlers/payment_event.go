package handlers

import (
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
)

// PaymentEvents is where one payment provider's events are taken.
type PaymentEvents struct {
	// Shop whose account it is. It comes from the configuration: whoever has
	// the endpoint's secret speaks for this account and no other.
	Shop string
	// Header has the signature.
	Header string
	// Verify checks the signature over the raw body, KindUnauthorized; ok is
	// false for an event that is acknowledged and not kept.
	Verify func(body []byte, signature string) (d acp.Delivery, ok bool, err error)
}

// paymentEvent takes an event of a payment provider: verified over the bytes
// as they came, a row is written, and the work follows later. When there can
// be no row the answer is a 5xx, so that the provider sends it again.
func (a *app) paymentEvent(c *gin.Context) {
	from, known := a.PaymentEvents[c.Param("provider")]
	if !known {
		a.unknownPath(c)
		return
	}
	body, ok := rawBody(c)
	if !ok {
		return
	}
	d, keep, err := from.Verify(body, c.GetHeader(from.Header))
	switch {
	case acp.KindOf(err) == acp.KindUnauthorized:
		c.Status(http.StatusUnauthorized)
		return
	case err != nil:
		c.Status(http.StatusBadRequest)
		return
	case !keep:
		c.Status(http.StatusOK)
		return
	}
	if err := a.Inbox.Receive(c.Request.Context(), from.Shop, d); err != nil {
		a.logProblem(c, slog.LevelError, "payment event not stored; the provider will send it again", err)
		c.Status(http.StatusServiceUnavailable)
		return
	}
	c.Status(http.StatusOK)
}
