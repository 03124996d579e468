package app

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/store/storetest"
)

// openBooks is a sandbox whose app a test can reach into, and whose app's clock it
// puts forward; the stand-ins keep the real time.
type openBooks struct {
	*running
	s *sandbox
	m acp.Merchant
	clock
	stripe func(t *testing.T, path string, form url.Values) reply // what staff do in Stripe, or another program
}

// withBooks runs a test on each engine.
func withBooks(t *testing.T, test func(t *testing.T, b *openBooks)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { test(t, startBooks(t, "")) })
	t.Run("postgres", func(t *testing.T) {
		if testing.Short() {
			t.Skip("several sales and comparisons: on SQLite only in short mode")
		}
		storetest.NeedPostgres(t)
		test(t, startBooks(t, storetest.Postgres(t)))
	})
}

func startBooks(t *testing.T, database string) *openBooks {
	t.Helper()
	b := &openBooks{}
	b.s, b.running = startOpened(t, func(f *sandboxFlags) {
		f.databaseURL = acp.Secret(database)
		f.now = b.now
	})
	var err error
	if b.m, err = b.s.bridge.store.MerchantByShop(t.Context(), sandboxShop); err != nil {
		t.Fatal(err)
	}
	// Here nobody but staff carries anything over: the comparison is to find what
	// is left undone.
	if err := b.s.bridge.store.SetFollowing(t.Context(), b.m.ID, acp.Following{}); err != nil {
		t.Fatal(err)
	}
	b.stripe = func(t *testing.T, path string, form url.Values) reply {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.StripeURL+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+b.s.keys.StripeKey)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		raw, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %s", path, resp.StatusCode, raw)
		}
		return reply{Status: resp.StatusCode, Raw: string(raw)}
	}
	return b
}

// sale is one that came about: its session, and its payment at Stripe.
type sale struct {
	checkoutSession
	payment string
	order   string
}

func (b *openBooks) sell(t *testing.T) sale {
	t.Helper()
	s := b.payable(t)
	return b.complete(t, s, payment(b.token(t, s.total(), "pm_card_visa")))
}

func (b *openBooks) complete(t *testing.T, s checkoutSession, pay map[string]any) sale {
	t.Helper()
	got := b.insist(t, "/checkout_sessions/"+s.ID+"/complete", b.key(), pay)
	if got.decode(t, &s); s.Status != "completed" {
		t.Fatalf("complete: %d %s", got.Status, got.Raw)
	}
	p, err := b.s.bridge.store.Payment(t.Context(), b.m.ID, acp.SessionID(s.ID))
	if err != nil {
		t.Fatal(err)
	}
	return sale{checkoutSession: s, payment: p.ProviderID, order: p.OrderID}
}

// settled waits until a sale's money is taken and recorded.
func (b *openBooks) settled(t *testing.T, s sale) sale {
	t.Helper()
	b.eventually(t, "the payment is recorded", func() bool {
		p, err := b.s.bridge.store.Payment(t.Context(), b.m.ID, acp.SessionID(s.ID))
		return err == nil && p.State == acp.PaymentRecorded
	})
	b.s.idle(t, b.running) // whoever else heard that it was taken
	return s
}

// deed is what staff do with an order in Shopify.
func (b *openBooks) deed(t *testing.T, s sale, deed string) {
	t.Helper()
	got := b.send(t, http.MethodPost, b.ShopifyURL+"/_sandbox/orders/"+numericTail(s.order)+"/"+deed, "", "", nil)
	if got.Status != http.StatusOK {
		t.Fatalf("%s: %d %s", deed, got.Status, got.Raw)
	}
}

