package handlers

import (
	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp/wire"
)

// advertised is what discovery says: only what answers, and nothing about the
// merchants behind this app.
func (a *app) advertised() wire.Discovery {
	return wire.Discovery{
		APIBaseURL: a.PublicURL + "/acp", DocumentationURL: a.PublicURL + guidePath,
		Transports: []string{"rest"}, Services: []string{"checkout", "carts"},
		Extensions: []wire.Extension{wire.DiscountExtension()}, Locales: wire.Locales(),
		Interventions: a.Checkout.Interventions(),
	}
}

// discover tells any agent what this server answers.
func (a *app) discover(c *gin.Context) { publish(c, a.described.discovery) }
