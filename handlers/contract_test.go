package handlers_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/handlers"
	"github.com/acp-bridge/acp-bridge/handlers/openapi"
	"github.com/acp-bridge/acp-bridge/handlers/openapi/openapitest"
)

// contract is the OpenAPI document of the server that the tests open.
var contract = sync.OnceValue(func() *openapitest.Contract {
	body := must(openapi.Document(openapi.Config{PublicURL: publicURL, Versions: wire.SupportedNewestFirst()}))
	return must(openapitest.Read(body))
})

// observe holds an answer of any test of this package against the document:
// a status, a header or a body that it does not describe fails that test.
// Bodies are described in the newest version only.
func (b *bridge) observe(r *http.Request, w *httptest.ResponseRecorder) {
	b.t.Helper()
	if v := w.Header().Get("API-Version"); v != "" && v != string(wire.Newest()) {
		return
	}
	if _, err := contract().Answer(r.Method, r.URL.Path, w.Code, w.Header(), w.Body.Bytes()); err != nil {
		b.t.Errorf("not as described: %v", err)
	}
}

func TestTheDocumentDescribesEveryRouteAndNoOther(t *testing.T) {
	engine, ok := open(t).handler.(*gin.Engine)
	if !ok {
		t.Fatal("the handler is not the router")
	}
	var routes []string
	for _, route := range engine.Routes() {
		if route.Path != "/acp" && !strings.HasPrefix(route.Path, "/acp/") && !strings.HasPrefix(route.Path, "/.well-known/") {
			continue
		}
		parts := strings.Split(route.Path, "/")
		for i, part := range parts {
			if name, named := strings.CutPrefix(part, ":"); named {
				parts[i] = "{" + name + "}"
			}
		}
		routes = append(routes, route.Method+" "+strings.Join(parts, "/"))
	}
	slices.Sort(routes)
	described := contract().Operations()
	for _, route := range routes {
		if !slices.Contains(described, route) {
			t.Errorf("handlers/openapi/document/paths.json lacks %s", route)
		}
	}
	for _, operation := range described {
		if !slices.Contains(routes, operation) {
			t.Errorf("nothing answers %s", operation)
		}
	}
}

// scene brings a bridge into the state in which a request gets a status.
type scene func(t *testing.T, r call) *httptest.ResponseRecorder

// call is one operation with a body that it takes. Its path names an open
// session or a cart, or one that does not exist.
type call struct {
	method, body string
	path         func(id string) string
}

// made is what the call is about.
func (r call) made(b *bridge) string {
	if strings.HasPrefix(r.path(""), carts) {
		return b.filled().ID
	}
	return b.created().ID
}

func (r call) on(b *bridge, id string, headers ...string) *httptest.ResponseRecorder {
	return b.agent(r.method, r.path(id), r.body, headers...)
}

const nobodys = "cs_unknown"

var scenes = map[string]scene{
	"200": func(t *testing.T, r call) *httptest.ResponseRecorder { b := open(t); return r.on(b, r.made(b)) },
	"201": func(t *testing.T, r call) *httptest.ResponseRecorder { return r.on(open(t), "") },
	"400": func(t *testing.T, r call) *httptest.ResponseRecorder {
		return r.on(open(t), nobodys, "API-Version", "")
	},
	"401": func(t *testing.T, r call) *httptest.ResponseRecorder {
		return r.on(open(t), nobodys, "Authorization", "")
	},
	"404": func(t *testing.T, r call) *httptest.ResponseRecorder { return r.on(open(t), nobodys) },
	"405": func(t *testing.T, r call) *httptest.ResponseRecorder {
		b := open(t)
		id := r.made(b)
		wantStatus(t, r.on(b, id), http.StatusOK)
		return r.on(b, id)
	},
	"409": func(t *testing.T, r call) *httptest.ResponseRecorder {
		b := open(t)
		id := r.made(b)
		b.claims.stolen, b.books.stolen = true, true
		return r.on(b, id)
	},
	"413": func(t *testing.T, r call) *httptest.ResponseRecorder {
		r.body = `{"order_notes":"` + strings.Repeat("x", 64<<10) + `"}`
		return r.on(open(t), nobodys)
	},
	"415": func(t *testing.T, r call) *httptest.ResponseRecorder {
		return r.on(open(t), nobodys, "Content-Type", "text/plain")
	},
	"422": func(t *testing.T, r call) *httptest.ResponseRecorder {
		b := open(t)
		id := r.made(b)
		r.on(b, id, keyed...)
		r.body = strings.Replace(r.body, "}", `,"another":1}`, 1)
		return r.on(b, id, keyed...)
	},
	"429": func(t *testing.T, r call) *httptest.ResponseRecorder {
		slow := handlers.Rate{PerSecond: 1, Burst: 1}
		b := open(t, func(c *handlers.Config) { c.PerConnection, c.PerAddress = slow, slow })
		r.on(b, nobodys)
		return r.on(b, nobodys)
	},
	"500": func(t *testing.T, r call) *httptest.ResponseRecorder {
		b := open(t)
		b.books.breakDown(errors.New("a defect"))
		return r.on(b, nobodys)
	},
	"503": func(t *testing.T, r call) *httptest.ResponseRecorder {
		b := open(t)
		b.books.breakDown(&acp.Error{Kind: acp.KindUnavailable, Message: "away"})
		return r.on(b, nobodys)
	},
}

