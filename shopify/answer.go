package shopify

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"
)

// answer is what came of one try.
type answer struct {
	connected bool // a connection was had, so the request may have arrived
	status    int  // 0: no answer
	header    http.Header
	body      []byte
	err       error // of the connection, or of a body that broke off

	parsed   bool // the body is a GraphQL answer
	read     bool // its data are where the operation wants them
	failed   bool // it has errors
	began    bool // it has data or errors from inside the operation, so the operation ran at least in part
	messages []string
	codes    []string
	cost     cost
}

// cost is Shopify's account of a query in points of its leaky bucket; not money.
// https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits
type cost struct {
	Requested float64 `json:"requestedQueryCost"`
	Throttle  struct {
		Available float64 `json:"currentlyAvailable"`
		Restore   float64 `json:"restoreRate"`
	} `json:"throttleStatus"`
}

type envelope struct {
	Data       json.RawMessage `json:"data"`
	Errors     json.RawMessage `json:"errors"`
	Extensions struct {
		Cost cost `json:"cost"`
	} `json:"extensions"`
}

// readInto takes a success apart in one pass: the envelope, and the data into the operation's type, which
// go-shopify would scan twice more (docs/performance.md). Anything else is for parse, and leaves nothing in into.
func (a *answer) readInto(into any) {
	if a.err != nil || a.status != http.StatusOK || len(a.body) > answerLimit || !bytes.HasPrefix(a.body, []byte(`{"data":{`)) {
		return
	}
	e := struct {
		envelope
		Data any `json:"data"`
	}{Data: into}
	if json.Unmarshal(a.body, &e) == nil && e.Data == into && len(e.Errors) == 0 {
		a.parsed, a.read, a.cost = true, true, e.Extensions.Cost
		return
	}
	reflect.ValueOf(into).Elem().SetZero()
}

// parse reads the parts of the envelope that go-shopify drops. Shopify writes errors as a list, or as one
// string when it did not get as far as GraphQL.
func (a *answer) parse() {
	if a.err == nil && len(a.body) > answerLimit {
		a.err = errors.New("answer is larger than any that was asked for")
	}
	var e envelope
	if a.err != nil || json.Unmarshal(a.body, &e) != nil {
		return
	}
	hasData := len(e.Data) > 0 && string(e.Data) != "null"
	if hasData && e.Data[0] != '{' {
		return
	}
	a.parsed = hasData || len(e.Errors) > 0
	a.cost = e.Extensions.Cost
	if a.status != http.StatusOK || len(e.Errors) > 0 { // a success need not be taken apart twice
		a.began = anyRoot(e.Data)
	}
	a.parseErrors(e.Errors)
}

// anyRoot reports whether any of the operation's fields was answered.
func anyRoot(data json.RawMessage) bool {
	var roots map[string]json.RawMessage
	if json.Unmarshal(data, &roots) != nil {
		return false
	}
	for _, root := range roots {
		if string(root) != "null" {
			return true
		}
	}
	return false
}

func (a *answer) parseErrors(raw json.RawMessage) {
	if len(raw) == 0 || string(raw) == "null" || string(raw) == "[]" {
		return
	}
	a.failed = true
	var list []struct {
		Message    string            `json:"message"`
		Path       []json.RawMessage `json:"path"`
		Extensions struct {
			Code string `json:"code"`
		} `json:"extensions"`
	}
	if json.Unmarshal(raw, &list) != nil {
		a.messages = append(a.messages, strings.Trim(string(raw), `"`))
		return
	}
	for _, e := range list {
		a.messages = append(a.messages, e.Message)
		a.codes = append(a.codes, e.Extensions.Code)
		a.began = a.began || len(e.Path) > 1
	}
}

// throttled: Shopify did not begin.
func (a answer) throttled() bool {
	return a.status == http.StatusTooManyRequests || slices.Contains(a.codes, "THROTTLED")
}

// transient: the service failed rather than said no, and asking once more may well succeed.
func (a answer) transient() bool {
	return a.status >= http.StatusInternalServerError || a.status == http.StatusRequestTimeout ||
		(a.status == http.StatusOK && !a.parsed) ||
		slices.Contains(a.codes, "INTERNAL_SERVER_ERROR") || slices.Contains(a.codes, "TIMEOUT")
}

// wait is how long to leave Shopify alone: as long as the bucket needs to hold the query's cost, as long as
// Retry-After says, or a second that doubles.
func (a answer) wait(try int) time.Duration {
	const shortest, longest = 250 * time.Millisecond, 30 * time.Second
	wait := retryAfter(a.header)
	if missing := a.cost.Requested - a.cost.Throttle.Available; missing > 0 && a.cost.Throttle.Restore > 0 {
		wait = max(wait, time.Duration(missing/a.cost.Throttle.Restore*float64(time.Second)))
	}
	if wait == 0 {
		wait = shortest << min(try, 6)
	}
	return min(max(wait, shortest), longest)
}

// requestID names the request in Shopify's own logs.
func (a answer) requestID() string { return a.header.Get("X-Request-Id") }

// response dresses the answer up for go-shopify, which reads it again; without an answer it gets an empty
// one, because go-shopify does not need to know. What has been read already is left out.
func (a answer) response(req *http.Request) *http.Response {
	status, body := a.status, a.body
	if a.read {
		body = []byte("{}")
	}
	if status == 0 {
		status = http.StatusBadGateway
	}
	return &http.Response{
		Status: http.StatusText(status), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header.Clone(), Body: io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)), Request: req,
	}
}
