package handlers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/handlers"
)

func TestDiscoveryNamesWhatAnswersAndNobody(t *testing.T) {
	w := open(t).call(http.MethodGet, "/.well-known/acp.json", "")
	wantStatus(t, w, http.StatusOK)
	if w.Header().Get("Cache-Control") != "public, max-age=3600" || w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("headers %v", w.Header())
	}
	d := decoded[struct {
		Base         string   `json:"api_base_url"`
		Transports   []string `json:"transports"`
		Capabilities struct {
			Services []string `json:"services"`
		} `json:"capabilities"`
	}](t, w)
	if d.Base != publicURL+"/acp" || fmt.Sprint(d.Transports, d.Capabilities.Services) != "[rest] [checkout carts]" {
		t.Errorf("%s", w.Body)
	}
	if strings.Contains(w.Body.String(), "demo") {
		t.Error("discovery names a merchant")
	}
}

func TestHealthAndReadinessAreDifferentQuestions(t *testing.T) {
	b := open(t, func(c *handlers.Config) {
		c.Ready = func(context.Context) error { return errors.New("database away") }
		c.Metrics = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	})
	wantStatus(t, b.call(http.MethodGet, "/healthz", ""), http.StatusOK)
	wantStatus(t, b.call(http.MethodGet, "/readyz", ""), http.StatusServiceUnavailable)
	wantStatus(t, b.call(http.MethodGet, "/metrics", ""), http.StatusTeapot)
	ready := open(t)
	wantStatus(t, ready.call(http.MethodGet, "/readyz", ""), http.StatusOK)
	wantStatus(t, ready.call(http.MethodGet, "/metrics", ""), http.StatusNotFound)
}

func TestWhatDoesNotExistIsAnsweredInTheCallersTerms(t *testing.T) {
	b := open(t)
	for _, test := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/acp/nothing", 404, ""},
		{"POST", "/acp", 405, "GET, HEAD, OPTIONS"},
		{"GET", "/acp/checkout_sessions", 405, "POST, OPTIONS"},
		{"DELETE", "/acp/checkout_sessions/cs_1", 405, "GET, HEAD, POST, OPTIONS"},
		{"GET", "/acp/checkout_sessions/cs_1/complete", 405, "POST, OPTIONS"},
	} {
		w := b.agent(test.method, test.path, "")
		wantStatus(t, w, test.status)
		if e := decoded[errorBody](t, w); e.Type != "invalid_request" || w.Header().Get("API-Version") == "" || w.Header().Get("Request-Id") == "" {
			t.Errorf("%s %s: %s", test.method, test.path, w.Body)
		}
		for allowed := range strings.SplitSeq(test.allow, ", ") {
			if !strings.Contains(w.Header().Get("Allow"), allowed) {
				t.Errorf("%s %s allows %q", test.method, test.path, w.Header().Get("Allow"))
			}
		}
	}
	for _, path := range []string{"/acp/checkout_sessions", "/acp/checkout_sessions/cs_1", "/acp/checkout_sessions/cs_1/cancel", "/.well-known/acp.json"} {
		w := b.call(http.MethodOptions, path, "")
		wantStatus(t, w, http.StatusNoContent)
		if !strings.Contains(w.Header().Get("Allow"), "OPTIONS") {
			t.Errorf("%s allows %q", path, w.Header().Get("Allow"))
		}
	}
	s := b.created()
	wantStatus(t, b.agent(http.MethodHead, sessions+"/"+s.ID, ""), http.StatusOK)
	wantStatus(t, b.call(http.MethodGet, "/nothing", ""), http.StatusNotFound)
	wantStatus(t, b.call(http.MethodGet, "/static/nothing.css", ""), http.StatusNotFound)
}