// reserve makes a payment with our marks that these books know nothing of.
func (b *openBooks) reserve(t *testing.T, session string, attempt int, capture string) string {
	t.Helper()
	var made struct{ ID string }
	b.stripe(t, "/v1/payment_intents", url.Values{
		"amount": {"1200"}, "currency": {"usd"}, "confirm": {"true"}, "payment_method": {"pm_card_visa"}, "capture_method": {capture},
		"metadata[acp_reference]": {acp.Attempt{Number: attempt}.Reference(acp.SessionID(session))},
		"metadata[acp_session]":   {session}, "metadata[acp_attempt]": {fmt.Sprint(attempt)},
	}).decode(t, &made)
	return made.ID
}

// compare runs the nightly comparison of the next night, or, when the app is
// still at one that began before that, of the night after.
func (b *openBooks) compare(t *testing.T) (r acp.MoneyReport) {
	t.Helper()
	b.eventually(t, "the night is compared", func() bool {
		b.advance(25 * time.Hour)
		night := b.now().Truncate(time.Millisecond)
		r = b.compareNow(t)
		return !r.Run.StartedAt.Before(night)
	})
	return r
}

func (b *openBooks) compareNow(t *testing.T) acp.MoneyReport {
	t.Helper()
	b.eventually(t, "nobody else compares", func() bool {
		err := b.s.bridge.reconcile.Run(t.Context(), b.m.ID)
		if err != nil && acp.KindOf(err) != acp.KindInFlight {
			t.Fatal(err)
		}
		return err == nil
	})
	return b.report(t)
}

