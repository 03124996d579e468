package agent_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/agent"
)

func production(c *agent.Config) { c.AllowLoopback = false }

func TestProductionNeverReachesThisMachine(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("reached") }))
	defer server.Close()
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]"} {
		err := sender(t, production).SendOrderEvent(t.Context(), connection("https://"+host+":"+address.Port()), event())
		if acp.KindOf(err) != acp.KindRefused {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestPrivateAddressesAreRefusedEvenInTheSandbox(t *testing.T) {
	for _, host := range []string{
		"10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200", "224.0.0.1", "255.255.255.255",
		"198.18.0.1", "192.0.2.1", "[fd00::1]", "[fe80::1]", "[ff02::1]", "[2001:db8::1]", "[64:ff9b::a9fe:a9fe]",
		"[2002:7f00:1::]", "[::ffff:10.0.0.1]",
	} {
		err := sender(t, nil).SendOrderEvent(t.Context(), connection("https://"+host+"/hook"), event())
		if acp.KindOf(err) != acp.KindRefused || !strings.Contains(err.Error(), "not a public one") {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestOnlyWhatIsEncryptedAndSignedIsSent(t *testing.T) {
	for name, c := range map[string]struct {
		url    string
		key    acp.Secret
		change func(*agent.Config)
	}{
		"plain HTTP in production":      {"http://agent.example.com/hook", secret, production},
		"plain HTTP to this machine":    {"http://127.0.0.1:1/hook", secret, production},
		"plain HTTP out of the sandbox": {"http://agent.example.com/hook", secret, nil},
		"plain HTTP to a likely name":   {"http://localhost.example.com/hook", secret, nil},
		"another scheme":                {"file:///etc/passwd", secret, nil},
		"no host":                       {"https:///hook", secret, nil},
		"no URL":                        {"https://%zz", secret, nil},
		"no address":                    {"", secret, nil},
		"no secret":                     {"https://agent.example.com/hook", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := sender(t, func(cfg *agent.Config) {
				cfg.Transport = neverCalled{t}
				if c.change != nil {
					c.change(cfg)
				}
			})
			err := s.SendOrderEvent(t.Context(), acp.Connection{EventURL: c.url, EventSecret: c.key}, event())
			if acp.KindOf(err) != acp.KindRefused {
				t.Errorf("got %v", err)
			}
		})
	}
}

type neverCalled struct{ t *testing.T }

func (n neverCalled) RoundTrip(*http.Request) (*http.Response, error) {
	n.t.Error("a request was made")
	return nil, errors.New("not to be called")
}
