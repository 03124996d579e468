package acp_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// strange is a provider at which something else happens than was asked for.
type strange struct {
	*onePagePayments
	reserves int64        // instead of what was asked; zero: that
	taken    int64        // by hand before it is voided or captured
	refunds  []acp.Refund // by hand and by us
}

func (p *strange) Authorize(ctx context.Context, m acp.Merchant, a acp.Authorization) (acp.Payment, error) {
	if p.reserves > 0 {
		a.Amount.Amount = p.reserves
	}
	return p.onePagePayments.Authorize(ctx, m, a)
}

func (p *strange) Void(ctx context.Context, m acp.Merchant, pay acp.Payment) (acp.Payment, error) {
	if p.taken == 0 {
		return p.onePagePayments.Void(ctx, m, pay)
	}
	return p.Capture(ctx, m, pay)
}

func (p *strange) Capture(_ context.Context, _ acp.Merchant, pay acp.Payment) (acp.Payment, error) {
	if p.taken > 0 {
		pay.Amount.Amount = p.taken
	}
	pay.State = acp.PaymentCaptured
	return pay, nil
}

func (p *strange) Read(ctx context.Context, m acp.Merchant, id string) (acp.Payment, error) {
	pay, err := p.onePagePayments.Read(ctx, m, id)
	pay.Refunds = p.refunds
	return pay, err
}

func (p *strange) Refund(_ context.Context, _ acp.Merchant, pay acp.Payment, r acp.RefundRequest) (acp.Refund, error) {
	left := pay.Amount.Amount
	for _, other := range p.refunds {
		left -= other.Amount.Amount
	}
	if r.Amount.Amount > left {
		return acp.Refund{}, &acp.Error{Kind: acp.KindRefused, Message: "more than is left"}
	}
	made := acp.Refund{ID: "re_" + r.Key, Reference: r.Reference, Amount: r.Amount, State: acp.RefundSucceeded}
	p.refunds = append(p.refunds, made)
	return made, nil
}

func (w *world) moved(id acp.SessionID) (moved []string) {
	w.t.Helper()
	all, err := w.store.Movements(w.t.Context(), w.merchant.ID, id)
	w.must(err)
	for _, m := range all {
		moved = append(moved, string(m.Kind)+" "+m.Amount.Decimal())
	}
	slices.Sort(moved)
	return moved
}

// What is given back, and what the ledger says of it, is what the provider had
// and not what it was asked for.
func TestWhatIsGivenBackIsWhatWasHeld(t *testing.T) {
	byHand := func(cents int64) []acp.Refund {
		return []acp.Refund{{ID: "re_hand", Amount: acp.Money{Amount: cents, Currency: "usd"}, State: acp.RefundSucceeded}}
	}
	for name, c := range map[string]struct {
		at     strange
		atOnce bool
		moved  []string
	}{
		"less was reserved":                  {strange{reserves: 300}, false, []string{"authorize 3.00", "void 3.00"}},
		"less was taken":                     {strange{reserves: 300}, true, []string{"capture 3.00", "refund 3.00"}},
		"taken by hand":                      {strange{taken: 400}, false, []string{"authorize 5.00", "capture 4.00", "refund 4.00"}},
		"taken and given back by hand":       {strange{taken: 500, refunds: byHand(500)}, false, []string{"authorize 5.00", "capture 5.00"}},
		"taken and given back in part, each": {strange{taken: 500, refunds: byHand(200)}, false, []string{"authorize 5.00", "capture 5.00", "refund 3.00"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			c.at.onePagePayments = w.payments
			w.by(&c.at)
			w.shop.total = 501 // so that no order comes of it
			if c.atOnce {
				w.payments.state, w.payments.abilities.SeparateCapture = acp.PaymentCaptured, false
			}
			id := w.complete(w.create(delegated))
			if s := w.session(id); s.Status != acp.Ready || s.Attempt.Live() {
				t.Errorf("%s at %s", s.Status, s.Attempt.Step)
			}
			if got := w.moved(id); !slices.Equal(got, c.moved) {
				t.Errorf("ledger %q, want %q", got, c.moved)
			}
		})
	}
}

// asking is a shop that keeps what it was asked to record, and refuses it.
type asking struct {
	*onePageShop
	recorded []acp.Money
}

func (s *asking) RecordPayment(_ context.Context, _ acp.Merchant, p acp.Payment) error {
	s.recorded = append(s.recorded, p.Amount)
	return &acp.Error{Kind: acp.KindInternal, Message: "the order's balance is another"}
}

