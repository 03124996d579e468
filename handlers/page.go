package handlers

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/templates"
)

// render writes a page whole or not at all: a template that fails half way
// must not leave half a page.
func (a *app) render(c *gin.Context, status int, write func(io.Writer) error) {
	var page bytes.Buffer
	if err := write(&page); err != nil {
		a.logProblem(c, slog.LevelError, "page not rendered", err)
		a.plainFailure(c, http.StatusInternalServerError)
		return
	}
	c.Data(status, "text/html; charset=utf-8", page.Bytes())
}

// message shows a short page that stands alone.
func (a *app) message(c *gin.Context, status int, m templates.Message) {
	a.publicPage(c)
	a.render(c, status, func(w io.Writer) error { return a.pages.Message(w, m) })
}

// embeddedMessage shows a short page inside the Shopify admin.
func (a *app) embeddedMessage(c *gin.Context, status int, shop string, m templates.Message) {
	a.embeddedPage(c, shop)
	m.AppBridge = a.appBridge()
	a.render(c, status, func(w io.Writer) error { return a.pages.Message(w, m) })
}

func (a *app) appBridge() templates.AppBridge {
	return templates.AppBridge{ClientID: a.ClientID, ScriptURL: a.AppBridgeURL, PolarisURL: a.PolarisURL}
}

// plainFailure is the answer when not even a page can be made.
func (a *app) plainFailure(c *gin.Context, status int) {
	c.String(status, fmt.Sprintf("Something went wrong on our side. Request %s.\n", c.GetString(keyRequestID)))
}
