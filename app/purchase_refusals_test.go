package app

import (
	"net/http"
	"testing"
)

// An agent that reports a failed 3DS authentication has no buyer who confirmed
// the purchase.
func TestAFailedAuthenticationIsNeverCharged(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	for _, outcome := range []string{"denied", "rejected", "canceled", "abandoned", "processing_error"} {
		s := r.payable(t)
		body := payment(r.token(t, s.total(), "pm_card_visa"))
		body["authentication_result"] = map[string]any{"outcome": outcome}
		got := r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), body)
		got.decode(t, &s)
		if got.Status != http.StatusOK || s.Status != "ready_for_payment" || !s.says("payment_declined") {
			t.Errorf("%s: %d %s", outcome, got.Status, got.Raw)
		}
	}
	r.soldNothing(t)
}
