package app

import (
	"net/http"
	"strings"
	"testing"
)

// In a shop whose prices contain the tax, unit prices are what the shop shows
// and all other amounts are net: the sentence that says so must stay as long as
// they are answered.
func TestTaxInPricesIsToldOfEveryPurchase(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, func(f *sandboxFlags) { f.TaxesIncluded = true })
	for card, status := range map[string]string{
		"pm_card_visa": "completed", "pm_card_threeDSecure2Required": "complete_in_progress", "pm_card_chargeDeclined": "ready_for_payment",
	} {
		s := r.payable(t)
		got := r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), payment(r.token(t, s.total(), card)))
		if got.decode(t, &s); got.Status != http.StatusOK || s.Status != status {
			t.Fatalf("%s: %d %s", card, got.Status, got.Raw)
		}
		if strings.Count(got.Raw, "prices include tax") != 1 {
			t.Errorf("%s: %+v", card, s.Messages)
		}
	}
}
