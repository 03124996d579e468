package wire_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/acp/wire/wiretest"
)

// A third of the official examples fail their own schema, so only those that
// pass it must decode. One example asks for two and a half pieces, which no
// shop of ours sells.
func TestOfficialExamplesDecode(t *testing.T) {
	for version, least := range map[wire.Version]int{
		wire.V20250929: 2, wire.V20251212: 7, wire.V20260116: 8, wire.V20260130: 9, wire.V20260417: 8,
	} {
		valid := 0
		for name, body := range validExamples(t, version) {
			if version == wire.V20250929 && strings.Contains(string(body), "2.5") {
				_, err := decode(version, "create", body)
				refused(t, err, "invalid", "$.items[0].quantity")
				continue
			}
			operation, _, _ := strings.Cut(name, "_")
			valid++
			if _, err := decode(version, operation, body); err != nil {
				t.Errorf("%s %s: %v", version, name, err)
			}
		}
		if _, present := wiretest.Spec(); present && valid < least {
			t.Errorf("%s: only %d examples were tried", version, valid)
		}
	}
}

// validExamples are the official requests of a version that its own schema
// accepts, by name.
func validExamples(t *testing.T, version wire.Version) map[string][]byte {
	t.Helper()
	folder, _ := wiretest.Spec()
	files, err := filepath.Glob(filepath.Join(folder, "examples", string(version), "examples.*.json"))
	if err != nil {
		t.Fatal(err)
	}
	valid := map[string][]byte{}
	for _, file := range files {
		for name, body := range wiretest.Examples(t, string(version), filepath.Base(file)) {
			operation, _, _ := strings.Cut(name, "_")
			definition := requestDefinition(version, operation)
			if definition != "" && strings.Contains(name, "request") && wiretest.Check(string(version), definition, body) == nil {
				valid[name] = body
			}
		}
	}
	return valid
}
