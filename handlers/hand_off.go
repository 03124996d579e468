package handlers

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
)

// follow leads a buyer to Shopify's checkout. The link is shown in chats, whose
// previews and prefetching look before anybody clicks: those get an answer
// that creates nothing.
func (a *app) follow(c *gin.Context) {
	a.publicPage(c)
	c.Header("X-Robots-Tag", "noindex")
	if c.Request.Method == http.MethodHead {
		c.Status(http.StatusOK)
		return
	}
	if looksAhead(c.Request.Header) {
		c.Status(http.StatusServiceUnavailable) // browsers throw it away and ask again on the click
		return
	}
	// A buyer who clicks twice cancels the first request; its draft must not be
	// left half made.
	budget, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), a.RequestBudget)
	defer cancel()
	to, err := a.Checkout.Follow(budget, c.Param("token"))
	if err == nil && to.URL != "" {
		c.Redirect(http.StatusFound, to.URL)
		return
	}
	a.explain(c, to, err)
}

// looksAhead reports whether a browser fetches the link before it is clicked.
func looksAhead(h http.Header) bool {
	return strings.Contains(h.Get("Sec-Purpose"), "prefetch") || h.Get("Purpose") == "prefetch" || h.Get("X-Moz") == "prefetch"
}

// explain tells a buyer why they are not in the checkout and how to go on, in
// the language of their browser, else that of the session.
func (a *app) explain(c *gin.Context, to acp.Destination, err error) {
	say := buyersLanguage(c.GetHeader("Accept-Language"), to.Locale)
	c.Header("Vary", "Accept-Language")
	if err == nil { // completed, and the order has no page of its own
		a.message(c, http.StatusOK, say.completed(to))
		return
	}
	switch acp.KindOf(err) {
	case acp.KindNotFound:
		a.message(c, http.StatusNotFound, say.page(acp.PageUnknownTitle, acp.PageUnknownText))
	case acp.KindState:
		status, page := say.ended(to, err)
		a.message(c, status, page)
	case acp.KindInFlight, acp.KindStale:
		page := say.page(acp.PagePreparingTitle, acp.PagePreparingText)
		page.RefreshSeconds = 2
		c.Header("Retry-After", "2")
		a.message(c, http.StatusAccepted, page)
	default:
		p := a.problemOf(c, err) // logs it
		if p.RetryAfter > 0 {
			setRetryAfter(c, p.RetryAfter)
		}
		a.message(c, http.StatusServiceUnavailable, say.unavailable(c.GetString(keyRequestID)))
	}
}
