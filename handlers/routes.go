package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/static"
	"github.com/acp-bridge/acp-bridge/templates"
)

// cancelPath is the one route on which an ended session is a 405.
const cancelPath = "/acp/checkout_sessions/:id/cancel"

// releaseMode keeps gin, whose mode is a global of its own, from printing
// routes and warnings to standard output.
var releaseMode = sync.OnceFunc(func() { gin.SetMode(gin.ReleaseMode) })

// New builds the app's one HTTP handler.
func New(c Config) (http.Handler, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	files, err := static.New()
	if err != nil {
		return nil, fmt.Errorf("load static files: %w", err)
	}
	pages, err := templates.Parse(files.URL)
	if err != nil {
		return nil, fmt.Errorf("parse templates: %w", err)
	}
	a := &app{
		Config: c, pages: pages, files: files,
		byConnection: newThrottle(c.PerConnection, c.Now), byAddress: newThrottle(c.PerAddress, c.Now),
	}
	if a.described, err = a.describe(); err != nil {
		return nil, fmt.Errorf("describe: %w", err)
	}
	releaseMode()
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false // a redirected POST loses its body
	if err := e.SetTrustedProxies(c.TrustedProxies); err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	a.routes(e)
	return e, nil
}

// routes is the whole surface of the app; each indentation is one more
// condition that a request must meet. The order of middleware, and why:
//
//  1. trace: names the request and logs it, also when a later step refuses.
//  2. recover: inside trace, so that a panic is logged with its request.
//  3. limitBody: before anybody reads.
//  4. authenticate: before anything is computed or counted for a caller.
//  5. throttle: per caller, so it must be known who calls.
//  6. signature: over the raw body, where the connection asks for it; counted
//     per connection, so after the throttle.
//  7. version: decides how every later answer is encoded.
//  8. idempotency (once): last, so that a refused request claims no key.
func (a *app) routes(e *gin.Engine) {
	e.Use(a.trace, a.recover, a.secureHeaders)
	e.NoRoute(a.unknownPath)
	e.NoMethod(a.wrongMethod)

	read(e, "/healthz", a.healthy)
	read(e, "/readyz", a.ready)
	if a.Metrics != nil {
		e.GET("/metrics", gin.WrapH(a.Metrics))
	}
	read(e, "/static/*file", gin.WrapH(a.files))

	public := e.Group("", a.throttlePublic)
	{
		read(public, discoveryPath, a.discover)
		read(public, openAPIPath, a.showOpenAPI)
		read(public, guidePath, a.showGuide)
	}

	open := e.Group("", a.throttleAddress)
	{
		read(open, "/go/:token", a.follow)
		read(open, "/feeds/:file", a.feed)
		read(open, "/auth/callback", a.callback)
		read(open, bouncePath, a.bounce)
		read(open, "/", a.openApp) // verifies the session token itself: a browser without one is led to it
	}

	// Shopify and payment providers sign their webhooks and send them in bursts
	// from few addresses; refusing some would only bring them back, and in the
	// end lose the subscription. So they are verified, but not throttled.
	e.POST("/webhooks/*path", a.webhook)
	e.POST("/payments/:provider/events", a.paymentEvent)

	agent := e.Group("/acp", a.speakVersion, a.echoKey, a.limitBody(agentBody), a.authenticateAgent)
	{
		called := agent.Group("", a.throttleConnection, a.verifySignature, a.requireVersion)
		{
			read(called, "/checkout_sessions/:id", a.getSession)
			keyed := called.Group("", a.requireJSON)
			{
				keyed.POST("/checkout_sessions", a.lightlyOnce(a.session(always(http.StatusCreated), a.createSession)))
				keyed.POST("/checkout_sessions/:id", a.once(a.session(always(http.StatusOK), a.updateSession)))
				keyed.POST("/checkout_sessions/:id/complete", a.once(a.session(placed, a.completeSession)))
				keyed.POST("/checkout_sessions/:id/cancel", a.once(a.session(always(http.StatusOK), a.cancelSession))) // cancelPath
			}
			carts := called.Group("", a.requireCarts)
			{
				read(carts, "/carts/:id", a.getCart)
				keyed := carts.Group("", a.requireJSON)
				{
					keyed.POST("/carts", a.once(a.cart(http.StatusCreated, a.createCart)))
					keyed.PUT("/carts/:id", a.once(a.cart(http.StatusOK, a.replaceCart)))
					keyed.POST("/carts/:id/cancel", a.once(a.cart(http.StatusOK, a.cancelCart)))
				}
			}
		}
	}

	staff := e.Group("/app", a.throttleAddress, a.limitBody(formBody), a.authenticateStaff)
	{
		staff.POST("/connections", a.connect)
		staff.POST("/connections/:id/revoke", a.revoke)
		staff.POST("/connections/:id/signatures", a.setSignatures)
		staff.POST("/completion", a.setCompletion)
		staff.POST("/acceptance", a.setAcceptance)
		staff.POST("/reviews/:id", a.decideReview)
		staff.POST("/mirror", a.runMirror)
		if a.CompareSoon != nil {
			staff.POST("/reconcile", a.compareMoney)
		}
		staff.POST("/following", a.setFollowing)
		staff.POST("/matters", a.handleMatter)
	}
}

// read declares a route that reads only, for GET and HEAD.
func read(r gin.IRoutes, path string, h ...gin.HandlerFunc) {
	r.GET(path, h...)
	r.HEAD(path, h...)
}

// unknownPath answers what no route knows.
func (a *app) unknownPath(c *gin.Context) {
	if underACP(c) {
		a.speakVersion(c)
		a.echoKey(c)
		a.refuse(c, problem{Status: http.StatusNotFound, Type: invalidRequest, Code: "not_found", Message: "there is no such resource"})
		return
	}
	c.String(http.StatusNotFound, "There is nothing here.\n")
}

// wrongMethod answers what is known under another method. gin has set Allow.
func (a *app) wrongMethod(c *gin.Context) {
	allow := c.Writer.Header().Get("Allow") + ", " + http.MethodOptions
	c.Header("Allow", allow)
	if underACP(c) {
		a.speakVersion(c)
		a.echoKey(c)
	}
	switch {
	case c.Request.Method == http.MethodOptions:
		c.Status(http.StatusNoContent)
		c.Writer.WriteHeaderNow()
	case underACP(c):
		a.refuse(c, problem{
			Status: http.StatusMethodNotAllowed, Type: invalidRequest, Code: "method_not_allowed",
			Message: "this resource answers to " + allow,
		})
	default:
		c.String(http.StatusMethodNotAllowed, "This page answers to %s.\n", allow)
	}
}

func underACP(c *gin.Context) bool {
	return c.Request.URL.Path == "/acp" || strings.HasPrefix(c.Request.URL.Path, "/acp/")
}
