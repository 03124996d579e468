package agent

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/acp-bridge/acp-bridge/acp"
)

// answer turns the agent's answer into an error by what can be done about it.
func (s *Sender) answer(res *http.Response, c acp.Connection, signed string) error {
	body := readAnswer(res)
	code := res.StatusCode
	if code >= 200 && code < 300 {
		return nil
	}
	failure := &acp.Error{
		Kind: acp.KindUnavailable, Message: fmt.Sprintf("the agent answered %d", code),
		RetryAfter: retryAfter(res.Header.Get("Retry-After"), s.cfg.Now()),
	}
	if shown := excerpt(body, c.EventSecret, signed); shown != "" {
		failure.Message += ": " + shown
	}
	switch {
	case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable && failure.RetryAfter > 0:
		failure.Kind = acp.KindThrottled
	case code == http.StatusRequestTimeout, code == http.StatusConflict, code == http.StatusTooEarly:
		// Another try may find the agent ready.
	case code == http.StatusUnauthorized, code == http.StatusForbidden, code == http.StatusNotFound:
		// Secrets are changed on one side first, and receivers are deployed.
	case code >= 400 && code < 500:
		failure.Kind = acp.KindRefused
	}
	failure.Code = string(failure.Kind)
	return failure
}

// maxWait bounds what an agent can ask for, so that a mistyped header does not
// silence it for a year.
const maxWait = 24 * time.Hour

// retryAfter reads a Retry-After header in either of its forms (RFC 9110,
// 10.2.3), zero when there is none or it makes no sense.
func retryAfter(header string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, maxWait)
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(at.Sub(now), 0), maxWait)
	}
	return 0
}

// maxExcerpt is enough for an error object's code and message.
const maxExcerpt = 200

// excerpt is the beginning of an answer, fit for the page where staff see why
// an event failed: printable, short, and without what signs events, which a
// debugging endpoint may send back.
func excerpt(body string, secret acp.Secret, signed string) string {
	digest := signed[strings.LastIndexByte(signed, '=')+1:]
	body = strings.NewReplacer(secret.Reveal(), secret.String(), digest, secret.String()).Replace(body)
	var shown strings.Builder
	length := 0
	for _, r := range strings.Join(strings.Fields(body), " ") {
		if length == maxExcerpt {
			shown.WriteString("…")
			break
		}
		if unicode.IsPrint(r) && r != unicode.ReplacementChar {
			shown.WriteRune(r)
			length++
		}
	}
	return shown.String()
}
