package handlers

import (
	"bytes"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/signature"
	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/handlers/openapi"
	"github.com/acp-bridge/acp-bridge/templates"
)

// Where this server tells about itself.
const (
	discoveryPath = "/.well-known/acp.json"
	guidePath     = "/acp"
	openAPIPath   = "/acp/openapi.json"
)

// described is what this server says of itself: the same for everybody, and
// made once, so that what cannot be made keeps the app from starting.
type described struct {
	discovery, openAPI, guide []byte
}

func (a *app) describe() (described, error) {
	var d described
	var err error
	if d.discovery, err = wire.EncodeDiscovery(a.advertised()); err != nil {
		return described{}, fmt.Errorf("encode discovery: %w", err)
	}
	d.openAPI, err = openapi.Document(openapi.Config{PublicURL: a.PublicURL, Versions: wire.SupportedNewestFirst()})
	if err != nil {
		return described{}, err
	}
	if d.guide, err = a.writeGuide(); err != nil {
		return described{}, fmt.Errorf("write guide: %w", err)
	}
	return d, nil
}

func (a *app) writeGuide() ([]byte, error) {
	g := templates.Guide{
		BaseURL: a.PublicURL + guidePath, OpenAPIURL: openAPIPath, DiscoveryURL: discoveryPath,
		Versions: wire.SupportedNewestFirst(), Languages: a.advertised().Locales,
		Limits:  templates.Limits{BodyKB: agentBody >> 10, Items: acp.MaxLines, Quantity: acp.MaxQuantity},
		KeyDays: int(a.ClaimTTL / (24 * time.Hour)), Tolerance: int(signature.Tolerance / time.Second),
	}
	for operation, into := range map[string]*string{
		"create": &g.Examples.Create, "update": &g.Examples.Update,
		"complete": &g.Examples.Complete, "cancel": &g.Examples.Cancel,
	} {
		text, err := openapi.Example(operation)
		if err != nil {
			return nil, err
		}
		*into = text
	}
	var page bytes.Buffer
	err := a.pages.Guide(&page, g)
	return page.Bytes(), err
}

// showOpenAPI serves the description for programs.
func (a *app) showOpenAPI(c *gin.Context) { publish(c, a.described.openAPI) }

// showGuide serves the description for people.
func (a *app) showGuide(c *gin.Context) {
	a.publicPage(c)
	c.Header("Cache-Control", publicForAnHour)
	c.Data(http.StatusOK, "text/html; charset=utf-8", a.described.guide)
}

// publicForAnHour is how long the protocol wants discovery to be kept at
// least (discovery RFC, 4.1).
const publicForAnHour = "public, max-age=3600"

// publish answers with a document that is the same for everybody.
func publish(c *gin.Context, document []byte) {
	c.Header("Cache-Control", publicForAnHour)
	c.Header("Access-Control-Allow-Origin", "*") // public, and browsers' agents read it too
	c.Data(http.StatusOK, "application/json", document)
}