func (b *openBooks) report(t *testing.T) acp.MoneyReport {
	t.Helper()
	report, err := b.s.bridge.store.MoneyReport(t.Context(), b.m.ID, 50, 50)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// wantDifferences compares what is open, in plain words and any order.
func wantDifferences(t *testing.T, r acp.MoneyReport, want ...string) {
	t.Helper()
	var got []string
	for _, d := range r.Open {
		got = append(got, d.What)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("open differences:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// ledger is a session's movements as "kind amount", in the order of time.
func (b *openBooks) ledger(t *testing.T, session string) []string {
	t.Helper()
	moved, err := b.s.bridge.store.Movements(t.Context(), b.m.ID, acp.SessionID(session))
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, m := range moved {
		list = append(list, fmt.Sprintf("%s %d", m.Kind, m.Amount.Amount))
	}
	return list
}

func TestTheNightlyComparisonFindsWhatTheBooksDisagreeAbout(t *testing.T) {
	if testing.Short() {
		t.Skip("several sales, or instances: the sweep and the faults stand for it in short mode")
	}
	withBooks(t, func(t *testing.T, b *openBooks) {
		clean, back, disputed, canceled, gone := b.sell(t), b.sell(t), b.sell(t), b.sell(t), b.sell(t)
		open := b.payable(t)
		atOnce := b.complete(t, open, tillPayment(b.tillToken(t, open.total(), "good"))) // its provider cannot reserve
		for _, s := range []sale{clean, back, disputed, canceled, gone, atOnce} {
			b.settled(t, s)
		}
		total := acp.Money{Amount: back.total(), Currency: "usd"}

		if r := b.compare(t); !r.Run.Complete() || r.Run.Compared != 6 || len(r.Open) != 0 {
			t.Fatalf("six sales without a fault: %+v", r)
		}

		b.holdEvents(t, true) // else the ledger may learn of them before the comparison does
		b.stripe(t, "/v1/refunds", url.Values{"payment_intent": {back.payment}, "amount": {"500"}})
		b.send(t, http.MethodPost, b.StripeURL+"/_sandbox/payments/"+disputed.payment+"/dispute", "", "", map[string]any{})
		b.deed(t, canceled, "cancel")
		b.deed(t, gone, "delete")
		b.advance(6 * 24 * time.Hour) // a week after the sales they are looked at again
		r := b.compare(t)
		refund := []string{
			"Refunded 5.00 USD at Stripe, the ledger says 0.00 USD",
			"Order #1002 says 0.00 USD refunded, Stripe says 5.00 USD",
		}
		lasting := []string{
			"Order #1004 is canceled, Stripe still holds " + total.String(),
			"Stripe holds " + total.String() + ", its order no longer exists in Shopify",
		}
		dispute := "A buyer's bank took " + total.String() + " back at Stripe, the ledger did not say so"
		wantDifferences(t, r, append(append(refund, lasting...), dispute)...)
		if !r.Run.Complete() || r.Run.LastError != "" {
			t.Errorf("run %+v", r.Run)
		}
		for _, d := range r.Open {
			if d.Provider != "Stripe" || d.PaymentID == "" || d.OrderID == "" || d.FirstSeen.IsZero() {
				t.Errorf("difference %+v", d)
			}
		}
		if got, want := b.ledger(t, back.ID), []string{
			fmt.Sprintf("authorize %d", total.Amount), fmt.Sprintf("capture %d", total.Amount), "refund 500",
		}; !slices.Equal(got, want) {
			t.Errorf("ledger %v, want %v", got, want)
		}

		// What was only missing in the ledger is told once; the rest stays open
		// until somebody mends it.
		first := r.Run.StartedAt
		wantDifferences(t, b.compare(t), append(lasting, refund[1])...)
		b.stripe(t, "/v1/refunds", url.Values{"payment_intent": {canceled.payment}})
		b.stripe(t, "/v1/refunds", url.Values{"payment_intent": {gone.payment}})
		b.compare(t)
		r = b.compare(t)
		wantDifferences(t, r, refund[1])
		if len(r.Open) == 1 && (r.Open[0].FirstSeen.After(first.Add(time.Minute)) || r.Open[0].LastSeen.Before(r.Run.StartedAt)) {
			t.Errorf("seen from %s to %s, first on %s", r.Open[0].FirstSeen, r.Open[0].LastSeen, first)
		}
		if got := b.ledger(t, clean.ID); len(got) != 2 {
			t.Errorf("ledger of the sale that nobody touched: %v", got)
		}
	})
}

// A provider or a shop that cannot be read leaves the run incomplete, says no
// untruth, and is asked again an hour later.
func TestWhatCannotBeReadIsNoDifference(t *testing.T) {
	inFull(t)
	withBooks(t, func(t *testing.T, b *openBooks) {
		b.compareNow(t) // the one that is due at the start
		sold := b.settled(t, b.sell(t))
		for _, c := range []struct {
			standIn, operation, mode string
			days                     int // until the sale is looked at again
		}{
			{b.StripeURL, "payment_intents.retrieve", "http_500", 7}, {b.ShopifyURL, "nodes", "user_error", 24},
		} {
			// Lasting, because others read payments too: who follows one after a webhook.
			b.fault(t, c.standIn, c.operation, c.mode, lasting)
			b.advance(time.Duration(c.days) * 24 * time.Hour)
			r := b.compareNow(t)
			if r.Run.Complete() || r.Run.Unread != 1 || r.Run.LastError == "" || len(r.Open) != 0 {
				t.Fatalf("%s: %+v", c.operation, r)
			}
			if again := b.compareNow(t); !again.Run.FinishedAt.Equal(r.Run.FinishedAt) {
				t.Errorf("%s: tried again at once", c.operation)
			}
			b.mended(t, c.standIn)
			b.advance(time.Hour + time.Minute)
			if r = b.compareNow(t); !r.Run.Complete() || r.Run.Compared != 1 {
				t.Errorf("%s: an hour later: %+v", c.operation, r.Run)
			}
			wantDifferences(t, r)
		}
		if got := b.ledger(t, sold.ID); len(got) != 2 {
			t.Errorf("ledger %v", got)
		}
	})
}

func TestAReservationThatNoCheckoutOwnsIsGivenBack(t *testing.T) {
	inFull(t)
	withBooks(t, func(t *testing.T, b *openBooks) {
		// The first attempt is declined, the second one pays; an answer to the
		// first one that comes late has reserved money all the same.
		s := b.payable(t)
		complete := "/checkout_sessions/" + s.ID + "/complete"
		b.insist(t, complete, b.key(), payment(b.token(t, s.total(), "pm_card_chargeDeclined")))
		b.insist(t, complete, b.key(), payment(b.token(t, s.total(), "pm_card_visa")))
		b.soldOnce(t, s)
		late := b.reserve(t, s.ID, 1, "manual")
		twin := b.reserve(t, s.ID, 2, "manual")      // of the attempt that became the order
		future := b.reserve(t, s.ID, 3, "manual")    // the books were restored from before it
		foreign := b.reserve(t, "cs_x", 1, "manual") // or from before the session
		release := func() {
			t.Helper()
			if err := b.s.bridge.releaseOrphans(t.Context(), orphansLast); err != nil {
				t.Fatal(err)
			}
		}
		states := func() map[string]string {
			states := map[string]string{}
			for _, p := range b.money(t).Payments {
				states[p.ID] = p.Status
			}
			return states
		}
		release()
		if got := states()[late]; got != "requires_capture" {
			t.Fatalf("a fresh reservation is %s", got)
		}
		b.advance(20 * time.Minute)
		// The app's own sweep may hold the lease of the checkout just then.
		eventually(t, "both are given back and in the ledger", func() bool {
			release()
			got := states()
			return got[late] == "canceled" && got[twin] == "canceled" && b.unowned(t, s.ID, late) == 1 && b.unowned(t, s.ID, twin) == 1
		})
		release()
		if got := states(); got[future] != "requires_capture" || got[foreign] != "requires_capture" {
			t.Fatalf("future %s, foreign %s", got[future], got[foreign])
		}
		if n := b.unowned(t, s.ID, late) + b.unowned(t, s.ID, twin); n != 2 {
			t.Errorf("the ledger tells of two reservations %d times", n)
		}
		b.soldOnceOf(t, s, late, twin, future, foreign)
		unknown := "Stripe holds 12.00 USD for a checkout that this app does not know"
		wantDifferences(t, b.report(t), unknown, unknown)
		b.compare(t)
		wantDifferences(t, b.report(t), unknown, unknown)

		// Staff take one and give the other one back.
		b.stripe(t, "/v1/payment_intents/"+future+"/capture", url.Values{})
		b.stripe(t, "/v1/payment_intents/"+foreign+"/cancel", url.Values{})
		wantDifferences(t, b.compare(t), "Stripe took 12.00 USD, no order exists")
		b.stripe(t, "/v1/refunds", url.Values{"payment_intent": {future}})
		b.compare(t)
		wantDifferences(t, b.compare(t))
	})
}

// unowned counts the ledger's rows that say why a payment was given back.
func (b *openBooks) unowned(t *testing.T, session, payment string) int {
	t.Helper()
	rows, err := b.s.bridge.store.Movements(t.Context(), b.m.ID, acp.SessionID(session))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, m := range rows {
		if m.Kind == acp.MoveVoid && m.Reason == "no checkout and no order owns it" && m.PaymentID == payment {
			n++
		}
	}
	return n
}

// soldOnceOf is soldOnce beside payments that are none of the sale's.
func (b *openBooks) soldOnceOf(t *testing.T, s checkoutSession, others ...string) {
	t.Helper()
	captured := int64(0)
	for _, p := range b.money(t).Payments {
		if !slices.Contains(others, p.ID) {
			captured += p.Received
		}
	}
	if captured != s.total() {
		t.Errorf("captured %d of %d", captured, s.total())
	}
}

func TestAnOrderMarkedPaidWhoseMoneyIsOnlyReservedIsTold(t *testing.T) {
	if testing.Short() {
		t.Skip("several sales, or instances: the sweep and the faults stand for it in short mode")
	}
	withBooks(t, func(t *testing.T, b *openBooks) {
		b.fault(t, b.StripeURL, "payment_intents.capture", "drop_before", lasting)
		s := b.sell(t)
		if r := b.compareNow(t); len(r.Open) != 0 {
			t.Fatalf("money on its way was told: %+v", r.Open)
		}
		b.deed(t, s, "pay")
		wantDifferences(t, b.compare(t), "Order #1001 is marked paid, Stripe holds only a reservation")
		b.stripe(t, "/v1/payment_intents/"+s.payment+"/cancel", url.Values{})
		b.eventually(t, "the app knows that it is gone", func() bool {
			p, err := b.s.bridge.store.Payment(t.Context(), b.m.ID, acp.SessionID(s.ID))
			return err == nil && p.State == acp.PaymentLost
		})
		r := b.compare(t)
		if len(r.Open) == 0 || !slices.ContainsFunc(r.Open, func(d acp.Difference) bool {
			return d.What == "Order #1001 is marked paid, Stripe holds nothing" && d.Kind == acp.DifferNothingHeld
		}) {
			t.Errorf("open: %+v", r.Open)
		}
	})
}

// Two instances on one database, and a second poke while one is at work,
// compare a night once.
func TestANightIsComparedOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("several sales, or instances: the sweep and the faults stand for it in short mode")
	}
	withBooks(t, func(t *testing.T, b *openBooks) {
		b.settled(t, b.sell(t))
		b.compare(t)
		second, err := b.s.build(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := second.close(); err != nil {
				t.Error(err)
			}
		})
		before := b.shop(t).Calls["OrderBalances.nodes"]
		b.advance(7 * 24 * time.Hour)
		for range 3 {
			var all sync.WaitGroup
			for _, instance := range []*bridge{b.s.bridge, second, b.s.bridge, second} {
				all.Go(func() {
					if err := instance.reconcile.Run(t.Context(), b.m.ID); err != nil && acp.KindOf(err) != acp.KindInFlight {
						t.Error(err)
					}
				})
			}
			all.Wait()
		}
		b.compareNow(t) // when the app itself is at it, it has ended then
		if reads := b.shop(t).Calls["OrderBalances.nodes"] - before; reads != 1 {
			t.Errorf("the order was read %d times", reads)
		}
		if r := b.report(t); !r.Run.Complete() || r.Run.Compared != 1 {
			t.Errorf("run %+v", r.Run)
		}
	})
}

// The queue runs what is due, at three at night on the shop's clock or when
// staff ask for it, and nothing in between.
func TestTheQueueRunsTheComparisonWhenItIsDue(t *testing.T) {
	inFull(t)
	withBooks(t, func(t *testing.T, b *openBooks) {
		last := b.compare(t).Run
		ran := func(poke func() error) {
			t.Helper()
			b.eventually(t, "the queue compares", func() bool {
				if err := poke(); err != nil {
					t.Fatal(err)
				}
				run := b.report(t).Run
				return run.StartedAt.After(last.StartedAt) && run.Complete()
			})
			last = b.report(t).Run
		}
		zone, err := time.LoadLocation(b.m.Timezone)
		if err != nil {
			t.Fatal(err)
		}
		if at := last.NextAt.In(zone); at.Hour() != 3 || at.Minute() != 0 || last.NextAt.Sub(last.FinishedAt) > 25*time.Hour {
			t.Errorf("finished on %s, the next one is due on %s", last.FinishedAt, at)
		}
		if due, err := b.s.bridge.reconcile.Due(t.Context(), b.m.ID); err != nil || due {
			t.Errorf("due again at once: %v %v", due, err)
		}
		b.eventually(t, "nobody compares any more", func() bool {
			err := b.s.bridge.reconcile.Soon(t.Context(), b.m.ID)
			if err != nil && acp.KindOf(err) != acp.KindInFlight {
				t.Fatal(err)
			}
			return err == nil
		})
		ran(func() error { return nil })
		b.advance(25 * time.Hour)
		// More than once: one that finds the queue not yet done with the job of
		// before adds none, as between two of its looks in production.
		ran(func() error { return b.s.bridge.reconcileDue(t.Context()) })
	})
}
