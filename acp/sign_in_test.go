package acp_test

import (
	"slices"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

// signInTold is the session's message that buyers must sign in.
func signInTold(s acp.Session) acp.Message {
	at := slices.IndexFunc(s.Messages, func(m acp.Message) bool { return m.Text == acp.TextSignInRequired })
	if at < 0 {
		return acp.Message{}
	}
	return s.Messages[at]
}

// Nobody can sign in for the buyer, so no token is charged past that demand,
// whenever the shop makes it.
func TestAShopThatDemandsAccountsHandsBuyersOver(t *testing.T) {
	for name, begin := range map[string]takes{
		"when the session is opened":    func(w *world) acp.SessionID { w.signInRequired(""); return w.create(delegated) },
		"when the session is changed":   func(w *world) acp.SessionID { return w.update(w.signInRequired(w.create(delegated))) },
		"when the session is completed": func(w *world) acp.SessionID { return w.complete(w.signInRequired(w.create(delegated))) },
	} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			s := w.session(begin(w))
			if s.Status != acp.Escalated || s.Handover == nil || s.Handover.Token == "" || s.Attempt != nil {
				t.Errorf("%s, %+v, %+v", s.Status, s.Handover, s.Attempt)
			}
			m := signInTold(s)
			if m.Type != acp.Problem || m.Code != acp.CodeRequiresSignIn || m.Resolution != acp.ResolveByBuyerInput {
				t.Errorf("told %+v", m)
			}
		})
	}
}

func TestAShopThatHandsOverAnywayOnlyHintsAtTheSignIn(t *testing.T) {
	w := openWorld(t)
	w.merchant.Completion = handedOver
	if m := signInTold(w.session(w.create(handedOver))); m.Text != "" {
		t.Errorf("told without a reason: %+v", m)
	}
	w.signInRequired("")
	s := w.session(w.create(handedOver))
	if m := signInTold(s); s.Status != acp.Escalated || m.Type != acp.Info || m.Resolution != acp.ResolveByBuyerInput {
		t.Errorf("%s, told %+v", s.Status, m)
	}
}

// The draft of an attempt to pay by token must not be found again as that of
// the hand-off, so their numbers differ.
func TestAHandOffAfterAFailedAttemptHasADraftOfItsOwn(t *testing.T) {
	w := openWorld(t)
	w.payments.state = acp.PaymentDeclined
	id := w.complete(w.create(delegated))
	w.signInRequired(id)
	s := w.session(w.complete(id))
	if s.Status != acp.Escalated || s.Attempt == nil || s.Handover.Revision <= int64(s.Attempt.Number) {
		t.Errorf("%s, handover %+v after attempt %+v", s.Status, s.Handover, s.Attempt)
	}
}
