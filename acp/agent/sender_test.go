package agent_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/agent"
	"github.com/acp-bridge/acp-bridge/acp/signature"
	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/acp/wire/wiretest"
)

const secret = acp.Secret("whsec_agent_test")

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func event() acp.OrderEvent {
	return acp.OrderEvent{ID: "evt_1", Type: acp.OrderCreate, Session: "cs_1", Order: acp.Order{
		ID: "gid://shopify/Order/1", Name: "#1001", URL: "https://shop.example.com/orders/1", Status: acp.OrderConfirmed,
		Currency: "usd", Totals: acp.Totals{ItemsBase: 1999, Total: 1999},
		Lines: []acp.OrderLine{{ID: "li_1", Title: "Größe <b>", Unit: 1999, Ordered: 1, Current: 1, Subtotal: 1999}},
	}}
}

func connection(url string) acp.Connection {
	return acp.Connection{ID: "con_1", EventURL: url, EventSecret: secret}
}

func sender(t *testing.T, change func(*agent.Config)) *agent.Sender {
	t.Helper()
	cfg := agent.Config{
		Timeout: 5 * time.Second, UserAgent: "ACP-Bridge/test", AllowLoopback: true, Now: func() time.Time { return noon },
	}
	if change != nil {
		change(&cfg)
	}
	s, err := agent.NewSender(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// platform is an agent platform that answers everything alike.
func platform(t *testing.T, answer http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server
}

func answering(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestAnEventArrivesSignedUnderItsOwnID(t *testing.T) {
	type arrival struct {
		header http.Header
		body   []byte
		method string
	}
	var arrived []arrival
	server := platform(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		arrived = append(arrived, arrival{r.Header, body, r.Method})
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "<html>garbage, but accepted</html>")
	})
	s := sender(t, nil)
	for range 2 {
		if err := s.SendOrderEvent(t.Context(), connection(server.URL+"/hook?key=k"), event()); err != nil {
			t.Fatal(err)
		}
	}
	if len(arrived) != 2 {
		t.Fatalf("%d arrived", len(arrived))
	}
	for _, a := range arrived {
		if err := signature.Verify(secret, a.header.Get("Merchant-Signature"), a.body, noon, signature.Tolerance); err != nil {
			t.Error(err)
		}
		want, err := wire.EncodeOrderEvent(event())
		if err != nil || string(want) != string(a.body) || a.method != http.MethodPost {
			t.Errorf("%s %s, %v", a.method, a.body, err)
		}
		for name, value := range map[string]string{
			"Content-Type": "application/json", "Request-Id": "evt_1", "Timestamp": "2026-11-21T12:00:00Z", "User-Agent": "ACP-Bridge/test",
		} {
			if a.header.Get(name) != value {
				t.Errorf("%s: %q", name, a.header.Get(name))
			}
		}
	}
	if !strings.Contains(string(arrived[0].body), `"title":"Größe <b>"`) {
		t.Errorf("body: %s", arrived[0].body)
	}
	body := arrived[0].body
	wiretest.Validate(t, "2026-04-17", "Order", body[strings.Index(string(body), `"data":`)+len(`"data":`):len(body)-1])
}

func TestTheAnswerDecidesWhetherToTryAgain(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		kind   acp.Kind
		wait   time.Duration
	}{
		"ok":                    {answering(200, `{"received":true}`), "", 0},
		"no content":            {answering(204, ""), "", 0},
		"bad request":           {answering(400, "no"), acp.KindRefused, 0},
		"not authorized":        {answering(401, "no"), acp.KindUnavailable, 0},
		"not there":             {answering(404, "no"), acp.KindUnavailable, 0},
		"gone":                  {answering(410, "no"), acp.KindRefused, 0},
		"request timeout":       {answering(408, ""), acp.KindUnavailable, 0},
		"conflict":              {answering(409, ""), acp.KindUnavailable, 0},
		"too early":             {answering(425, ""), acp.KindUnavailable, 0},
		"throttled":             {answering(429, "", "Retry-After", "7"), acp.KindThrottled, 7 * time.Second},
		"throttled, no hint":    {answering(429, ""), acp.KindThrottled, 0},
		"throttled, until then": {answering(429, "", "Retry-After", noon.Add(time.Minute).Format(http.TimeFormat)), acp.KindThrottled, time.Minute},
		"throttled, long past":  {answering(429, "", "Retry-After", noon.Add(-time.Minute).Format(http.TimeFormat)), acp.KindThrottled, 0},
		"throttled for a year":  {answering(429, "", "Retry-After", "31536000"), acp.KindThrottled, 24 * time.Hour},
		"throttled, nonsense":   {answering(429, "", "Retry-After", "-5"), acp.KindThrottled, 0},
		"busy, come back":       {answering(503, "", "Retry-After", "30"), acp.KindThrottled, 30 * time.Second},
		"busy":                  {answering(503, ""), acp.KindUnavailable, 0},
		"broken":                {answering(500, ""), acp.KindUnavailable, 0},
		"bad gateway":           {answering(502, "<html>"), acp.KindUnavailable, 0},
	} {
		t.Run(name, func(t *testing.T) {
			err := sender(t, nil).SendOrderEvent(t.Context(), connection(platform(t, c.answer).URL), event())
			if acp.KindOf(err) != c.kind || acp.RetryAfterOf(err) != c.wait {
				t.Errorf("got %v (%s, wait %s)", err, acp.KindOf(err), acp.RetryAfterOf(err))
			}
		})
	}
}