func calls() map[string]call {
	at := func(suffix string) func(string) string {
		return func(id string) string { return sessions + "/" + id + suffix }
	}
	one := func(path string) func(string) string { return func(string) string { return path } }
	pay := `{"payment_data":{"handler_id":"x","instrument":{"type":"card","credential":{"type":"spt","token":"spt_1"}}}}`
	all := map[string]call{
		"/acp/checkout_sessions":               {method: http.MethodPost, path: one(sessions), body: scarfInUSA},
		"/acp/checkout_sessions/{id}":          {method: http.MethodPost, path: at(""), body: scarfUpdate},
		"/acp/checkout_sessions/{id}/complete": {method: http.MethodPost, path: at("/complete"), body: pay},
		"/acp/checkout_sessions/{id}/cancel":   {method: http.MethodPost, path: at("/cancel"), body: `{"intent_trace":{"reason_code":"other"}}`},
	}
	found := map[string]call{}
	for path, r := range all {
		found["POST "+path] = r
	}
	ofCart := func(suffix string) func(string) string {
		return func(id string) string { return carts + "/" + id + suffix }
	}
	found["POST /acp/carts"] = call{method: http.MethodPost, path: one(carts), body: scarfCart}
	found["PUT /acp/carts/{id}"] = call{method: http.MethodPut, path: ofCart(""), body: threeMore}
	found["POST /acp/carts/{id}/cancel"] = call{method: http.MethodPost, path: ofCart("/cancel"), body: `{"reason":"open object"}`}
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		found[method+" /acp/carts/{id}"] = call{method: method, path: ofCart("")}
		found[method+" /acp/checkout_sessions/{id}"] = call{method: method, path: at("")}
		for _, path := range []string{"/acp", "/acp/openapi.json", "/.well-known/acp.json"} {
			found[method+" "+path] = call{method: method, path: one(path)}
		}
	}
	return found
}

// Each status that the document promises is one that the server can answer;
// that it answers no other is what observe sees to, in every test.
func TestEveryDescribedStatusIsAnswered(t *testing.T) {
	if testing.Short() {
		t.Skip("provokes every status there is: not in short mode")
	}
	known := calls()
	for _, operation := range contract().Operations() {
		r, ok := known[operation]
		if !ok {
			t.Errorf("no call of %s: add one to calls", operation)
			continue
		}
		for _, status := range contract().Statuses(operation) {
			t.Run(operation+" "+status, func(t *testing.T) {
				stage, ok := scenes[status]
				if !ok {
					t.Fatalf("no scene leads to %s", status)
				}
				w := stage(t, r)
				if strconv.Itoa(w.Code) != status {
					t.Errorf("answered %d %s", w.Code, w.Body)
				}
			})
		}
	}
	for operation := range known {
		if !slices.Contains(contract().Operations(), operation) {
			t.Errorf("%s is not described", operation)
		}
	}
}
