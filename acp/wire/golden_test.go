package wire_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/acp/wire/wiretest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares a body, indented, with testdata/2026-04-17/<name>.
func golden(t *testing.T, name string, body []byte) {
	t.Helper()
	var indented bytes.Buffer
	if err := json.Indent(&indented, body, "", "  "); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, body)
	}
	indented.WriteByte('\n')
	file := filepath.Join("testdata", string(v), name)
	if *update {
		if err := os.WriteFile(file, indented.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), indented.String()); diff != "" {
		t.Errorf("%s differs (-want +got), rewrite with -update:\n%s", name, diff)
	}
}

func TestSessionsReadAsTheVersionWantsThem(t *testing.T) {
	card := []acp.PaymentHandler{cardHandler()}
	for name, view := range map[string]wire.View{
		"ready":       {Session: readySession(), Handlers: card},
		"handed_over": {Session: handedOverSession(), ContinueURL: "https://app.example.com/c/tok"},
		"declined":    {Session: digitalSession(), Handlers: card},
		"completed":   {Session: completedSession(), Handlers: card},
	} {
		t.Run(name, func(t *testing.T) {
			view.Merchant = demoMerchant()
			body, err := wire.EncodeSession(v, view)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "session."+name+".response.json", body)
			wiretest.Validate(t, string(v), "CheckoutSession", body)
			if name == "completed" {
				wiretest.Validate(t, string(v), "Order", member(t, body, "order"))
			}
		})
	}
}

// While the order is being placed its id is known already, and nothing else.
func TestAnOrderShowsOnlyWhenTheSessionIsCompleted(t *testing.T) {
	s := readySession()
	s.Status, s.Order = acp.InProgress, &acp.Order{ID: "gid://shopify/Order/1001"}
	body, err := wire.EncodeSession(v, wire.View{Session: s, Merchant: demoMerchant()})
	if err != nil || member(t, body, "order") != nil {
		t.Fatalf("%v\n%s", err, body)
	}
	wiretest.Validate(t, string(v), "CheckoutSession", body)
}

func TestHalfATaxBreakdownIsNotShown(t *testing.T) {
	s := readySession()
	s.Totals.TaxParts = s.Totals.TaxParts[:1]
	body, err := wire.EncodeSession(v, wire.View{Session: s, Merchant: demoMerchant()})
	if err != nil || bytes.Contains(body, []byte("breakdown")) {
		t.Fatalf("%v\n%s", err, body)
	}
}

func TestOrderEventsHoldTheWholeOrder(t *testing.T) {
	for name, e := range map[string]acp.OrderEvent{
		"order_create": {Type: acp.OrderCreate, Order: placedOrder()},
		"order_update": {Type: acp.OrderUpdate, Order: refundedOrder()},
	} {
		t.Run(name, func(t *testing.T) {
			body, err := wire.EncodeOrderEvent(e)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".event.json", body)
			wiretest.Validate(t, string(v), "Order", member(t, body, "data"))
		})
	}
}

func TestDiscoveryAndErrorsMatchTheirSchemas(t *testing.T) {
	body, err := wire.EncodeDiscovery(wire.Discovery{
		APIBaseURL: "https://app.example.com/acp", Transports: []string{"rest"}, Services: []string{"checkout", "orders"},
		Extensions: []wire.Extension{{Name: "discount"}}, Currencies: []acp.Currency{"usd"}, Locales: []string{"en-US"},
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "discovery.response.json", body)
	wiretest.Validate(t, string(v), "DiscoveryResponse", body)

	body = wire.EncodeError(v, wire.Error{
		Type: wire.TypeInvalidRequest, Code: wire.CodeUnsupportedVersion, Message: "try another", SupportedVersions: wire.SupportedNewestFirst(),
	})
	golden(t, "unsupported_version.error.json", body)
	wiretest.Validate(t, string(v), "Error", body)

	body = wire.EncodeError(v, wire.Error{Type: "made_up", Code: "x", Message: "y", Param: "$.line_items[0].id"})
	golden(t, "unknown_type.error.json", body)
	wiretest.Validate(t, string(v), "Error", body)
}

// Each *.request.json has a *.decoded.json beside it: adding a case is adding
// a file and running with -update.
func TestRequestsReadAsTheDomainWantsThem(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", string(v), "*.request.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no requests: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".request.json")
		t.Run(name, func(t *testing.T) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".decoded.json", decoded(t, name, body))
		})
	}
}

func decoded(t *testing.T, name string, body []byte) []byte {
	t.Helper()
	operation, _, _ := strings.Cut(name, ".")
	request, err := decode(operation, body)
	if complete, ok := request.(acp.CompleteRequest); ok {
		// Secrets print as stars; what was read has to show here.
		request = struct {
			acp.CompleteRequest
			Token string
		}{complete, complete.Token.Reveal()}
	}
	if err != nil {
		request = map[string]any{"error": err}
	}
	shown, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	return shown
}

func decode(operation string, body []byte) (any, error) {
	switch operation {
	case "create":
		return wire.DecodeCreate(v, body)
	case "update":
		return wire.DecodeUpdate(v, body)
	case "complete":
		return wire.DecodeComplete(v, body)
	default:
		return nil, wire.DecodeCancel(v, body)
	}
}

func member(t *testing.T, body []byte, name string) []byte {
	t.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		t.Fatal(err)
	}
	return members[name]
}