func TestARefusalShowsWhyButNoSecret(t *testing.T) {
	server := platform(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, "bad\x1b[31m\r\n order "+secret.Reveal()+" "+r.Header.Get("Merchant-Signature")+strings.Repeat("x", 1<<20))
	})
	err := sender(t, nil).SendOrderEvent(t.Context(), connection(server.URL), event())
	if err == nil || !strings.HasPrefix(err.Error(), "the agent answered 400: bad[31m order ***** t=1795262400,v1=*****x") || len(err.Error()) > 300 {
		t.Errorf("got %v", err)
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	elsewhere := platform(t, func(http.ResponseWriter, *http.Request) { t.Error("the order went elsewhere") })
	server := platform(t, answering(http.StatusTemporaryRedirect, "", "Location", elsewhere.URL))
	err := sender(t, nil).SendOrderEvent(t.Context(), connection(server.URL), event())
	if acp.KindOf(err) != acp.KindUnavailable {
		t.Errorf("got %v", err)
	}
}

func TestASlowAgentIsGivenUp(t *testing.T) {
	release := make(chan struct{})
	server := platform(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	s := sender(t, func(c *agent.Config) { c.Timeout = 50 * time.Millisecond })
	if err := s.SendOrderEvent(t.Context(), connection(server.URL), event()); acp.KindOf(err) != acp.KindUnavailable {
		t.Errorf("got %v", err)
	}
}

func TestAHangingUpCallerEndsTheDelivery(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	server := platform(t, func(http.ResponseWriter, *http.Request) { close(arrived); <-release })
	defer close(release)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	if err := sender(t, nil).SendOrderEvent(ctx, connection(server.URL), event()); acp.KindOf(err) != acp.KindUnavailable {
		t.Errorf("got %v", err)
	}
}

// endless is a body that does not end before a megabyte was read of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	if e.read > 1<<20 {
		return 0, io.EOF
	}
	e.read += len(p)
	return len(p), nil
}

func (*endless) Close() error { return nil }

func TestAnEndlessAnswerIsCutOff(t *testing.T) {
	body := &endless{}
	s := sender(t, func(c *agent.Config) {
		c.Transport = roundTripper(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Body: body}, nil
		})
	})
	if err := s.SendOrderEvent(t.Context(), connection("https://agent.example.com"), event()); err != nil || body.read > 64<<10 {
		t.Errorf("read %d bytes, %v", body.read, err)
	}
}

func TestABrokenConnectionMayBeTriedAgain(t *testing.T) {
	for name, reply := range map[string]string{
		"dropped": "", "garbage": "SSH-2.0-OpenSSH_9.9\r\n\r\n", "cut short": "HTTP/1.1 200 OK\r\nContent-",
		"huge headers": "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			server := platform(t, func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.WriteString(conn, reply)
				_ = conn.Close()
			})
			err := sender(t, nil).SendOrderEvent(t.Context(), connection(server.URL+"/hook?key=hush"), event())
			if acp.KindOf(err) != acp.KindUnavailable || strings.Contains(err.Error(), "hush") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestNobodyListening(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	err := sender(t, nil).SendOrderEvent(t.Context(), connection(server.URL), event())
	if acp.KindOf(err) != acp.KindUnavailable {
		t.Errorf("got %v", err)
	}
}

func TestAnOrderThatCannotBeWrittenIsADefect(t *testing.T) {
	e := event()
	e.Order.URL = ""
	if err := sender(t, nil).SendOrderEvent(t.Context(), connection("https://agent.example.com"), e); acp.KindOf(err) != acp.KindInternal {
		t.Errorf("got %v", err)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestATransportOfOnesOwnIsUsed(t *testing.T) {
	used := false
	s := sender(t, func(c *agent.Config) {
		c.Transport = roundTripper(func(*http.Request) (*http.Response, error) {
			used = true
			return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
		})
	})
	if err := s.SendOrderEvent(t.Context(), connection("https://agent.example.com/hook"), event()); err != nil || !used {
		t.Errorf("used %v, %v", used, err)
	}
}

func TestAMissingRequirementFailsAtTheStart(t *testing.T) {
	for name, cfg := range map[string]agent.Config{
		"timeout":    {Now: time.Now, UserAgent: "x"},
		"clock":      {Timeout: time.Second, UserAgent: "x"},
		"user agent": {Timeout: time.Second, Now: time.Now},
	} {
		if _, err := agent.NewSender(cfg); err == nil {
			t.Errorf("no %s, no error", name)
		}
	}
}
