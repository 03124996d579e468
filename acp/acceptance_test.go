package acp_test

import (
	"slices"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

func TestTheStrictestRuleDecides(t *testing.T) {
	usd := func(n int64) acp.Money { return acp.Money{Amount: n, Currency: "usd"} }
	most := func(n int64, then acp.Verdict) acp.Limit { return acp.Limit{Most: n, Then: then} }
	risky := []acp.Risk{{Kind: "card_testing", Score: "95", Action: "block"}}
	for name, c := range map[string]struct {
		rules   acp.Acceptance
		facts   acp.Facts
		verdict acp.Verdict
		reasons int
	}{
		"no rule":                           {acp.Acceptance{}, acp.Facts{Total: usd(1e9), Quantity: 1e6, Attempts: 99, Tries: 99, Risks: risky}, acp.Accept, 0},
		"a total at its limit":              {acp.Acceptance{Total: most(500, acp.Refuse)}, acp.Facts{Total: usd(500)}, acp.Accept, 0},
		"a total over it":                   {acp.Acceptance{Total: most(500, acp.Refuse)}, acp.Facts{Total: usd(501)}, acp.Refuse, 1},
		"too many items":                    {acp.Acceptance{Quantity: most(3, acp.Review)}, acp.Facts{Quantity: 4}, acp.Review, 1},
		"the last attempt that is taken":    {acp.Acceptance{Attempts: most(3, acp.Refuse)}, acp.Facts{Attempts: 3}, acp.Accept, 0},
		"one attempt too many":              {acp.Acceptance{Attempts: most(3, acp.Refuse)}, acp.Facts{Attempts: 4}, acp.Refuse, 1},
		"a card tester":                     {acp.Acceptance{Tries: most(5, acp.Refuse)}, acp.Facts{Tries: 6}, acp.Refuse, 1},
		"a refused country":                 {acp.Acceptance{Countries: acp.Countries{Codes: []string{"XX"}, Then: acp.Refuse}}, acp.Facts{Country: "XX"}, acp.Refuse, 1},
		"another country":                   {acp.Acceptance{Countries: acp.Countries{Codes: []string{"XX"}, Then: acp.Refuse}}, acp.Facts{Country: "US"}, acp.Accept, 0},
		"one of the only countries":         {acp.Acceptance{Countries: acp.Countries{Codes: []string{"US", "CA"}, Only: true, Then: acp.Review}}, acp.Facts{Country: "CA"}, acp.Accept, 0},
		"none of the only countries":        {acp.Acceptance{Countries: acp.Countries{Codes: []string{"US", "CA"}, Only: true, Then: acp.Review}}, acp.Facts{Country: "DE"}, acp.Review, 1},
		"no country, where some are wanted": {acp.Acceptance{Countries: acp.Countries{Codes: []string{"US"}, Only: true, Then: acp.Review}}, acp.Facts{}, acp.Review, 1},
		"no country, where some are not":    {acp.Acceptance{Countries: acp.Countries{Codes: []string{"XX"}, Then: acp.Refuse}}, acp.Facts{}, acp.Accept, 0},
		"a risk over the score":             {acp.Acceptance{Risk: most(75, acp.Review)}, acp.Facts{Risks: []acp.Risk{{Score: "75.5", Action: "continue"}}}, acp.Review, 1},
		"a risk at the score":               {acp.Acceptance{Risk: most(75, acp.Review)}, acp.Facts{Risks: []acp.Risk{{Score: "75", Action: "continue"}}}, acp.Accept, 0},
		"the provider advises against it":   {acp.Acceptance{Risk: most(75, acp.Refuse)}, acp.Facts{Risks: []acp.Risk{{Score: "", Action: "block"}}}, acp.Refuse, 1},
		"a refusal outweighs a review": {
			acp.Acceptance{Total: most(500, acp.Refuse), Quantity: most(1, acp.Review)}, acp.Facts{Total: usd(501), Quantity: 2}, acp.Refuse, 2,
		},
	} {
		if verdict, reasons := c.rules.Judge(c.facts); verdict != c.verdict || len(reasons) != c.reasons {
			t.Errorf("%s: %s because of %q", name, verdict, reasons)
		}
	}
}

func TestRulesThatCannotBeKeptAreRefused(t *testing.T) {
	for field, rules := range map[string]acp.Acceptance{
		"total":        {Total: acp.Limit{Most: -1, Then: acp.Refuse}},
		"quantity":     {Quantity: acp.Limit{Most: 3}},
		"tries":        {Tries: acp.Limit{Most: 3, Then: "perhaps"}},
		"countries":    {Countries: acp.Countries{Codes: []string{"USA"}, Then: acp.Refuse}},
		"review_hours": {ReviewHours: acp.MaxReviewHours + 1},
	} {
		err := rules.Check()
		e, ok := err.(*acp.Error) //nolint:errorlint // Check returns it as it is
		if !ok || e.Kind != acp.KindInvalid || e.Param != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// rule sets the merchant's rules.
func (w *world) rule(rules acp.Acceptance) {
	w.t.Helper()
	w.must(rules.Check())
	w.must(w.store.SetAcceptance(w.t.Context(), w.merchant.ID, rules))
	w.merchant.Acceptance = rules
}

// A refused purchase looks like any declined one; the reason is for staff.
func TestARefusedPurchaseIsToldAsADecline(t *testing.T) {
	w := openWorld(t)
	w.rule(acp.Acceptance{Total: acp.Limit{Most: 499, Then: acp.Refuse}})
	id := w.complete(w.create(delegated))
	refused := w.session(id).Messages
	if s := w.session(id); s.Status != acp.Ready || s.Attempt.Number != 1 || w.payments.asked.Reference != "" {
		t.Fatalf("%s, asked for %+v", s.Status, w.payments.asked)
	}
	why, err := w.store.Refusals(t.Context(), w.merchant.ID, w.clock, 9)
	if err != nil || len(why) != 1 || why[0].Session != id || !slices.Equal(why[0].Reasons, []string{"the total of 5.00 USD is over 4.99 USD"}) {
		t.Errorf("staff see %+v, %v", why, err)
	}
	w.rule(acp.Acceptance{})
	w.payments.state = acp.PaymentDeclined
	w.complete(id)
	if declined := w.session(id).Messages; len(refused) != 1 || len(declined) != 1 || refused[0].Text != declined[0].Text ||
		refused[0].Code != declined[0].Code || refused[0].Param != declined[0].Param || refused[0].Resolution != declined[0].Resolution {
		t.Errorf("refused %+v, declined %+v", refused, declined)
	}
}

// Who tries one card after the other is stopped across sessions; what an agent
// says of the device counts as well as the buyer's address.
func TestCardTestingIsStoppedAcrossSessions(t *testing.T) {
	w := openWorld(t)
	w.rule(acp.Acceptance{Tries: acp.Limit{Most: 2, Then: acp.Refuse}})
	w.payments.state = acp.PaymentDeclined
	try := func(email, device string) bool {
		before := w.payments.asked
		_, err := w.checkout.Complete(t.Context(), w.caller(delegated), w.create(delegated), acp.CompleteRequest{
			Handler: "card", Token: "spt_1", Buyer: &acp.Buyer{Email: email}, Signals: &acp.RiskSignals{DeviceFingerprint: device},
		})
		w.must(err)
		return w.payments.asked.Key != before.Key
	}
	for i, c := range []struct {
		email, device string
		asked         bool
	}{
		{"a@example.com", "one", true},
		{"A@example.com ", "two", true},
		{"a@example.com", "three", false}, // the third of one buyer
		{"b@example.com", "four", true},
		{"c@example.com", "four", true},
		{"d@example.com", "four", false}, // the third of one device
		{"e@example.com", "", true},
	} {
		if asked := try(c.email, c.device); asked != c.asked {
			t.Errorf("%d: the bank was asked: %v", i, asked)
		}
	}
	w.clock = w.clock.Add(acp.TryWindow)
	if !try("a@example.com", "one") {
		t.Error("the next day counts on")
	}
}

// An attempt that is looked at again after a crash is counted once.
func TestATryIsCountedOnce(t *testing.T) {
	w := openWorld(t)
	one := acp.Try{Merchant: w.merchant.ID, Session: "cs_1", Attempt: 1, Holders: []string{"x", "y"}, At: w.clock}
	for range 3 {
		if n, err := w.store.Try(t.Context(), one, w.clock.Add(-acp.TryWindow)); n != 1 || err != nil {
			t.Errorf("%d %v", n, err)
		}
	}
	w.must(w.store.PurgeTries(t.Context(), w.clock.Add(time.Millisecond)))
	one.Attempt = 2
	if n, err := w.store.Try(t.Context(), one, w.clock.Add(-acp.TryWindow)); n != 1 || err != nil {
		t.Errorf("after the purge %d %v", n, err)
	}
}
