package handlers

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
)

// Types of errors that the protocol knows.
const (
	invalidRequest     = wire.TypeInvalidRequest
	processingError    = wire.TypeProcessingError
	serviceUnavailable = wire.TypeServiceUnavailable
)

// problem is a refused request, in the protocol's terms.
type problem struct {
	Status     int
	Type       string
	Code       string
	Message    string
	Param      string
	RetryAfter time.Duration
	Versions   []string
	Allow      string
}

// answers maps kinds of errors to statuses: the one place that does. A
// Message here stands in for the domain's own, which then is for the log.
var answers = map[acp.Kind]problem{
	acp.KindInvalid:      {Status: http.StatusBadRequest, Type: invalidRequest, Code: "invalid"},
	acp.KindUnauthorized: {Status: http.StatusUnauthorized, Type: invalidRequest, Code: "unauthorized"},
	acp.KindNotFound:     {Status: http.StatusNotFound, Type: invalidRequest, Code: "not_found"},
	acp.KindState:        {Status: http.StatusBadRequest, Type: invalidRequest, Code: "invalid_session_state"},
	acp.KindRefused:      {Status: http.StatusBadRequest, Type: invalidRequest, Code: "refused"},
	acp.KindSoldOut:      {Status: http.StatusUnprocessableEntity, Type: invalidRequest, Code: "out_of_stock"},
	acp.KindInFlight:     {Status: http.StatusConflict, Type: invalidRequest, Code: "in_flight", RetryAfter: 2 * time.Second},
	acp.KindReused: { // reusedKey knows the status of each version
		Status: http.StatusUnprocessableEntity, Type: invalidRequest, Code: wire.CodeIdempotencyConflict,
		Message: "this Idempotency-Key came before with another request; send a new key",
	},
	acp.KindStale: {
		Status: http.StatusConflict, Type: invalidRequest, Code: "conflict", RetryAfter: time.Second,
		Message: "somebody else changed this at the same moment; read it again",
	},
	acp.KindThrottled: {
		Status: http.StatusServiceUnavailable, Type: serviceUnavailable, Code: "shop_busy", RetryAfter: 2 * time.Second,
		Message: "the shop is busy; send the same request with the same Idempotency-Key again",
	},
	acp.KindUnavailable: unavailable,
	acp.KindUnknown:     unavailable,
	acp.KindReauthorize: {
		Status: http.StatusServiceUnavailable, Type: serviceUnavailable, Code: "shop_unavailable", RetryAfter: 5 * time.Minute,
		Message: "this shop cannot be served at the moment",
	},
}

var unavailable = problem{
	Status: http.StatusServiceUnavailable, Type: serviceUnavailable, Code: "service_unavailable", RetryAfter: 5 * time.Second,
	Message: "the shop could not be reached; send the same request with the same Idempotency-Key again",
}

// problemOf turns a domain error into an answer, and logs what the answer
// keeps to itself.
func (a *app) problemOf(c *gin.Context, err error) problem {
	p, known := answers[acp.KindOf(err)]
	e, ok := errors.AsType[*acp.Error](err)
	if !known || !ok {
		a.logProblem(c, slog.LevelError, "request failed", err)
		return internalProblem(c)
	}
	if p.Status >= http.StatusInternalServerError {
		a.logProblem(c, slog.LevelWarn, "request not served", err)
		p.RetryAfter = max(p.RetryAfter, e.RetryAfter)
		return p
	}
	if p.Message == "" {
		p.Message = e.Message
	}
	if e.Code != "" && e.Kind != acp.KindReused && e.Kind != acp.KindStale {
		p.Code = e.Code
	}
	if e.Kind == acp.KindReused {
		p.Status = reusedKey(versionOf(c))
	}
	p.Param, p.RetryAfter = e.Param, max(p.RetryAfter, e.RetryAfter)
	if e.Kind == acp.KindState && c.FullPath() == cancelPath {
		// The protocol answers 405 to canceling what has ended; RFC 9110 wants
		// Allow with it, and nothing but OPTIONS is left.
		p.Status, p.Allow = http.StatusMethodNotAllowed, http.MethodOptions
	}
	return p
}

// internalProblem is the one sentence for defects.
func internalProblem(c *gin.Context) problem {
	return problem{
		Status: http.StatusInternalServerError, Type: processingError, Code: "internal_error",
		Message: fmt.Sprintf("something went wrong on our side; name request %s when you report it", c.GetString(keyRequestID)),
	}
}
