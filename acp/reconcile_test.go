package acp_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// oneOrder is a shop's view of every order that it is asked for.
type oneOrder struct {
	*acp.OrderBalance
	gone bool
}

func (o *oneOrder) OrderBalances(_ context.Context, _ acp.Merchant, ids []string) (map[string]acp.OrderBalance, error) {
	found := map[string]acp.OrderBalance{}
	for _, id := range ids {
		if !o.gone {
			b := *o.OrderBalance
			b.ID = id
			found[id] = b
		}
	}
	return found, nil
}

func usd(amount int64) acp.Money { return acp.Money{Amount: amount, Currency: "usd"} }

// Each row spoils one book of a sale over 5.00 dollars that is captured and
// paid, and says what staff read the night after.
func TestEachDisagreementIsToldInPlainWords(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(v *vault, p *acp.Payment, o *oneOrder)
		want  []string
	}{
		"nothing": {func(*vault, *acp.Payment, *oneOrder) {}, nil},
		"order not marked paid": {func(_ *vault, _ *acp.Payment, o *oneOrder) { o.Paid = false }, []string{
			"Demo took 5.00 USD, order #1001 is not marked paid",
		}},
		"order edited": {func(_ *vault, _ *acp.Payment, o *oneOrder) { o.Total = usd(650) }, []string{
			"Order #1001 costs 6.50 USD, Demo took 5.00 USD",
		}},
		"a part taken, and not marked paid": {func(_ *vault, p *acp.Payment, o *oneOrder) { p.Amount, o.Paid = usd(400), false }, []string{
			"Demo took 4.00 USD, the ledger says 5.00 USD", "Order #1001 costs 5.00 USD, Demo took 4.00 USD",
		}},
		"refunded in the shop only": {func(_ *vault, _ *acp.Payment, o *oneOrder) { o.Refunded = usd(200) }, []string{
			"Order #1001 says 2.00 USD refunded, Demo says 0.00 USD",
		}},
		"paid in Shopify, too": {func(_ *vault, _ *acp.Payment, o *oneOrder) {
			o.Sales, o.Received = []acp.OrderSale{{ID: "gid://shopify/OrderTransaction/1", Method: "shopify_payments"}}, usd(500)
		}, []string{"Order #1001 costs 5.00 USD, 5.00 USD was paid for it in Shopify, Demo took 5.00 USD as well"}},
		"a part paid in Shopify, too": {func(_ *vault, _ *acp.Payment, o *oneOrder) {
			o.Sales, o.Received = []acp.OrderSale{{ID: "gid://shopify/OrderTransaction/1", Method: "gift_card"}}, usd(50)
			o.Paid = false
		}, []string{"Order #1001 costs 5.00 USD, 0.50 USD was paid for it in Shopify, Demo took 5.00 USD as well"}},
		"paid in Shopify, and refunded there": {func(_ *vault, _ *acp.Payment, o *oneOrder) {
			o.Sales, o.Received = []acp.OrderSale{{ID: "gid://shopify/OrderTransaction/1", Method: "shopify_payments"}}, usd(500)
			o.Refunded = usd(500)
		}, nil},
		"paid in Shopify after it was recorded": {func(_ *vault, p *acp.Payment, o *oneOrder) {
			o.Received = usd(1000)
			o.Sales = []acp.OrderSale{{ID: "1", Method: "Demo (" + p.ProviderID + ")", Manual: true}, {ID: "2", Method: "shopify_payments"}}
		}, []string{"Order #1001 costs 5.00 USD and received 10.00 USD, of which 5.00 USD by Demo"}},
		"paid in Shopify, and refunded here": {func(v *vault, _ *acp.Payment, o *oneOrder) {
			o.Sales, o.Received = []acp.OrderSale{{ID: "gid://shopify/OrderTransaction/1", Method: "shopify_payments"}}, usd(500)
			v.refunds = []acp.Refund{{ID: "re_1", Amount: usd(500), State: acp.RefundSucceeded}}
		}, []string{"Refunded 5.00 USD at Demo, the ledger says 0.00 USD"}},
		"paid in Shopify, and reserved here": {func(_ *vault, p *acp.Payment, o *oneOrder) {
			o.Sales, o.Received = []acp.OrderSale{{ID: "gid://shopify/OrderTransaction/1", Method: "shopify_payments"}}, usd(500)
			p.State = acp.PaymentAuthorized
		}, []string{"The ledger says 5.00 USD taken, Demo took nothing", "Order #1001 was paid in Shopify, Demo still holds 5.00 USD"}},
		"paid in Shopify and refunded there, and reserved here": {func(_ *vault, p *acp.Payment, o *oneOrder) {
			o.Sales, o.Received = []acp.OrderSale{{ID: "gid://shopify/OrderTransaction/1", Method: "shopify_payments"}}, usd(500)
			o.Refunded, p.State = usd(500), acp.PaymentAuthorized
		}, []string{"The ledger says 5.00 USD taken, Demo took nothing", "Order #1001 is marked paid, Demo holds only a reservation"}},
		"canceled, and its money disputed": {func(v *vault, _ *acp.Payment, o *oneOrder) {
			o.CanceledAt = o.UpdatedAt
			v.disputes = []acp.Dispute{{ID: "dp_1", Amount: usd(500), State: acp.DisputeLost}}
		}, []string{"A buyer's bank took 5.00 USD back at Demo, the ledger did not say so"}},
		"order edited, and only its first price paid": {func(_ *vault, _ *acp.Payment, o *oneOrder) {
			o.Paid, o.Total, o.Received = false, usd(650), usd(500)
		}, []string{"Order #1001 costs 6.50 USD, Demo took 5.00 USD"}},
		"order edited, and only a part paid": {func(_ *vault, _ *acp.Payment, o *oneOrder) {
			o.Paid, o.Total, o.Received = false, usd(650), usd(150)
		}, []string{"Demo took 5.00 USD, order #1001 is not marked paid", "Order #1001 costs 6.50 USD, Demo took 5.00 USD"}},
		"cash refunded for an item that was added": {func(_ *vault, _ *acp.Payment, o *oneOrder) {
			o.Total, o.Received, o.Refunded = usd(650), usd(650), usd(150)
		}, []string{"Order #1001 costs 6.50 USD, Demo took 5.00 USD"}},
		"a refund that failed": {func(v *vault, _ *acp.Payment, _ *oneOrder) {
			v.refunds = []acp.Refund{{ID: "re_1", Amount: usd(200), State: acp.RefundFailed}}
		}, nil},
		"less taken than the ledger says": {func(_ *vault, p *acp.Payment, _ *oneOrder) { p.Amount = usd(400) }, []string{
			"Demo took 4.00 USD, the ledger says 5.00 USD", "Order #1001 costs 5.00 USD, Demo took 4.00 USD",
		}},
		"only reserved": {func(_ *vault, p *acp.Payment, _ *oneOrder) { p.State = acp.PaymentAuthorized }, []string{
			"The ledger says 5.00 USD taken, Demo took nothing", "Order #1001 is marked paid, Demo holds only a reservation",
		}},
		"voided": {func(_ *vault, p *acp.Payment, o *oneOrder) { p.State, o.Paid = acp.PaymentVoided, false }, []string{
			"The ledger says 5.00 USD taken, Demo took nothing", "Order #1001 is placed, Demo holds nothing",
		}},
		"unknown to the provider": {func(v *vault, _ *acp.Payment, _ *oneOrder) { v.payments = nil }, []string{
			"The ledger has the payment PAYMENT, Demo does not know it",
		}},
		"canceled, money kept": {func(_ *vault, _ *acp.Payment, o *oneOrder) { o.CanceledAt = o.UpdatedAt }, []string{
			"Order #1001 is canceled, Demo still holds 5.00 USD",
		}},
		"deleted order": {func(_ *vault, _ *acp.Payment, o *oneOrder) { o.gone = true }, []string{
			"Demo holds 5.00 USD, its order no longer exists in Shopify",
		}},
		"disputed": {func(v *vault, _ *acp.Payment, _ *oneOrder) {
			v.disputes = []acp.Dispute{{ID: "dp_1", Amount: usd(500), State: acp.DisputeLost}}
		}, []string{"A buyer's bank took 5.00 USD back at Demo, the ledger did not say so"}},
		"asked about by a bank": {func(v *vault, _ *acp.Payment, _ *oneOrder) {
			v.disputes = []acp.Dispute{{ID: "dp_1", Amount: usd(500), State: acp.DisputeInquiry}, {ID: "dp_2", Amount: usd(500), State: acp.DisputeWithdrawn}}
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w, v, _ := openVault(t, reserving)
			shop := &oneOrder{OrderBalance: &acp.OrderBalance{Name: "#1001", Paid: true, Total: usd(500), Refunded: usd(0), UpdatedAt: w.clock}}
			id := w.create(delegated)
			w.must(w.pay(id))
			w.settle(v, id)
			test.spoil(v, v.payments[0], shop)
			payment := "pay_" + acp.Attempt{Number: 1}.Reference(id)
			var got []string
			for _, d := range w.compare(v, shop).Open {
				got = append(got, d.What)
			}
			for i, words := range test.want {
				if words == "The ledger has the payment PAYMENT, Demo does not know it" {
					test.want[i] = "The ledger has the payment " + payment + ", Demo does not know it"
				}
			}
			slices.Sort(got)
			slices.Sort(test.want)
			if !slices.Equal(got, test.want) {
				t.Errorf("told %q\nwant %q", got, test.want)
			}
		})
	}
}

