package wire_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
)

func TestNegotiatesBySupportedDates(t *testing.T) {
	for header, want := range map[string]string{
		"":             wire.CodeMissingVersion,
		"  ":           wire.CodeMissingVersion,
		"2026-04-17":   "",
		" 2026-04-17 ": "",
		"2026-01-30":   "",
		"2025-09-29":   "",
		"2025-09-12":   "",
		"2026-04-18":   wire.CodeUnsupportedVersion,
		"2024-01-01":   wire.CodeUnsupportedVersion,
		"latest":       wire.CodeUnsupportedVersion,
	} {
		got, err := wire.Negotiate(header)
		var code string
		if e, ok := errors.AsType[*acp.Error](err); ok && e.Kind == acp.KindInvalid {
			code = e.Code
		}
		if code != want || err == nil && string(got) != strings.TrimSpace(header) {
			t.Errorf("%q: %q, %v", header, got, err)
		}
	}
	if all := wire.Supported(); !slices.IsSorted(all) || wire.Newest() != all[len(all)-1] || wire.SupportedNewestFirst()[0] != string(wire.Newest()) {
		t.Errorf("not oldest first: %v", all)
	}
}

func TestAnUnknownVersionDecodesAndEncodesNothing(t *testing.T) {
	_, create := wire.DecodeCreate("1999-01-01", []byte(createWith("", "")))
	_, update := wire.DecodeUpdate("1999-01-01", []byte(`{}`))
	_, complete := wire.DecodeComplete("1999-01-01", []byte(`{}`))
	_, session := wire.EncodeSession("1999-01-01", wire.View{Session: readySession()})
	_, cancel := wire.DecodeCancel("1999-01-01", nil)
	for _, err := range []error{create, update, complete, session, cancel} {
		refused(t, err, wire.CodeUnsupportedVersion, "")
	}
}

func TestAStatusWithoutAWordIsADefect(t *testing.T) {
	s := readySession()
	s.Status = "in_limbo"
	if _, err := wire.EncodeSession(v, wire.View{Session: s}); acp.KindOf(err) != acp.KindInternal {
		t.Errorf("got %v", err)
	}
}

func TestAnOrderWithoutAPageIsADefectInAnEvent(t *testing.T) {
	o := placedOrder()
	o.URL = "javascript:alert(1)"
	if _, err := wire.EncodeOrderEvent(acp.OrderEvent{Type: acp.OrderCreate, Order: o}); acp.KindOf(err) != acp.KindInternal {
		t.Errorf("got %v", err)
	}
}

// OpenAI's documents call the first release by another date.
func TestTheAliasIsTheFirstRelease(t *testing.T) {
	asked, err := wire.EncodeSession(wire.V20250912, wire.View{Session: completedSession(), Merchant: demoMerchant()})
	released, again := wire.EncodeSession(wire.V20250929, wire.View{Session: completedSession(), Merchant: demoMerchant()})
	if err != nil || again != nil || string(asked) != string(released) {
		t.Errorf("%v %v\n%s\n%s", err, again, asked, released)
	}
	if slices.Contains(wire.Supported(), wire.V20250912) || !wire.V20250912.Before(wire.V20251212) || wire.V20250912.Before(wire.V20250929) {
		t.Error("the alias is a version of its own")
	}
}
