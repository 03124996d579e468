package acp_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/store/storetest"
)

// vault is a provider that keeps what it reserved or took. Its answers can be
// lost, or come late.
type vault struct {
	onePagePayments
	now func() time.Time

	mu       sync.Mutex
	payments []*acp.Payment
	lost     bool          // the next answers to Authorize
	asked    chan struct{} // told when Authorize is asked, where answers come late
	answer   chan struct{} // closed when Authorize may reserve and answer
	listing  func()        // called while reservations are listed
	refunds  []acp.Refund
	disputes []acp.Dispute
}

func (v *vault) Authorize(_ context.Context, _ acp.Merchant, a acp.Authorization) (acp.Payment, error) {
	v.mu.Lock()
	asked, answer := v.asked, v.answer
	v.mu.Unlock()
	if asked != nil {
		asked <- struct{}{}
		<-answer
	}
	p := acp.Payment{
		Session: a.Session, Attempt: a.Attempt, Reference: a.Reference, ProviderID: "pay_" + a.Reference, Provider: "Demo",
		Amount: a.Amount, State: v.state, CreatedAt: v.now(),
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.payments = append(v.payments, &p)
	if v.lost {
		return acp.Payment{}, &acp.Error{Kind: acp.KindUnknown, Message: "the answer was lost"}
	}
	return p, nil
}

func (v *vault) Find(_ context.Context, _ acp.Merchant, reference string) (acp.Payment, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, p := range v.payments {
		if p.Reference == reference {
			return *p, nil
		}
	}
	return acp.Payment{}, acp.NotFound("payment")
}

func (v *vault) byID(id string) *acp.Payment {
	for _, p := range v.payments {
		if p.ProviderID == id {
			return p
		}
	}
	return nil
}

func (v *vault) Read(_ context.Context, _ acp.Merchant, id string) (acp.Payment, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	p := v.byID(id)
	if p == nil {
		return acp.Payment{}, acp.NotFound("payment")
	}
	read := *p
	read.Refunds, read.Disputes = slices.Clone(v.refunds), slices.Clone(v.disputes)
	return read, nil
}

func (v *vault) Reserved(_ context.Context, _ acp.Merchant, from, to time.Time) ([]acp.Payment, error) {
	if v.listing != nil {
		v.listing()
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	var held []acp.Payment
	for _, p := range v.payments {
		if p.State == acp.PaymentAuthorized && !p.CreatedAt.Before(from) && p.CreatedAt.Before(to) {
			held = append(held, *p)
		}
	}
	return held, nil
}

func (v *vault) Void(_ context.Context, _ acp.Merchant, p acp.Payment) (acp.Payment, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	kept := v.byID(p.ProviderID)
	kept.State = acp.PaymentVoided
	return *kept, nil
}

func (v *vault) Refund(_ context.Context, _ acp.Merchant, _ acp.Payment, r acp.RefundRequest) (acp.Refund, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	made := acp.Refund{ID: "re_" + r.Reference, Reference: r.Reference, Amount: r.Amount, State: acp.RefundSucceeded, At: v.now()}
	v.refunds = append(v.refunds, made)
	return made, nil
}

func (v *vault) states() map[string]acp.PaymentState {
	v.mu.Lock()
	defer v.mu.Unlock()
	states := map[string]acp.PaymentState{}
	for _, p := range v.payments {
		states[p.ProviderID] = p.State
	}
	return states
}

// openVault is a world whose payments are a vault.
func openVault(t *testing.T, abilities acp.Capabilities) (*world, *vault, *acp.Orphans) {
	t.Helper()
	w := openWorld(t)
	v := &vault{onePagePayments: onePagePayments{state: acp.PaymentAuthorized, abilities: abilities}, now: w.now}
	if !abilities.SeparateCapture {
		v.state = acp.PaymentCaptured
	}
	w.by(v)
	orphans, err := acp.NewOrphans(acp.Orphans{
		Sessions: w.store, Book: w.store, Merchants: w.store, Payments: acp.Providers{v}, NewID: rand.Text, Now: w.now,
		Log: slog.New(slog.DiscardHandler),
	})
	w.must(err)
	return w, v, orphans
}

var reserving = acp.Capabilities{SeparateCapture: true, FindByReference: true}

func (w *world) pay(id acp.SessionID) error {
	_, err := w.checkout.Complete(w.t.Context(), w.caller(delegated), id, acp.CompleteRequest{Handler: "card", Token: "spt_1"})
	return err
}

func (w *world) resumeAll(id acp.SessionID) {
	w.t.Helper()
	_, err := w.checkout.Resume(w.t.Context(), w.merchant.ID, id)
	w.must(err)
}

// A driver loses its lease while the provider is slow; another one finds
// nothing and gives the attempt up. The reservation that comes after that is
// nobody's: the slow driver's session is stale, and the sweep voids it. What
// the buyer pays meanwhile stays theirs.
func TestWhatADriverReservedAfterItWasReplacedIsVoided(t *testing.T) {
	w, v, orphans := openVault(t, reserving)
	id := w.create(delegated)
	v.asked, v.answer = make(chan struct{}), make(chan struct{})
	slow := make(chan error, 1)
	go func() { slow <- w.pay(id) }()
	<-v.asked
	w.must(orphans.Release(t.Context(), w.merchant.ID, time.Hour))
	w.clock = w.clock.Add(30 * time.Minute) // the lease is over, and patience, too
	w.resumeAll(id)
	if got := w.status(id); got != acp.Ready {
		t.Fatalf("given up, it is %s", got)
	}
	v.mu.Lock()
	v.asked = nil
	v.mu.Unlock()
	close(v.answer)
	if err := <-slow; acp.KindOf(err) != acp.KindStale {
		t.Fatalf("the replaced driver: %v", err)
	}
	w.must(w.pay(id)) // the second attempt becomes the order
	w.clock = w.clock.Add(20 * time.Minute)
	w.must(orphans.Release(t.Context(), w.merchant.ID, time.Hour))
	first, second := "pay_"+acp.Attempt{Number: 1}.Reference(id), "pay_"+acp.Attempt{Number: 2}.Reference(id)
	if got := v.states(); got[first] != acp.PaymentVoided || got[second] != acp.PaymentAuthorized {
		t.Fatalf("payments %v", got)
	}
	moved, err := w.store.Movements(t.Context(), w.merchant.ID, id)
	w.must(err)
	kinds := ""
	for _, m := range moved {
		kinds += string(m.Kind) + " " + m.PaymentID + "\n"
	}
	if want := "authorize " + second + "\nauthorize " + first + "\nvoid " + first + "\n"; kinds != want {
		t.Errorf("ledger\n%swant\n%s", kinds, want)
	}
}

// An attempt that may still own a reservation keeps it: its driver crashed
// between sending and saving, or is at work while reservations are listed.
func TestAReservationOfAnAttemptUnderWayIsLeftAlone(t *testing.T) {
	w, v, orphans := openVault(t, reserving)
	crashed, racing := w.create(delegated), w.create(delegated)
	v.lost = true
	if err := w.pay(crashed); acp.KindOf(err) != acp.KindUnknown {
		t.Fatal(err)
	}
	w.clock = w.clock.Add(20 * time.Minute)
	v.listing = func() { // another buyer pays while the list is made, and its clock was slow
		v.listing = nil
		if err := w.pay(racing); acp.KindOf(err) != acp.KindUnknown {
			t.Error(err)
		}
		v.mu.Lock()
		v.payments[1].CreatedAt = storetest.Noon
		v.mu.Unlock()
	}
	w.must(orphans.Release(t.Context(), w.merchant.ID, time.Hour))
	for id, state := range v.states() {
		if state != acp.PaymentAuthorized {
			t.Errorf("%s is %s", id, state)
		}
	}
	v.lost = false
	w.resumeAll(racing)
	if got := w.status(racing); got != acp.Completed {
		t.Errorf("carried on, it is %s", got)
	}
	if held := len(v.states()); held != 2 {
		t.Errorf("%d payments", held)
	}
	w.resumeAll(crashed) // too late for an order: its own driver gives the money back
	if got := v.states()["pay_"+acp.Attempt{Number: 1}.Reference(crashed)]; got != acp.PaymentVoided {
		t.Errorf("the crashed one's is %s", got)
	}
}

// While somebody else has the session in hand, nothing of it is touched.
func TestTheSweepRespectsALease(t *testing.T) {
	w, v, orphans := openVault(t, reserving)
	id := w.create(delegated)
	v.state = acp.PaymentDeclined
	w.must(w.pay(id))
	v.payments[0].State = acp.PaymentAuthorized // the provider changed its mind
	w.clock = w.clock.Add(20 * time.Minute)
	w.must(w.store.LeaseSession(t.Context(), w.merchant.ID, id, "somebody", w.clock, w.clock.Add(time.Minute)))
	w.must(orphans.Release(t.Context(), w.merchant.ID, time.Hour))
	if got := v.payments[0].State; got != acp.PaymentAuthorized {
		t.Fatalf("under a lease it became %s", got)
	}
	w.clock = w.clock.Add(2 * time.Minute)
	w.must(orphans.Release(t.Context(), w.merchant.ID, time.Hour))
	if got := v.payments[0].State; got != acp.PaymentVoided {
		t.Errorf("nobody's, and it is %s", got)
	}
}
