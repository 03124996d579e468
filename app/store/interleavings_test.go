package store_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// remotes are the shop and the provider at one unlucky moment; what a test does
// not expect to be called is nil and panics.
type remotes struct {
	acp.Drafts
	acp.Payments
	calls []string

	draft     acp.Draft
	completes error // answer to completing the draft
	deletes   error // answer to deleting it
	refuses   error // answer to authorizing
	order     acp.Order
	held      acp.Payment // what the provider has under our reference
}

func (r *remotes) did(what string) { r.calls = append(r.calls, what) }

func (r *remotes) CompleteDraft(context.Context, acp.Merchant, string) (acp.Draft, error) {
	r.did("complete")
	return r.draft, r.completes
}

func (r *remotes) DeleteDraft(context.Context, acp.Merchant, string) error {
	r.did("delete")
	return r.deletes
}

func (r *remotes) Draft(context.Context, acp.Merchant, string) (acp.Draft, error) {
	return r.draft, nil
}

func (r *remotes) Order(context.Context, acp.Merchant, string) (acp.Order, error) {
	return r.order, nil
}
func (r *remotes) RecordPayment(context.Context, acp.Merchant, acp.Payment) error { return nil }

func (r *remotes) Quote(context.Context, acp.Merchant, acp.Cart) (acp.Quote, error) {
	return acp.Quote{}, &acp.Error{Kind: acp.KindUnavailable, Message: "not now"}
}

func (r *remotes) Name() string { return "Demo" }

func (r *remotes) Capabilities() acp.Capabilities {
	return acp.Capabilities{SeparateCapture: true, FindByReference: true}
}

func (r *remotes) Authorize(context.Context, acp.Merchant, acp.Authorization) (acp.Payment, error) {
	r.did("authorize")
	return acp.Payment{}, r.refuses
}

func (r *remotes) Find(context.Context, acp.Merchant, string) (acp.Payment, error) {
	if r.held.ProviderID == "" {
		return acp.Payment{}, acp.NotFound("payment")
	}
	return r.held, nil
}

func (r *remotes) Void(_ context.Context, _ acp.Merchant, p acp.Payment) (acp.Payment, error) {
	r.did("void " + p.ProviderID)
	p.State = acp.PaymentVoided
	return p, nil
}

func (r *remotes) Capture(_ context.Context, _ acp.Merchant, p acp.Payment) (acp.Payment, error) {
	r.did("capture " + p.ProviderID)
	p.State = acp.PaymentCaptured
	return p, nil
}

// paying stores a session whose attempt stands at a step, with 42.00 of the
// buyer's money in question.
func paying(t *testing.T, b *books, at acp.Step) acp.Session {
	t.Helper()
	s := sessionOf(t, b.m, "cs_1")
	s.Status, s.Handover = acp.InProgress, nil
	s.Attempt.Step, s.Attempt.Amount, s.Attempt.StartedAt = at, acp.Money{Amount: 4200, Currency: "usd"}, noon
	s.Attempt.DraftID, s.Attempt.PaymentID, s.Attempt.Failure = "draft", "pi_1", nil
	s.Attempt.Cancels, s.Attempt.Verdict = false, acp.Accept
	s.Attempt.Provider, s.Attempt.Holds, s.Attempt.Held = "Demo", acp.PaymentAuthorized, s.Attempt.Amount
	if at == acp.StepAuthorizing {
		s.Attempt.Holds = ""
		s.Attempt.DraftID, s.Attempt.PaymentID = "", ""
	}
	must(t, b.CreateSession(t.Context(), s))
	return s
}

func (b *books) resume(t *testing.T, r *remotes, id acp.SessionID) (acp.Session, error) {
	t.Helper()
	c, err := acp.NewCheckout(acp.CheckoutConfig{
		Sessions: b.Store, Finisher: b.Store, Items: b.Store, Merchants: b.Store, Vetting: b.Store, Shop: r, Drafts: r, Orders: r, Payments: acp.Providers{r},
		SessionTTL: time.Hour, Lease: time.Minute, Budget: 30 * time.Second,
		Now: func() time.Time { return noon }, NewID: rand.Text, Log: slog.New(slog.DiscardHandler),
	})
	must(t, err)
	_, failure := c.Resume(t.Context(), b.m.ID, id)
	s, err := b.Session(t.Context(), b.m.ID, "", id)
	must(t, err)
	return s, failure
}

func wantCalls(t *testing.T, r *remotes, want ...string) {
	t.Helper()
	if len(r.calls) != len(want) {
		t.Fatalf("calls %q, want %q", r.calls, want)
	}
	for i := range want {
		if r.calls[i] != want[i] {
			t.Fatalf("calls %q, want %q", r.calls, want)
		}
	}
}

func refused() error { return &acp.Error{Kind: acp.KindRefused, Message: "the shop says no"} }

