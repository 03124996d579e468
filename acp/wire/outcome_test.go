package wire_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
)

// Every word that a version has for the end of an authentication reaches the
// domain in the newest version's words, and a word of another version is
// refused (AuthenticationResult.outcome of each date).
func TestOutcomesOfEveryDateAreReadInTheNewestWords(t *testing.T) {
	same := map[string]string{}
	for _, word := range []string{
		"abandoned", "attempt_acknowledged", "authenticated", "canceled", "denied",
		"informational", "internal_error", "not_supported", "processing_error", "rejected",
	} {
		same[word] = word
	}
	words := map[wire.Version]map[string]string{
		wire.V20250929: {}, wire.V20251212: same, wire.V20260130: same, wire.V20260417: same,
		wire.V20260116: {
			"authenticated": "authenticated", "failed": "denied", "unavailable": "not_supported",
			"rejected": "rejected", "attempt": "attempt_acknowledged",
		},
	}
	for _, version := range wire.Supported() {
		for _, word := range slices.AppendSeq([]string{"failed", "unavailable", "attempt", "Authenticated", ""}, maps.Keys(same)) {
			body := fmt.Sprintf(`{"payment_data":{"token":"t","provider":"stripe"},"authentication_result":{"outcome":%q,`+
				`"outcome_details":{"three_ds_cryptogram":"c","electronic_commerce_indicator":"05","transaction_id":"t","version":"2.2.0"}}}`, word)
			r, err := wire.DecodeComplete(version, []byte(body))
			want, known := words[version][word]
			var got acp.Authentication
			if r.Authentication != nil {
				got = *r.Authentication
			}
			if known != (err == nil) || got.Outcome != want {
				t.Errorf("%s %q: read as %q, %v", version, word, got.Outcome, err)
			}
			if known && (got.Cryptogram != "c" || got.ECI != "05" || got.TransactionID != "t" || got.Version != "2.2.0") {
				t.Errorf("%s %q: the proof is %+v", version, word, got)
			}
			if r.Authenticates != (known && version == wire.Newest()) {
				t.Errorf("%s: can be asked to authenticate: %v", version, r.Authenticates)
			}
		}
	}
}

// Signals of risk came with 2026-01-30, and the older dates' schemas are closed.
func TestRiskSignalsAreReadSinceTheirDate(t *testing.T) {
	const body = `{"payment_data":{"token":"t","provider":"stripe"},"risk_signals":{"ip_address":"203.0.113.7"}}`
	for _, version := range wire.Supported() {
		_, err := wire.DecodeComplete(version, []byte(body))
		if since := !version.Before(wire.V20260130); since != (err == nil) {
			t.Errorf("%s: %v", version, err)
		}
	}
}
