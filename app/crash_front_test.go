package app

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

// front stands before a stand-in: every foreign call of the app passes here,
// where it may fail, or be the last that the process makes.
type front struct {
	w       *crashWorld
	name    string
	standIn http.Handler
}

// marks are the names by which a checkout is known outside.
var marks = regexp.MustCompile(`crash-\d+@example\.com|cs_[A-Z2-7]{26}|spt_[a-z0-9]+|pi_[a-z0-9]{20,}|TILL-[A-Z2-7]{16}|\bS-[A-Z2-7]{16}|gid://shopify/(?:DraftOrder|Order)/\d+`)

const orderMark = "gid://shopify/Order/"

// ServeHTTP implements http.Handler.
func (f front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	s := f.w.owner(r.URL.RequestURI() + " " + string(body))
	if s == nil || strings.HasPrefix(r.URL.Path, "/_sandbox") {
		f.standIn.ServeHTTP(w, r)
		return
	}
	f.w.calls.Add(1)
	defer f.w.calls.Add(-1)
	operation := f.operation(r, body)
	fate := s.nextCall(operation, r.Header.Get(fromHeader))
	if fate.dies && !fate.after {
		f.freeze(r, fate.thaw)
	}
	switch fate.mode {
	case standin.DropBefore:
		standin.Drop(w)
		return
	case lateBefore:
		late(w)
		return
	case slow:
		linger(r)
	case standin.HTTP500, standin.HTTP500After, standin.Throttle, standin.Garbage, standin.UserError:
		r.Header.Set(standin.FaultHeader, fate.mode)
	}
	if r.Context().Err() != nil {
		panic(http.ErrAbortHandler) // whoever called is dead
	}
	answer := httptest.NewRecorder()
	f.standIn.ServeHTTP(answer, r)
	f.w.learn(s, answer.Body.Bytes())
	if fate.dies && fate.after {
		f.freeze(r, fate.thaw)
	}
	switch fate.mode {
	case standin.DropAfter:
		standin.Drop(w)
	case lateAfter:
		late(w)
	default:
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		w.Write(answer.Body.Bytes()) //nolint:errcheck // whoever is gone needs no answer
	}
}

// freeze holds the call until its process is dead, or goes on after all.
func (f front) freeze(r *http.Request, thaw <-chan struct{}) {
	f.w.calls.Add(-1)
	defer f.w.calls.Add(1)
	select {
	case <-r.Context().Done():
		panic(http.ErrAbortHandler)
	case <-thaw:
	}
}

func late(w http.ResponseWriter) {
	w.Header().Set(lateHeader, "true")
	w.WriteHeader(http.StatusGatewayTimeout)
}

// linger gives duplicates the time to catch up.
func linger(r *http.Request) {
	timer := time.NewTimer(30 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}

// ids in a path, so that an operation has one name.
var pathIDs = regexp.MustCompile(`(pi|spt|S|acp)[_:-][A-Za-z0-9_:-]+`)

func (f front) operation(r *http.Request, body []byte) string {
	var graph struct{ OperationName, Query string }
	if json.Unmarshal(body, &graph) == nil && graph.Query != "" {
		name, _, _ := strings.Cut(strings.TrimSpace(graph.Query), "(")
		return f.name + " " + strings.TrimSpace(name)
	}
	return f.name + " " + r.Method + " " + pathIDs.ReplaceAllString(r.URL.Path, "$1")
}

// refusable are the operations that may be refused for good without making the
// world contradict itself.
var refusable = []string{"POST /v1/payment_intents", "mutation DraftCreate", "mutation DraftComplete"}

func mayRefuse(operation string) bool {
	return slices.ContainsFunc(refusable, func(r string) bool { return strings.HasSuffix(operation, r) })
}
