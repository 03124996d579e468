package stripe

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

const (
	defaultVersion = "2026-08-26.dahlia"
	bodyLimit      = 64 << 10
	keyLimit       = 255 // characters of an idempotency key
)

var versionForm = regexp.MustCompile(`^20\d\d-[01]\d-[0-3]\d(\.[a-z]+)?$`)

// call is one request that has been let in.
type call struct {
	method, path, id string // id is the one in the path
	params           url.Values
	key              string // idempotency key of a POST, empty when none was sent
	version          string
	requestID        string
	now              time.Time
	declined         bool // an ordered fault wants the issuer to refuse
}

// admit authenticates and reads a request. The call is filled as far as it got, so that
// a refusal carries the request id too.
func (s *Server) admit(w http.ResponseWriter, r *http.Request) (*call, *failure) {
	c := &call{
		method: r.Method, path: r.URL.Path, id: r.PathValue("id"), requestID: newID("req"),
		version: defaultVersion, now: s.cfg.Now(),
	}
	if f := s.authenticate(r); f != nil {
		return c, f
	}
	if v := r.Header.Get("Stripe-Version"); v != "" {
		if !versionForm.MatchString(v) {
			return c, invalid("", "", "Invalid Stripe API version: "+v)
		}
		c.version = v
	}
	r.Body = http.MaxBytesReader(w, r.Body, bodyLimit)
	if err := r.ParseForm(); err != nil {
		return c, invalid("", "", "Invalid request (could not parse the parameters).")
	}
	c.params = r.Form
	return c, c.readKey(r)
}

func (c *call) readKey(r *http.Request) *failure {
	if c.method != http.MethodPost {
		return nil // a key on a GET has no effect
	}
	if ct := r.Header.Get("Content-Type"); r.ContentLength > 0 && !strings.HasPrefix(ct, "application/x-www-form-urlencoded") {
		return invalid("", "", "Invalid request (check that your POST content type is application/x-www-form-urlencoded).")
	}
	c.key = r.Header.Get("Idempotency-Key")
	if len(c.key) > keyLimit {
		return invalid("", "", "Idempotency keys may be no longer than 255 characters.")
	}
	return nil
}

func (s *Server) authenticate(r *http.Request) *failure {
	key, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !bearer {
		key, _, _ = r.BasicAuth()
	}
	f := invalid("", "", "Invalid API Key provided.")
	f.status = http.StatusUnauthorized
	switch key {
	case s.cfg.SecretKey:
		return nil
	case "":
		f.body.Message = "You did not provide an API key."
	}
	return f
}

// preview hides an operation from versions that do not have it, as Stripe does.
func preview(run operation) operation {
	return func(c *call) (any, *failure) {
		if !strings.HasSuffix(c.version, ".preview") {
			return unrecognized(c)
		}
		return run(c)
	}
}

// unrecognized is Stripe's answer to a path, method or version that it does not have.
func unrecognized(c *call) (any, *failure) {
	f := invalid("", "", fmt.Sprintf("Unrecognized request URL (%s: %s).", c.method, c.path))
	f.status = http.StatusNotFound
	return nil, f
}