// Shopify shows apps no orders older than sixty days: what was found before
// stays open, and the missing order is no difference.
func TestAnOrderThatIsTooOldToBeReadIsNotGone(t *testing.T) {
	w, v, _ := openVault(t, reserving)
	shop := &oneOrder{OrderBalance: &acp.OrderBalance{Name: "#1001", Paid: true, Total: usd(500), Refunded: usd(200), UpdatedAt: w.clock}}
	id := w.create(delegated)
	w.must(w.pay(id))
	w.settle(v, id)
	first := w.compare(v, shop)
	if len(first.Open) != 1 {
		t.Fatalf("open %+v", first.Open)
	}
	shop.gone = true
	w.clock = w.clock.Add(61 * 24 * time.Hour)
	later := w.compare(v, shop)
	if len(later.Open) != 1 || later.Open[0].What != first.Open[0].What || !later.Open[0].LastSeen.Equal(first.Open[0].LastSeen) {
		t.Errorf("open %+v", later.Open)
	}
}

// settle captures a session's payment, as the task does.
func (w *world) settle(v *vault, id acp.SessionID) {
	w.t.Helper()
	v.byID("pay_" + acp.Attempt{Number: 1}.Reference(id)).State = acp.PaymentCaptured
	settlement, err := acp.NewSettlement(acp.Settlement{
		Book: w.store, Merchants: w.store, Payments: acp.Providers{v}, Orders: w.shop, Now: w.now,
	})
	w.must(err)
	w.must(settlement.Settle(w.t.Context(), w.merchant.ID, id))
}

