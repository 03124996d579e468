package handlers_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/signature"
	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/handlers"
)

func TestTheDocumentIsPublicAndCacheable(t *testing.T) {
	b := open(t)
	w := b.call(http.MethodGet, "/acp/openapi.json", "")
	wantStatus(t, w, http.StatusOK)
	if w.Header().Get("Cache-Control") != "public, max-age=3600" || w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("headers %v", w.Header())
	}
	d := decoded[struct {
		OpenAPI string `json:"openapi"`
		Servers []struct {
			URL string `json:"url"`
		} `json:"servers"`
		Components struct {
			Parameters struct {
				Version struct {
					Schema struct {
						Enum []string `json:"enum"`
					} `json:"schema"`
				} `json:"Version"`
			} `json:"parameters"`
		} `json:"components"`
	}](t, w)
	if d.OpenAPI != "3.1.0" || len(d.Servers) != 1 || d.Servers[0].URL != publicURL {
		t.Errorf("document %+v", d)
	}
	if !slices.Equal(d.Components.Parameters.Version.Schema.Enum, wire.SupportedNewestFirst()) {
		t.Errorf("versions %v", d.Components.Parameters.Version.Schema.Enum)
	}
	if strings.Contains(w.Body.String(), shop) {
		t.Error("the document names a merchant")
	}
}

type discovery struct {
	Protocol struct {
		Version  string   `json:"version"`
		Versions []string `json:"supported_versions"`
		Guide    string   `json:"documentation_url"`
	} `json:"protocol"`
	Base         string   `json:"api_base_url"`
	Transports   []string `json:"transports"`
	Capabilities struct {
		Services   []string `json:"services"`
		Extensions []struct {
			Name string `json:"name"`
		} `json:"extensions"`
		Interventions []string `json:"intervention_types"`
		Locales       []string `json:"supported_locales"`
	} `json:"capabilities"`
}

func (b *bridge) discovered() discovery {
	b.t.Helper()
	w := b.call(http.MethodGet, "/.well-known/acp.json", "")
	wantStatus(b.t, w, http.StatusOK)
	return decoded[discovery](b.t, w)
}

// Whatever discovery advertises is tried; a word that this test does not know
// how to try is refused.
func TestWhatIsAdvertisedAnswers(t *testing.T) {
	b := open(t)
	d := b.discovered()
	base := strings.TrimPrefix(d.Base, publicURL)
	try := map[string]func(t *testing.T){
		"transport rest": func(t *testing.T) { wantStatus(t, b.agent("POST", base+"/checkout_sessions", oneScarf), 201) },
		"service checkout": func(t *testing.T) {
			id := decoded[sessionBody](t, b.agent("POST", base+"/checkout_sessions", scarfInUSA)).ID
			for _, path := range []string{"", "/complete", "/cancel"} {
				body := calls()["POST /acp/checkout_sessions/{id}"+path].body
				wantStatus(t, b.agent("POST", base+"/checkout_sessions/"+id+path, body), 200)
			}
			wantStatus(t, b.agent("GET", base+"/checkout_sessions/"+id, ""), 200)
		},
		"service carts": func(t *testing.T) {
			id := decoded[cartBody](t, b.agent("POST", base+"/carts", scarfCart)).ID
			wantStatus(t, b.agent("GET", base+"/carts/"+id, ""), 200)
			wantStatus(t, b.agent("PUT", base+"/carts/"+id, threeMore), 200)
			wantStatus(t, b.agent("POST", base+"/carts/"+id+"/cancel", ""), 200)
		},
		"extension discount": func(t *testing.T) {
			w := b.agent("POST", base+"/checkout_sessions", strings.Replace(scarfInUSA, "{", `{"discounts":{"codes":["NONE"]},`, 1))
			wantStatus(t, w, 201)
			if !strings.Contains(w.Body.String(), `"discounts":{"codes":["NONE"]`) || !strings.Contains(w.Body.String(), `"name":"discount"`) {
				t.Errorf("a code is not answered: %s", w.Body)
			}
		},
	}
	for _, v := range d.Protocol.Versions {
		try["version "+v] = func(t *testing.T) {
			w := b.agent("GET", base+"/checkout_sessions/cs_unknown", "", "API-Version", v)
			wantStatus(t, w, 404)
			if w.Header().Get("API-Version") != v {
				t.Errorf("answered in %s", w.Header().Get("API-Version"))
			}
		}
	}
	for _, l := range d.Capabilities.Locales {
		try["locale "+l] = func(t *testing.T) {
			w := b.agent("POST", base+"/checkout_sessions", oneScarf, "Accept-Language", l)
			if w.Header().Get("Content-Language") != l {
				t.Errorf("answered in %q", w.Header().Get("Content-Language"))
			}
		}
	}
	var advertised []string
	add := func(kind string, names ...string) {
		for _, name := range names {
			advertised = append(advertised, kind+" "+name)
		}
	}
	add("transport", d.Transports...)
	add("service", d.Capabilities.Services...)
	add("version", d.Protocol.Versions...)
	add("locale", d.Capabilities.Locales...)
	add("intervention", d.Capabilities.Interventions...)
	for _, e := range d.Capabilities.Extensions {
		add("extension", e.Name)
	}
	for _, what := range advertised {
		t.Run(what, func(t *testing.T) {
			if try[what] == nil {
				t.Fatal("nothing here shows that it answers")
			}
			try[what](t)
		})
	}
	if len(advertised) < len(try) {
		t.Errorf("only %v are advertised", advertised)
	}
	if d.Protocol.Version != d.Protocol.Versions[len(d.Protocol.Versions)-1] || !slices.IsSorted(d.Protocol.Versions) {
		t.Errorf("versions %v", d.Protocol.Versions)
	}
	wantStatus(t, b.call(http.MethodGet, strings.TrimPrefix(d.Protocol.Guide, publicURL), ""), http.StatusOK)
}

