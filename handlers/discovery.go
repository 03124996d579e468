package handlers

import (
	"fmt"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp/wire"
)

// discover tells any agent what this server answers, and nothing about the
// merchants behind it.
func (a *app) discover(c *gin.Context) {
	body, err := wire.EncodeDiscovery(wire.Discovery{
		APIBaseURL: a.PublicURL + "/acp", Transports: []string{"rest"}, Services: []string{"checkout"},
		Extensions: []wire.Extension{wire.DiscountExtension()},
	})
	if err != nil {
		a.logProblem(c, slog.LevelError, "discovery", fmt.Errorf("encode discovery: %w", err))
		a.plainFailure(c, http.StatusInternalServerError)
		return
	}
	c.Header("Cache-Control", "public, max-age=3600")
	c.Header("Access-Control-Allow-Origin", "*") // public, and browsers' agents read it too
	c.Data(http.StatusOK, "application/json", body)
}