func TestAConnectionThatCallsTooOftenIsSlowedDown(t *testing.T) {
	b := open(t, func(c *handlers.Config) { c.PerConnection = handlers.Rate{PerSecond: 1, Burst: 2} })
	for range 2 {
		wantStatus(t, b.agent(http.MethodGet, sessions+"/cs_1", ""), http.StatusNotFound)
	}
	w := b.agent(http.MethodPost, sessions, oneScarf, keyed...)
	wantStatus(t, w, http.StatusTooManyRequests)
	if w.Header().Get("Retry-After") != "1" || b.claims.state() != "" {
		t.Errorf("Retry-After %q, claim %q", w.Header().Get("Retry-After"), b.claims.state())
	}
	b.clock.advance(1e9)
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, keyed...), http.StatusCreated)
}

func TestAnAddressThatCallsTooOftenIsSlowedDown(t *testing.T) {
	b := open(t, func(c *handlers.Config) { c.PerAddress = handlers.Rate{PerSecond: 1, Burst: 1} })
	wantStatus(t, b.call(http.MethodGet, "/.well-known/acp.json", ""), http.StatusOK)
	w := b.call(http.MethodGet, "/go/x", "", "X-Forwarded-For", "203.0.113.9") // not believed
	wantStatus(t, w, http.StatusTooManyRequests)
	if w.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	wantStatus(t, b.call(http.MethodGet, "/healthz", ""), http.StatusOK)
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf), http.StatusCreated)
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, "Authorization", "Bearer acpb_guess"), http.StatusTooManyRequests)
}

func TestTheLogNamesTheCallAndKeepsItsSecrets(t *testing.T) {
	b := open(t)
	s := b.created()
	link := strings.TrimPrefix(s.ContinueURL, publicURL)
	b.call(http.MethodGet, link+"?email=eve@example.com", "")
	b.call(http.MethodGet, "/feeds/"+feedToken+".csv", "")
	b.call(http.MethodGet, "/?shop="+shop+"&id_token="+staffToken, "")
	text := b.log.String()
	for _, secret := range []string{b.token, strings.TrimPrefix(link, "/go/"), feedToken, staffToken, "ada@example.com", "eve@example.com"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	var line map[string]any
	if err := json.Unmarshal([]byte(strings.SplitN(text, "\n", 2)[0]), &line); err != nil {
		t.Fatal(err)
	}
	if line["route"] != "/acp/checkout_sessions" || line["status"] != 201.0 || line["merchant"] != "m_1" ||
		line["connection"] == nil || line["request_id"] == nil || line["duration"] == nil {
		t.Errorf("line %v", line)
	}
}

func TestARequestIDThatIsNotTameIsReplaced(t *testing.T) {
	b := open(t)
	w := b.call(http.MethodGet, "/healthz", "", "Request-Id", "a b\tc")
	if id := w.Header().Get("Request-Id"); !strings.HasPrefix(id, "req_") {
		t.Errorf("echoed %q", id)
	}
}

func TestAConfigurationThatLacksSomethingIsRefused(t *testing.T) {
	b := open(t)
	good := b.config()
	for name, spoil := range map[string]func(*handlers.Config){
		"Checkout":    func(c *handlers.Config) { c.Checkout = nil },
		"WriteFeed":   func(c *handlers.Config) { c.WriteFeed = nil },
		"PublicURL":   func(c *handlers.Config) { c.PublicURL += "/" },
		"PolarisURL":  func(c *handlers.Config) { c.PolarisURL = "polaris.js" },
		"ClaimLease":  func(c *handlers.Config) { c.ClaimLease = 15*time.Second - 1 },
		"ClaimTTL":    func(c *handlers.Config) { c.ClaimTTL = 24*time.Hour - 1 },
		"PerAddress":  func(c *handlers.Config) { c.PerAddress = handlers.Rate{} },
		"trusted":     func(c *handlers.Config) { c.TrustedProxies = []string{"not a network"} },
		"MayDelegate": func(c *handlers.Config) { c.MayDelegate = nil },
	} {
		bad := good
		spoil(&bad)
		if _, err := handlers.New(bad); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
