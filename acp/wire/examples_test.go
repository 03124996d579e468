package wire_test

import (
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp/wire/wiretest"
)

// A third of the official examples fail their own schema, so only those that
// pass it must decode.
func TestOfficialExamplesDecode(t *testing.T) {
	definitions := map[string]string{
		"create": "CheckoutSessionCreateRequest", "update": "CheckoutSessionUpdateRequest",
		"complete": "CheckoutSessionCompleteRequest", "cancel": "CancelSessionRequest",
	}
	valid := 0
	for _, file := range []string{"examples.agentic_checkout.json", "examples.multi_item_checkout.json"} {
		for name, body := range wiretest.Examples(t, string(v), file) {
			operation, _, _ := strings.Cut(name, "_")
			definition, known := definitions[operation]
			if !known || !strings.Contains(name, "request") || wiretest.Check(string(v), definition, body) != nil {
				continue
			}
			valid++
			if _, err := decode(operation, body); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if _, present := wiretest.Spec(); present && valid < 8 {
		t.Errorf("only %d examples were tried", valid)
	}
}