// Staff may take a part of a reservation in the provider's dashboard. What was
// taken is asked to be recorded, and not what was reserved.
func TestTheLedgerSaysWhatWasTaken(t *testing.T) {
	w := openWorld(t)
	p, shop := &strange{onePagePayments: w.payments, taken: 400}, &asking{onePageShop: w.shop}
	w.by(p)
	id := w.complete(w.create(delegated))
	settlement, err := acp.NewSettlement(acp.Settlement{
		Book: w.store, Merchants: w.store, Payments: acp.Providers{p}, Orders: shop, Now: w.now,
	})
	w.must(err)
	for range 2 { // the second time, what was taken is read from the books
		if err := settlement.Settle(t.Context(), w.merchant.ID, id); acp.KindOf(err) != acp.KindInternal {
			t.Errorf("settled: %v", err)
		}
	}
	if want := (acp.Money{Amount: 400, Currency: "usd"}); !slices.Equal(shop.recorded, []acp.Money{want, want}) {
		t.Errorf("asked to record %v", shop.recorded)
	}
	if got, want := w.moved(id), []string{"authorize 5.00", "capture 4.00"}; !slices.Equal(got, want) {
		t.Errorf("ledger %q, want %q", got, want)
	}
}

// lapsed is a provider whose reservation is gone.
type lapsed struct{ *onePagePayments }

func (lapsed) Capture(context.Context, acp.Merchant, acp.Payment) (acp.Payment, error) {
	return acp.Payment{}, &acp.Error{Kind: acp.KindRefused, Message: "the reservation is gone"}
}

// Staff read until when a reservation that is not taken lives. That they ticked
// it off does not keep from them that it has lapsed.
func TestStaffReadOfAReservationBeforeItLapsesAndAfter(t *testing.T) {
	w := openWorld(t)
	w.payments.lapses = w.clock.Add(30 * time.Hour)
	id := w.complete(w.create(delegated))
	w.clock = w.clock.Add(2 * time.Hour)
	list := w.matters()
	if len(list) != 1 || list[0].Kind != acp.MatterCaptureBy || !list[0].AnswerBy.Equal(w.payments.lapses) || list[0].OrderName != "#1001" {
		t.Fatalf("before: %+v", list)
	}
	w.must(w.store.HandleMatter(t.Context(), w.merchant.ID, list[0].Kind, list[0].ID))
	settlement, err := acp.NewSettlement(acp.Settlement{
		Book: w.store, Merchants: w.store, Payments: acp.Providers{lapsed{w.payments}}, Orders: w.shop, Now: w.now,
	})
	w.must(err)
	w.must(settlement.Settle(t.Context(), w.merchant.ID, id))
	if list = w.matters(); len(list) != 1 || list[0].Kind != acp.MatterLost {
		t.Errorf("after: %+v", list)
	}
}

// deletedOrders is a shop whose staff canceled and deleted the order.
type deletedOrders struct{ *onePageShop }

func (deletedOrders) Order(context.Context, acp.Merchant, string) (acp.Order, error) {
	return acp.Order{}, acp.NotFound("order")
}

func TestTheMoneyOfADeletedOrderIsNotTaken(t *testing.T) {
	w := openWorld(t)
	id := w.complete(w.create(delegated))
	w.clock = w.clock.Add(time.Hour)
	settlement, err := acp.NewSettlement(acp.Settlement{
		Book: w.store, Merchants: w.store, Payments: acp.Providers{w.payments}, Orders: deletedOrders{w.shop}, Now: w.now,
	})
	w.must(err)
	w.must(settlement.Settle(t.Context(), w.merchant.ID, id))
	if got, want := w.moved(id), []string{"authorize 5.00", "void 5.00"}; !slices.Equal(got, want) {
		t.Errorf("ledger %q, want %q", got, want)
	}
}

// stubborn is a provider whose payment staff took by hand, and whose buyer then
// went to their bank: it refuses to give the money back.
type stubborn struct{ *onePagePayments }

func (p stubborn) Void(_ context.Context, _ acp.Merchant, pay acp.Payment) (acp.Payment, error) {
	p.state = acp.PaymentCaptured
	pay.State = p.state
	return pay, nil
}

func (stubborn) Refund(context.Context, acp.Merchant, acp.Payment, acp.RefundRequest) (acp.Refund, error) {
	return acp.Refund{}, &acp.Error{Kind: acp.KindRefused, Message: "the charge is disputed"}
}

