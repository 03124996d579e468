package handlers

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// healthy says that the process lives; nothing else, so that a slow database
// does not get it restarted.
func (a *app) healthy(c *gin.Context) { c.String(http.StatusOK, "ok\n") }

// ready says whether requests can be served.
func (a *app) ready(c *gin.Context) {
	bounded, cancel := context.WithTimeout(c.Request.Context(), 2*time.Second)
	defer cancel()
	if err := a.Ready(bounded); err != nil {
		a.logProblem(c, slog.LevelWarn, "not ready", err)
		c.String(http.StatusServiceUnavailable, "not ready\n")
		return
	}
	c.String(http.StatusOK, "ready\n")
}