func TestDescriptionsAreRateLimitedInTheProtocolsTerms(t *testing.T) {
	b := open(t, func(c *handlers.Config) { c.PerAddress = handlers.Rate{PerSecond: 1, Burst: 1} })
	b.discovered()
	for _, path := range []string{"/.well-known/acp.json", "/acp/openapi.json", "/acp"} {
		w := b.call(http.MethodGet, path, "")
		wantStatus(t, w, http.StatusTooManyRequests)
		if e := decoded[errorBody](t, w); e.Code != "rate_limited" || w.Header().Get("Retry-After") == "" || w.Header().Get("API-Version") == "" {
			t.Errorf("%s: %+v, %v", path, e, w.Header())
		}
	}
}

func (b *bridge) guide() string {
	b.t.Helper()
	w := b.call(http.MethodGet, "/acp", "")
	wantStatus(b.t, w, http.StatusOK)
	if w.Header().Get("Cache-Control") != "public, max-age=3600" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		b.t.Errorf("headers %v", w.Header())
	}
	return w.Body.String()
}

func TestThePageNamesWhatAnAgentNeeds(t *testing.T) {
	b := open(t)
	page := b.guide()
	want := append(wire.SupportedNewestFirst(), publicURL+"/acp", "/acp/openapi.json", "/.well-known/acp.json", signature.Header)
	for _, parameter := range []string{"Authorization", "API-Version", "Idempotency-Key", "Accept-Language", "Request-Id", "Content-Type"} {
		want = append(want, "<code>"+parameter+"</code>")
	}
	for _, text := range want {
		if !strings.Contains(page, text) {
			t.Errorf("lacks %q", text)
		}
	}
	for _, link := range regexp.MustCompile(`href="(/[^"]*)"`).FindAllStringSubmatch(page, -1) {
		wantStatus(t, b.call(http.MethodGet, link[1], ""), http.StatusOK)
	}
	for _, target := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, fmt.Sprintf(`id="%s"`, target[1])) {
			t.Errorf("#%s leads nowhere", target[1])
		}
	}
}

var (
	curl       = regexp.MustCompile(`(?s)curl (\S+)((?: \\\n +-[Hd] (?:"[^"]*"|'[^']*'))*)`)
	curlHeader = regexp.MustCompile(`-H "([^:]+): ([^"]*)"`)
	curlBody   = regexp.MustCompile(`(?s)-d '([^']*)'`)
)

// The requests on the page are sent as they stand there, from the first to the
// last, with the tokens and ids of this shop put in.
func TestThePagesExamplesWork(t *testing.T) {
	b := open(t)
	session := ""
	requests := curl.FindAllStringSubmatch(html.UnescapeString(b.guide()), -1)
	if len(requests) != 5 {
		t.Fatalf("%d requests", len(requests))
	}
	for i, request := range requests {
		fill := strings.NewReplacer("$ACP_TOKEN", b.token, "$SESSION", session, "$(uuidgen)", fmt.Sprint("key-", i), "40000000000001", "101")
		path := strings.TrimPrefix(fill.Replace(request[1]), publicURL)
		var headers []string
		for _, h := range curlHeader.FindAllStringSubmatch(request[2], -1) {
			headers = append(headers, h[1], fill.Replace(h[2]))
		}
		method, body := http.MethodGet, ""
		if sent := curlBody.FindStringSubmatch(request[2]); sent != nil {
			method, body = http.MethodPost, fill.Replace(sent[1])
		}
		w := b.call(method, path, body, headers...)
		if w.Code != http.StatusOK && w.Code != http.StatusCreated {
			t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
		session = decoded[sessionBody](t, w).ID
	}
}

// The page's Python takes what this app signs, and nothing else.
func TestThePagesSnippetVerifiesWhatIsSigned(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	b := open(t)
	found := regexp.MustCompile(`(?s)id="verify"><code>(.*?)</code>`).FindStringSubmatch(b.guide())
	if found == nil {
		t.Fatal("no snippet")
	}
	body, secret, now := []byte(`{"type":"order_create"}`), acp.Secret("whsec_1"), b.clock.Now()
	good := signature.Sign(secret, now, body)
	for name, test := range map[string]struct {
		secret, header, body string
		now                  int64
		want                 bool
	}{
		"signed":        {"whsec_1", good, string(body), now.Unix(), true},
		"late, in time": {"whsec_1", good, string(body), now.Unix() + 300, true},
		"too late":      {"whsec_1", good, string(body), now.Unix() + 301, false},
		"other body":    {"whsec_1", good, string(body) + " ", now.Unix(), false},
		"other secret":  {"whsec_2", good, string(body), now.Unix(), false},
		"garbage":       {"whsec_1", "v1=0", string(body), now.Unix(), false},
	} {
		t.Run(name, func(t *testing.T) {
			arguments, err := json.Marshal([]any{test.secret, test.header, test.body, test.now})
			if err != nil {
				t.Fatal(err)
			}
			program := html.UnescapeString(found[1]) +
				"\nimport json, sys\nsecret, header, body, now = json.loads(sys.argv[1])\nprint(is_genuine(secret, header, body.encode(), now))\n"
			out, err := exec.CommandContext(t.Context(), python, "-c", program, string(arguments)).CombinedOutput()
			if err != nil || strings.TrimSpace(string(out)) != map[bool]string{true: "True", false: "False"}[test.want] {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}
