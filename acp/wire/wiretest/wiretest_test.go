package wiretest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp/wire/wiretest"
)

// recorder keeps what Validate has to say instead of failing.
type recorder struct{ errors, logs []string }

func (*recorder) Helper()                      {}
func (r *recorder) Logf(f string, args ...any) { r.logs = append(r.logs, fmt.Sprintf(f, args...)) }

func (r *recorder) Errorf(f string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(f, args...))
}

func TestAWrongBodyFails(t *testing.T) {
	if _, present := wiretest.Spec(); !present {
		t.Skip("no official schemas")
	}
	for name, c := range map[string]struct {
		definition, body string
		wrong            bool
	}{
		"right":              {"Link", `{"type":"faq","url":"https://example.com"}`, false},
		"an unknown field":   {"Link", `{"type":"faq","url":"https://example.com","x":1}`, true},
		"a wrong format":     {"Link", `{"type":"faq","url":"/faq"}`, true},
		"no JSON":            {"Link", `{`, true},
		"unknown definition": {"Lynx", `{}`, true},
		"behind a reference": {"Payment", `{"handlers":[{}]}`, true},
		"of another schema":  {"cart/Cart", `{"id":"c","currency":"usd","line_items":[],"totals":[]}`, false},
		"between schemas":    {"cart/Cart", `{"id":"c","currency":"usd","line_items":[{}],"totals":[]}`, true},
	} {
		var r recorder
		wiretest.Validate(&r, "2026-04-17", c.definition, []byte(c.body))
		if (len(r.errors) > 0) != c.wrong || len(r.logs) > 0 {
			t.Errorf("%s: %v %v", name, r.errors, r.logs)
		}
	}
}

func TestTheFirstReleasesBoundsHold(t *testing.T) {
	if _, present := wiretest.Spec(); !present {
		t.Skip("no official schemas")
	}
	for quantity, wrong := range map[string]bool{"0": true, "0.5": false, "2": false} {
		if err := wiretest.Check("2025-09-29", "Item", []byte(`{"id":"41","quantity":`+quantity+`}`)); (err != nil) != wrong {
			t.Errorf("%s: %v", quantity, err)
		}
	}
}

func TestWithoutTheSchemasNothingFailsAndTheLogSaysSo(t *testing.T) {
	t.Setenv(wiretest.SpecVariable, t.TempDir()+"/nowhere")
	var r recorder
	wiretest.Validate(&r, "2026-04-17", "Link", []byte(`{}`))
	if len(r.errors) > 0 || len(r.logs) != 1 || !strings.Contains(r.logs[0], "not validated") {
		t.Errorf("%v %v", r.errors, r.logs)
	}
	if wiretest.Examples(t, "2026-04-17", "x.json") != nil {
		t.Error("examples out of nowhere")
	}
}