// compare is the next night.
func (w *world) compare(v *vault, shop acp.OrderBalances) acp.MoneyReport {
	w.t.Helper()
	reconcile, err := acp.NewReconcile(acp.Reconcile{
		Book: w.store, Sessions: w.store, Merchants: w.store, Payments: acp.Providers{v}, Orders: shop,
		NewID: rand.Text, Now: w.now, After: time.After, Log: slog.New(slog.DiscardHandler),
	})
	w.must(err)
	w.clock = w.clock.Add(25 * time.Hour)
	w.must(reconcile.Run(w.t.Context(), w.merchant.ID))
	report, err := w.store.MoneyReport(w.t.Context(), w.merchant.ID, 10, 10)
	w.must(err)
	if !report.Run.Complete() || report.Run.Compared == 0 {
		w.t.Fatalf("run %+v", report.Run)
	}
	return report
}

// What was given back because no order came of it may come back days later,
// when nothing moves any more that would have the comparison look.
func TestARefundWithoutAnOrderThatFailsLaterIsTold(t *testing.T) {
	w, v, _ := openVault(t, acp.Capabilities{}) // it takes the money at once
	shop := &oneOrder{OrderBalance: &acp.OrderBalance{}, gone: true}
	w.shop.total = 501 // so that no order comes of it
	id := w.create(delegated)
	w.must(w.pay(id))
	if open := w.compare(v, shop).Open; len(open) != 0 || len(v.refunds) != 1 {
		t.Fatalf("told of %+v after %+v", open, v.refunds)
	}
	w.clock = w.clock.Add(24 * time.Hour)
	v.refunds[0].State = acp.RefundFailed
	watch, err := acp.NewPaymentWatch(acp.PaymentWatch{Sessions: w.store, Merchants: w.store, Rechecks: w.store, Payments: acp.Providers{v}, Now: w.now})
	w.must(err)
	w.must(watch.Hear(t.Context(), w.merchant.ID, acp.PaymentNews{Provider: v.Name(), PaymentID: v.payments[0].ProviderID}))
	var told []acp.DifferenceKind
	for _, d := range w.compare(v, shop).Open {
		told = append(told, d.Kind)
	}
	if !slices.Contains(told, acp.DifferNoOrder) {
		t.Errorf("told of %q", told)
	}
}
