package acp_test

import (
	"errors"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

var acquirer = acp.Acquirer{BIN: "400000", Country: "US", MerchantID: "m-1", MerchantName: "Demo"}

// authenticating makes the account one whose acquirer is known.
func (w *world) authenticating() {
	w.payments.acquirer, w.payments.brand = &acquirer, "visa"
	w.payments.abilities.External3DS, w.payments.abilities.Inspect = true, true
}

// challenged is a purchase whose card's bank wants the holder authenticated,
// which the agent was asked for.
func (w *world) challenged() acp.SessionID {
	w.authenticating()
	w.payments.state = acp.PaymentNeedsAction
	return w.complete(w.create(delegated))
}

// unasked was interrupted before the bank could say that it wants that.
func (w *world) unasked() acp.SessionID {
	w.authenticating()
	return w.inProgress()
}

// answer is the agent's result.
func (w *world) answer(id acp.SessionID, outcome string) acp.SessionID {
	w.t.Helper()
	return w.completeWith(id, &acp.Authentication{Outcome: outcome, Cryptogram: "cryptogram", ECI: "05", TransactionID: "t-1", Version: "2.2.0"})
}

// Each outcome of the newest version, and what becomes of the payment.
func TestAnOutcomeDecidesWhetherTheCardIsCharged(t *testing.T) {
	type end struct {
		status acp.Status
		proof  bool // the provider was told of it
	}
	for outcome, want := range map[string]end{
		"authenticated":        {acp.Completed, true},
		"attempt_acknowledged": {acp.Completed, true},
		"informational":        {acp.Completed, true},
		"not_supported":        {acp.Completed, false},
		"denied":               {acp.Ready, false},
		"rejected":             {acp.Ready, false},
		"canceled":             {acp.Ready, false},
		"abandoned":            {acp.Ready, false},
		"internal_error":       {acp.Ready, false},
		"processing_error":     {acp.Ready, false},
		"of_a_later_version":   {acp.Ready, false},
	} {
		t.Run(outcome, func(t *testing.T) {
			w := openWorld(t)
			id := w.challenged()
			if s := w.session(id); s.Status != acp.Authenticating || s.Challenge == nil || *s.Challenge != (acp.Challenge{Acquirer: acquirer, DirectoryServer: "visa"}) {
				t.Fatalf("asked: %s %+v", s.Status, s.Challenge)
			}
			if !w.payments.asked.NoAction || w.payments.asked.Attempt != 1 {
				t.Fatalf("the first authorization: %+v", w.payments.asked)
			}
			w.payments.state = acp.PaymentAuthorized
			w.answer(id, outcome)
			s := w.session(id)
			if s.Status != want.status || s.Challenge != nil || (s.Status == acp.Ready) != w.says(id, acp.CodePaymentDeclined) {
				t.Fatalf("answered: %s %+v", s.Status, s.Messages)
			}
			if charged := w.payments.asked.Attempt == 2; charged != (s.Status == acp.Completed) {
				t.Errorf("the card was asked: %v", charged)
			}
			if proof := w.payments.asked.Authentication; (proof != nil) != want.proof || proof != nil && proof.Cryptogram != "cryptogram" {
				t.Errorf("the proof: %+v", proof)
			}
			if a := s.Attempt; !a.Token.Empty() || a.Authentication != nil {
				t.Errorf("kept of the proof: %+v", a)
			}
		})
	}
}

// Without the result nothing is charged, and the session stays as it is.
func TestAChallengeIsAnsweredByItsResultOnly(t *testing.T) {
	w := openWorld(t)
	id := w.challenged()
	w.payments.state = acp.PaymentAuthorized
	tried := w.everything(id)
	e, ok := errors.AsType[*acp.Error](tried["complete"])
	if !ok || e.Kind != acp.KindInvalid || e.Code != acp.CodeRequires3DS || e.Param != "$.authentication_result" {
		t.Errorf("complete: %v", tried["complete"])
	}
	if acp.KindOf(tried["update"]) != acp.KindState || tried["cancel"] != nil {
		t.Errorf("update: %v, cancel: %v", tried["update"], tried["cancel"])
	}
	if w.payments.asked.Attempt != 1 {
		t.Errorf("%d attempts", w.payments.asked.Attempt)
	}
}

// A bank that is not content with the proof has declined; asking again would
// lead in a circle.
func TestABankThatRefusesTheProofHasDeclined(t *testing.T) {
	w := openWorld(t)
	id := w.answer(w.challenged(), "authenticated")
	if s := w.session(id); s.Status != acp.Ready || !w.says(id, acp.CodePaymentDeclined) || w.payments.voided != 0 {
		t.Errorf("%s %+v", s.Status, s.Messages)
	}
}

// The agent is asked only where it can answer: else the provider sees to it.
func TestTheAgentIsAskedOnlyWhatItCanDo(t *testing.T) {
	for name, prepare := range map[string]func(w *world, r *acp.CompleteRequest){
		"no acquirer is known":                func(w *world, _ *acp.CompleteRequest) { w.payments.acquirer = nil },
		"the card has no directory server":    func(w *world, _ *acp.CompleteRequest) { w.payments.brand = "discover" },
		"the card is not known":               func(w *world, _ *acp.CompleteRequest) { w.payments.brand = "" },
		"the version cannot be told":          func(_ *world, r *acp.CompleteRequest) { r.Authenticates = false },
		"the agent cannot show interventions": func(w *world, _ *acp.CompleteRequest) { w.interventions = nil },
	} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			w.authenticating()
			w.payments.abilities.ProviderSide3DS = true
			w.payments.state = acp.PaymentNeedsAction
			r := acp.CompleteRequest{Handler: "card", Token: "spt_1", Authenticates: true}
			prepare(w, &r)
			s, err := w.checkout.Complete(t.Context(), w.caller(delegated), w.create(delegated), r)
			if err != nil || s.Status != acp.InProgress || w.payments.asked.NoAction {
				t.Errorf("%s %v, no action %v", s.Status, err, w.payments.asked.NoAction)
			}
		})
	}
}

func TestAnAcquirerIsWholeOrNone(t *testing.T) {
	if err := acquirer.Check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*acp.Acquirer){
		"no BIN":           func(a *acp.Acquirer) { a.BIN = "" },
		"a long BIN":       func(a *acp.Acquirer) { a.BIN = "123456789012" },
		"a country's name": func(a *acp.Acquirer) { a.Country = "USA" },
		"no merchant":      func(a *acp.Acquirer) { a.MerchantID, a.MerchantName = "", "" },
	} {
		a := acquirer
		if change(&a); a.Check() == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
