package handlers

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/gin-gonic/gin"
)

// recover turns a panic into a 500 that names the request and nothing else.
// http.ErrAbortHandler passes: it is how an answer that cannot be finished is
// cut off instead of looking whole.
func (a *app) recover(c *gin.Context) {
	defer func() {
		value := recover()
		if value == nil {
			return
		}
		if err, ok := value.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(value)
		}
		a.logProblem(c, slog.LevelError, "panic", fmt.Errorf("%v\n%s", value, debug.Stack()))
		c.Abort()
		if c.Writer.Written() {
			panic(http.ErrAbortHandler)
		}
		if underACP(c) {
			a.refuse(c, internalProblem(c))
			return
		}
		a.plainFailure(c, http.StatusInternalServerError)
	}()
	c.Next()
}
