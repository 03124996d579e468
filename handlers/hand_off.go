package handlers

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/templates"
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
	target, err := a.Checkout.Follow(budget, c.Param("token"))
	if err == nil && target != "" {
		c.Redirect(http.StatusFound, target)
		return
	}
	a.explain(c, err)
}

// looksAhead reports whether a browser fetches the link before it is clicked.
func looksAhead(h http.Header) bool {
	return strings.Contains(h.Get("Sec-Purpose"), "prefetch") || h.Get("Purpose") == "prefetch" || h.Get("X-Moz") == "prefetch"
}

// explain tells a buyer, in their words, why they are not in the checkout.
func (a *app) explain(c *gin.Context, err error) {
	if err == nil { // completed, and the order has no page of its own
		a.message(c, http.StatusOK, completedPage)
		return
	}
	switch acp.KindOf(err) {
	case acp.KindNotFound:
		a.message(c, http.StatusNotFound, unknownLinkPage)
	case acp.KindState:
		a.ended(c, err)
	case acp.KindInFlight, acp.KindStale:
		c.Header("Retry-After", "2")
		a.message(c, http.StatusAccepted, preparingPage)
	default:
		p := a.problemOf(c, err) // logs it
		if p.RetryAfter > 0 {
			setRetryAfter(c, p.RetryAfter)
		}
		page := unavailablePage
		page.Reference = c.GetString(keyRequestID)
		a.message(c, http.StatusServiceUnavailable, page)
	}
}

// ended picks the page by the session's status, which is the error's code.
func (a *app) ended(c *gin.Context, err error) {
	status := ""
	if e, ok := errors.AsType[*acp.Error](err); ok {
		status = e.Code
	}
	switch acp.Status(status) {
	case acp.Expired:
		a.message(c, http.StatusGone, expiredPage)
	case acp.Canceled:
		a.message(c, http.StatusGone, canceledPage)
	case acp.Completed:
		a.message(c, http.StatusOK, completedPage)
	default:
		a.message(c, http.StatusConflict, changedPage)
	}
}

var (
	unknownLinkPage = templates.Message{
		Title: "This link leads nowhere",
		Text:  "Part of it may be missing. Copy the whole link, or ask your assistant for a new one.",
	}
	expiredPage = templates.Message{
		Title: "This checkout has expired",
		Text:  "Nothing was charged. Ask your assistant to start again; prices and stock may have changed.",
	}
	canceledPage = templates.Message{
		Title: "This checkout was canceled",
		Text:  "Nothing was charged. Ask your assistant to start again if you still want these items.",
	}
	completedPage = templates.Message{
		Title: "This order is placed",
		Text:  "The shop sends the confirmation by e-mail. There is nothing more to pay here.",
	}
	changedPage = templates.Message{
		Title: "This cart cannot be bought as it is",
		Text:  "Nothing was charged. An item may have sold out; ask your assistant to look at the cart again.",
	}
	preparingPage = templates.Message{
		Title: "Your checkout is being prepared",
		Text:  "This takes a few seconds. The page goes on by itself.", RefreshSeconds: 2,
	}
	unavailablePage = templates.Message{
		Title: "The shop cannot be reached right now",
		Text:  "Nothing was charged. Wait a minute, then open the link again.", Action: "Try again",
	}
)