func TestMoneyThatIsNotGivenBackEndsTheSessionAndIsShown(t *testing.T) {
	w := openWorld(t)
	w.by(stubborn{w.payments})
	id := w.held()
	w.must(w.decide(id, false))
	s := w.session(id)
	if s.Status != acp.Canceled || s.Attempt.Live() || len(s.Messages) != 1 || s.Messages[0].Text != acp.TextNotGivenBack {
		t.Errorf("%s at %s, %+v", s.Status, s.Attempt.Step, s.Messages)
	}
	open, err := w.store.OpenDifferences(t.Context(), w.merchant.ID, id)
	w.must(err)
	if len(open) != 1 || open[0].Kind != acp.DifferNoOrder || open[0].Found != "5.00 USD taken" {
		t.Errorf("staff see %+v", open)
	}
	if got, want := w.moved(id), []string{"authorize 5.00", "capture 5.00"}; !slices.Equal(got, want) {
		t.Errorf("ledger %q, want %q", got, want)
	}
}

// A reservation that neither can be taken nor given back now is shown, too.
type deaf struct{ *onePagePayments }

func (deaf) Void(context.Context, acp.Merchant, acp.Payment) (acp.Payment, error) {
	return acp.Payment{}, &acp.Error{Kind: acp.KindRefused, Message: "not now"}
}

func TestAReservationThatIsNotGivenBackEndsTheSessionAndIsShown(t *testing.T) {
	w := openWorld(t)
	w.by(deaf{w.payments})
	id := w.held()
	w.must(w.decide(id, false))
	open, err := w.store.OpenDifferences(t.Context(), w.merchant.ID, id)
	w.must(err)
	if s := w.session(id); s.Status != acp.Canceled || len(open) != 1 || open[0].Kind != acp.DifferOwnerless {
		t.Errorf("%s, staff see %+v", s.Status, open)
	}
}

// idle answers a void as if it had been carried out, with the payment in
// whatever state it is.
type idle struct {
	*onePagePayments
	answers acp.PaymentState
}

func (p idle) Void(_ context.Context, _ acp.Merchant, pay acp.Payment) (acp.Payment, error) {
	pay.State = p.answers
	return pay, nil
}

func TestAVoidThatChangedNothingDoesNotKeepTheSessionForever(t *testing.T) {
	for name, c := range map[string]struct {
		answers acp.PaymentState
		status  acp.Status
		moved   []string
		open    int // differences that staff see
	}{
		"it is still reserved":    {acp.PaymentAuthorized, acp.Canceled, []string{"authorize 5.00"}, 1},
		"it had failed meanwhile": {acp.PaymentDeclined, acp.Ready, []string{"authorize 5.00", "void 5.00"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			w.by(idle{w.payments, c.answers})
			id := w.held()
			w.must(w.decide(id, false))
			open, err := w.store.OpenDifferences(t.Context(), w.merchant.ID, id)
			w.must(err)
			if s := w.session(id); s.Status != c.status || s.Attempt.Live() || len(open) != c.open {
				t.Errorf("%s at %s, staff see %+v", s.Status, s.Attempt.Step, open)
			}
			if got := w.moved(id); !slices.Equal(got, c.moved) {
				t.Errorf("ledger %q, want %q", got, c.moved)
			}
		})
	}
}

// The ledger says that money was given back as soon as it was, however long the
// shop stays out of reach.
func TestTheLedgerDoesNotWaitForTheShop(t *testing.T) {
	w := openWorld(t)
	id := w.held()
	w.shop.stuck = &acp.Error{Kind: acp.KindUnavailable, Message: "no answer"}
	if err := w.decide(id, false); acp.KindOf(err) != acp.KindUnavailable {
		t.Fatal(err)
	}
	if got, want := w.moved(id), []string{"authorize 5.00", "void 5.00"}; !slices.Equal(got, want) || w.status(id) != acp.InProgress {
		t.Errorf("%s, ledger %q, want %q", w.status(id), got, want)
	}
	w.payments.fail, w.shop.stuck = w.shop.stuck, nil // the provider is not needed any more
	_, err := w.checkout.Resume(t.Context(), w.merchant.ID, id)
	if s := w.session(id); err != nil || s.Status != acp.Ready || w.payments.voided != 1 {
		t.Errorf("%s, %d voided, %v", s.Status, w.payments.voided, err)
	}
}
