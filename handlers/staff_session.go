package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/templates"
)

const (
	bouncePath = "/auth/session-token"
	// reloadParam names the address that App Bridge reloads with a fresh
	// session token.
	reloadParam = "shopify-reload"
	// bouncedParam notes when a page was last sent for a fresh token.
	bouncedParam = "bounced"
	// bounceAgain is how soon a second bounce means that it does not help.
	bounceAgain = 10 * time.Second
	// retryHeader makes App Bridge fetch a fresh session token and repeat the
	// request once.
	retryHeader = "X-Shopify-Retry-Invalid-Session-Request"
)

// enter verifies a session token and opens the app for the shop that it names;
// the shop never comes from anywhere else.
func (a *app) enter(c *gin.Context, token acp.Secret) (acp.Merchant, error) {
	staff, err := a.VerifyStaff(token)
	if err != nil {
		return acp.Merchant{}, err
	}
	m, err := a.Install.Open(c.Request.Context(), staff.Shop, token)
	if err == nil {
		c.Set(keyStaff, m)
	}
	return m, err
}

func staffMerchant(c *gin.Context) (acp.Merchant, bool) {
	m, ok := c.Value(keyStaff).(acp.Merchant)
	return m, ok
}

// authenticateStaff admits what the page's own script sends.
func (a *app) authenticateStaff(c *gin.Context) {
	m, err := a.enter(c, bearer(c))
	a.embeddedPage(c, m.Shop)
	if err == nil {
		return
	}
	c.Abort()
	if acp.KindOf(err) == acp.KindUnauthorized {
		c.Header(retryHeader, "1")
		c.String(http.StatusUnauthorized, "The session token is missing or not valid.\n")
		return
	}
	p := a.problemOf(c, err)
	if p.RetryAfter > 0 {
		setRetryAfter(c, p.RetryAfter)
	}
	c.String(max(p.Status, http.StatusInternalServerError), "The shop could not be opened. Request "+c.GetString(keyRequestID)+".\n")
}

// openApp is Shopify's application URL: the page that staff see in the admin.
func (a *app) openApp(c *gin.Context) {
	query := c.Request.URL.Query()
	fetched := c.GetHeader("Authorization") != ""
	if !fetched && query.Get("shop") == "" && query.Get("id_token") == "" && query.Get("embedded") == "" {
		a.message(c, http.StatusOK, welcomePage)
		return
	}
	token := acp.Secret(query.Get("id_token"))
	if fetched {
		token = bearer(c)
	}
	m, err := a.enter(c, token)
	switch {
	case err == nil:
		a.embeddedPage(c, m.Shop)
		a.showDashboard(c, m)
	case acp.KindOf(err) != acp.KindUnauthorized:
		a.cannotOpen(c, query.Get("shop"), err)
	case fetched:
		c.Header(retryHeader, "1")
		c.String(http.StatusUnauthorized, "The session token is missing or not valid.\n")
	default:
		a.sendForToken(c, query)
	}
}

var welcomePage = templates.Message{
	Title: "ACP Bridge",
	Text: "This app lets a Shopify shop sell through AI agents that speak the Agentic Commerce Protocol. " +
		"It lives in the Shopify admin: install it, or open it, from there.",
}

// sendForToken leads a document without a valid session token to the page that
// gets one. When it comes straight back without, going round again would never
// end, so it says so instead.
func (a *app) sendForToken(c *gin.Context, query url.Values) {
	shop := query.Get("shop")
	now := a.Now()
	if at, err := strconv.ParseInt(query.Get(bouncedParam), 10, 64); err == nil && now.Sub(time.Unix(at, 0)).Abs() < bounceAgain {
		a.embeddedMessage(c, http.StatusUnauthorized, shop, templates.Message{
			Title:     "Shopify's sign-in was not accepted",
			Text:      "Open the app again from the Shopify admin. If that does not help, its operator should check the app's client id, client secret and clock.",
			Reference: "Reference: " + c.GetString(keyRequestID),
		})
		return
	}
	kept := url.Values{}
	for _, name := range []string{"shop", "host", "embedded", "locale"} {
		if v := query.Get(name); v != "" {
			kept.Set(name, v)
		}
	}
	back := url.Values{bouncedParam: {strconv.FormatInt(now.Unix(), 10)}}
	for name, values := range kept {
		back[name] = values
	}
	kept.Set(reloadParam, a.PublicURL+"/?"+back.Encode())
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusFound, bouncePath+"?"+kept.Encode())
}

// bounce is a page that only loads App Bridge, which fetches a session token
// and reloads the address in shopify-reload; only our own is allowed there.
func (a *app) bounce(c *gin.Context) {
	shop := c.Query("shop")
	if !strings.HasPrefix(c.Query(reloadParam), a.PublicURL+"/") {
		a.message(c, http.StatusBadRequest, welcomePage)
		return
	}
	a.embeddedMessage(c, http.StatusOK, shop, templates.Message{Title: "Signing in", Text: "One moment, please."})
}

func (a *app) cannotOpen(c *gin.Context, shop string, err error) {
	p := a.problemOf(c, err)
	if p.RetryAfter > 0 {
		setRetryAfter(c, p.RetryAfter)
	}
	a.embeddedMessage(c, http.StatusServiceUnavailable, shop, templates.Message{
		Title:     "The shop could not be opened",
		Text:      "Shopify did not answer as expected. Nothing is lost; reload the page in a minute.",
		Reference: "Reference: " + c.GetString(keyRequestID),
	})
}

// callback is where Shopify's older installation flow would return to. With
// managed installation there is nothing to exchange: a query that Shopify
// signed leads to the app in the admin, anything else to a plain page.
func (a *app) callback(c *gin.Context) {
	shop, err := a.VerifyQuery(c.Request.URL.Query())
	if err != nil || !shopDomain.MatchString(shop) {
		a.message(c, http.StatusOK, welcomePage)
		return
	}
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusFound, a.AppURL(shop))
}
