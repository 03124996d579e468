package handlers

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
)

// webhook takes a delivery of Shopify's: the signature is checked over the
// bytes as they came, a row is written, and the work follows later, so that
// Shopify has its answer well within its five seconds. The shop header is
// believed because only Shopify knows the key.
func (a *app) webhook(c *gin.Context) {
	body, ok := rawBody(c)
	if !ok {
		return
	}
	if err := a.VerifyWebhook(body, c.GetHeader("X-Shopify-Hmac-Sha256")); err != nil {
		c.Status(http.StatusUnauthorized)
		return
	}
	shop := c.GetHeader("X-Shopify-Shop-Domain")
	d := acp.Delivery{
		ID: c.GetHeader("X-Shopify-Webhook-Id"), Topic: c.GetHeader("X-Shopify-Topic"), Body: body, TriggeredAt: a.triggeredAt(c),
	}
	if shop == "" || d.ID == "" || d.Topic == "" {
		c.Status(http.StatusBadRequest)
		return
	}
	if err := a.Inbox.Receive(c.Request.Context(), shop, d); err != nil {
		a.logProblem(c, slog.LevelError, "webhook not stored; Shopify will send it again", err)
		c.Status(http.StatusServiceUnavailable)
		return
	}
	c.Status(http.StatusOK)
}

// rawBody reads a webhook as it came; when it cannot, it has answered.
func rawBody(c *gin.Context) (body []byte, ok bool) {
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, webhookBody))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		c.Status(http.StatusRequestEntityTooLarge)
		return nil, false
	}
	if err != nil {
		c.Status(http.StatusBadRequest)
		return nil, false
	}
	return body, true
}

// triggeredAt is when Shopify says that it happened; zero when it does not
// say so readably. The news is true all the same, and a refusal would lose it
// for good, because Shopify sends the same headers again.
func (a *app) triggeredAt(c *gin.Context) time.Time {
	at, err := time.Parse(time.RFC3339Nano, c.GetHeader("X-Shopify-Triggered-At"))
	if err != nil {
		a.logProblem(c, slog.LevelWarn, "webhook without a time; it counts from when it arrived", err)
		return time.Time{}
	}
	return at
}
