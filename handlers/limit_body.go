package handlers

import (
	"errors"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"
)

// limitBody bounds what may be read of a request.
func (a *app) limitBody(most int64) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, most)
	}
}

// readBody reads a bounded body whole; a problem says why it could not.
func readBody(c *gin.Context) ([]byte, *problem) {
	body, err := io.ReadAll(c.Request.Body)
	if err == nil {
		return body, nil
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, &problem{
			Status: http.StatusRequestEntityTooLarge, Type: invalidRequest, Code: "request_too_large",
			Message: "the body is larger than 64 KB",
		}
	}
	return nil, &problem{Status: http.StatusBadRequest, Type: invalidRequest, Code: "invalid", Message: "the body could not be read"}
}