// TestARefusalThatCrossedASuccessKeepsTheMoney: one driver hears "refused"
// while the call of another, that had lost its lease, makes the order.
func TestARefusalThatCrossedASuccessKeepsTheMoney(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s := paying(t, b, acp.StepCompleting)
		r := &remotes{
			completes: refused(), deletes: refused(), order: orderOf(s, "gid://shopify/Order/1"),
			draft: acp.Draft{ID: "draft", OrderID: "gid://shopify/Order/1", Total: s.Attempt.Amount},
		}
		got, err := b.resume(t, r, s.ID)
		must(t, err)
		wantCalls(t, r, "complete", "delete")
		if got.Status != acp.Completed || got.Order == nil || got.Order.ID != "gid://shopify/Order/1" {
			t.Fatalf("session %s, order %+v", got.Status, got.Order)
		}
		p, err := b.Payment(t.Context(), b.m.ID, s.ID)
		if err != nil || p.State != acp.PaymentAuthorized {
			t.Fatalf("payment to capture: %+v %v", p, err)
		}
	})
}

func TestARefusedOrdersDraftGoesBeforeTheMoneyIsGivenBack(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s := paying(t, b, acp.StepCompleting)
		r := &remotes{completes: refused(), deletes: &acp.Error{Kind: acp.KindUnknown, Message: "no answer"}}
		_, err := b.resume(t, r, s.ID)
		wantKind(t, err, acp.KindUnknown)
		wantCalls(t, r, "complete", "delete")
		r.deletes = nil
		got, err := b.resume(t, r, s.ID)
		must(t, err)
		wantCalls(t, r, "complete", "delete", "delete", "void pi_1", "delete")
		if got.Status != acp.Ready || got.Attempt.Live() || len(got.Messages) != 1 {
			t.Fatalf("session %s, attempt %s, messages %+v", got.Status, got.Attempt.Step, got.Messages)
		}
	})
}

func TestAnOrderOverAnotherAmountIsLeftToStaff(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s := paying(t, b, acp.StepCompleting)
		r := &remotes{completes: refused(), deletes: refused(), draft: acp.Draft{
			ID: "draft", OrderID: "gid://shopify/Order/1", Total: acp.Money{Amount: 4300, Currency: "usd"},
		}}
		got, err := b.resume(t, r, s.ID)
		must(t, err)
		wantCalls(t, r, "complete", "delete", "void pi_1", "delete")
		if got.Status != acp.Canceled || got.Attempt.Live() || got.Order != nil {
			t.Fatalf("session %s, attempt %s, order %+v", got.Status, got.Attempt.Step, got.Order)
		}
		list, err := b.Matters(t.Context(), b.m.ID)
		must(t, err)
		if len(list) != 1 || list[0].Kind != acp.MatterUnpaidOrder || list[0].Amount.Amount != 4300 {
			t.Fatalf("staff see %+v", list)
		}
	})
}

// TestATokenThatIsRefusedNowMayHavePaidBefore: the answer to the first try was
// lost, and by the second the provider does not want to know the token.
func TestATokenThatIsRefusedNowMayHavePaidBefore(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s := paying(t, b, acp.StepAuthorizing)
		r := &remotes{refuses: acp.Invalid("invalid", "", "this shop is not served"), held: acp.Payment{ProviderID: "pi_lost"}}
		got, err := b.resume(t, r, s.ID)
		must(t, err)
		wantCalls(t, r, "authorize", "void pi_lost")
		if got.Status != acp.Ready || got.Attempt.Live() {
			t.Fatalf("session %s, attempt %s", got.Status, got.Attempt.Step)
		}
	})
}

func TestACanceledOrdersPaymentIsGivenBackInsteadOfTaken(t *testing.T) {
	for name, c := range map[string]struct {
		age      time.Duration
		canceled time.Time
		call     string
		state    acp.PaymentState
	}{
		"canceled while the provider was away": {2 * time.Hour, noon, "void pi_1", acp.PaymentVoided},
		"late, but it stands":                  {2 * time.Hour, time.Time{}, "capture pi_1", acp.PaymentRecorded},
		"at once":                              {0, time.Time{}, "capture pi_1", acp.PaymentRecorded},
	} {
		t.Run(name, func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, b *books) {
				s, o := b.finished(t, "cs_1", "gid://shopify/Order/1")
				o.CanceledAt = c.canceled
				r := &remotes{order: o}
				settlement, err := acp.NewSettlement(acp.Settlement{
					Book: b.Store, Merchants: b.Store, Payments: acp.Providers{r}, Orders: r, Now: func() time.Time { return noon.Add(c.age) },
				})
				must(t, err)
				must(t, settlement.Settle(t.Context(), b.m.ID, s.ID))
				wantCalls(t, r, c.call)
				p, err := b.Payment(t.Context(), b.m.ID, s.ID)
				if err != nil || p.State != c.state {
					t.Fatalf("payment %s: %v", p.State, err)
				}
			})
		})
	}
}
