package wire_test

import (
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/acp/wire/wiretest"
)

// One example asks for two and a half pieces, which no shop of ours sells.
func TestOfficialExamplesDecode(t *testing.T) {
	for version, least := range map[wire.Version]int{
		wire.V20250929: 3, wire.V20251212: 7, wire.V20260116: 8, wire.V20260130: 9, wire.V20260417: 8,
	} {
		requests := wiretest.Requests(t, string(version))
		for _, r := range requests {
			_, err := decode(version, r.Operation, r.Body)
			switch {
			case version == wire.V20250929 && strings.Contains(string(r.Body), "2.5"):
				refused(t, err, acp.CodeInvalid, "$.items[0].quantity")
			case err != nil:
				t.Errorf("%s %s: %v", version, r.Name, err)
			}
		}
		if _, present := wiretest.Spec(); present && len(requests) < least {
			t.Errorf("%s: only %d examples were tried", version, len(requests))
		}
	}
}
