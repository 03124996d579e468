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

// paidOrder is a shop that knows of one order whether it is paid or canceled,
// and of no refunds.
type paidOrder struct {
	*onePageShop
	acp.ShopRefunds
	paid     int // times it was recorded
	canceled time.Time
}

func (s *paidOrder) Order(ctx context.Context, m acp.Merchant, id string) (acp.Order, error) {
	o, err := s.onePageShop.Order(ctx, m, id)
	o.CanceledAt = s.canceled
	return o, err
}

func (s *paidOrder) RecordPayment(context.Context, acp.Merchant, acp.Payment) error {
	s.paid++
	return nil
}

func (s *paidOrder) OrderMoney(context.Context, acp.Merchant, acp.Payment) (acp.OrderMoney, error) {
	return acp.OrderMoney{CanceledAt: s.canceled}, nil
}

func (s *paidOrder) CancelOrder(context.Context, acp.Merchant, string, string) error {
	s.canceled = time.Unix(1, 0)
	return nil
}

// refusing is a provider that will not capture as often as a test says, and
// what it then says of it.
type refusing struct {
	*onePagePayments
	kind     acp.Kind
	refusals int
	captured int
}

func (p *refusing) Capture(ctx context.Context, m acp.Merchant, pay acp.Payment) (acp.Payment, error) {
	if p.refusals > 0 {
		p.refusals--
		return acp.Payment{}, &acp.Error{Kind: p.kind, Message: "not now"}
	}
	p.captured++
	p.state = acp.PaymentCaptured
	return p.onePagePayments.Capture(ctx, m, pay)
}

func (p *refusing) Void(ctx context.Context, m acp.Merchant, pay acp.Payment) (acp.Payment, error) {
	p.state = acp.PaymentVoided
	return p.onePagePayments.Void(ctx, m, pay)
}

// soldTo is an order that was placed and is about to be paid at the provider.
func (w *world) soldTo(p *refusing, shop *paidOrder) (acp.SessionID, *acp.Aftercare) {
	w.t.Helper()
	w.by(p)
	id := w.complete(w.create(delegated))
	settlement, err := acp.NewSettlement(acp.Settlement{Book: w.store, Merchants: w.store, Payments: acp.Providers{p}, Orders: shop, Now: w.now})
	w.must(err)
	care, err := acp.NewAftercare(acp.Aftercare{
		Settlement: settlement, Book: w.store, Sessions: w.store, Shop: shop, Lease: time.Minute, NewID: rand.Text, Log: slog.New(slog.DiscardHandler),
	})
	w.must(err)
	return id, care
}

func TestARefusedCaptureIsTriedAgainWhileTheMoneyIsReserved(t *testing.T) {
	w := openWorld(t)
	p, shop := &refusing{onePagePayments: w.payments, kind: acp.KindUnavailable, refusals: 1}, &paidOrder{onePageShop: w.shop}
	id, care := w.soldTo(p, shop)
	if err := care.Settlement.Settle(t.Context(), w.merchant.ID, id); acp.KindOf(err) != acp.KindUnavailable {
		t.Fatalf("refused: %v", err)
	}
	w.clock = w.clock.Add(2 * time.Hour)
	if list := w.matters(); len(list) != 1 || list[0].Kind != acp.MatterCaptureBy {
		t.Errorf("staff are told of %+v", list)
	}
	w.must(care.Settlement.Settle(t.Context(), w.merchant.ID, id))
	if got := w.moved(id); p.captured != 1 || shop.paid != 1 || len(w.matters()) != 0 || !slices.Equal(got, []string{"authorize 5.00", "capture 5.00"}) {
		t.Errorf("captured %d times, recorded %d times, ledger %q, staff are told of %+v", p.captured, shop.paid, got, w.matters())
	}
}

// A payment that was given up is looked at again whenever there is news of it.
func TestALostPaymentIsLookedAtAgain(t *testing.T) {
	for name, c := range map[string]struct {
		at       acp.PaymentState // at the provider
		canceled bool             // the order, by staff
		cancels  bool             // the merchant wants orders without money canceled
		state    acp.PaymentState
		paid     int
		matters  int
	}{
		"captured by hand":                     {acp.PaymentCaptured, false, true, acp.PaymentRecorded, 1, 0},
		"reserved after all":                   {acp.PaymentAuthorized, false, true, acp.PaymentRecorded, 1, 0},
		"reserved, but the order was canceled": {acp.PaymentAuthorized, true, false, acp.PaymentVoided, 0, 0},
		"gone":                                 {acp.PaymentVoided, false, false, acp.PaymentLost, 0, 1},
		"gone, and the order is canceled":      {acp.PaymentVoided, false, true, acp.PaymentLost, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			p, shop := &refusing{onePagePayments: w.payments, kind: acp.KindRefused, refusals: 1}, &paidOrder{onePageShop: w.shop}
			id, care := w.soldTo(p, shop)
			w.must(w.store.SetFollowing(t.Context(), w.merchant.ID, acp.Following{ProviderCancels: c.cancels}))
			w.must(care.Settlement.Settle(t.Context(), w.merchant.ID, id))
			if list := w.matters(); len(list) != 1 || list[0].Kind != acp.MatterLost {
				t.Fatalf("staff are told of %+v", list)
			}
			if p.state = c.at; c.canceled {
				shop.canceled = w.clock
			}
			w.must(care.Follow(t.Context(), w.merchant.ID, id))
			now, err := w.store.Payment(t.Context(), w.merchant.ID, id)
			w.must(err)
			if now.State != c.state || shop.paid != c.paid || len(w.matters()) != c.matters {
				t.Errorf("%s, recorded %d times, staff are told of %+v", now.State, shop.paid, w.matters())
			}
			if canceled := !shop.canceled.IsZero(); canceled != (c.canceled || c.cancels && c.state == acp.PaymentLost) {
				t.Errorf("canceled: %v", canceled)
			}
		})
	}
}

func TestAnOrderThatTheBuyerPaidInShopifyIsNotCanceledForItsLostPayment(t *testing.T) {
	w := openWorld(t)
	p, shop := &refusing{onePagePayments: w.payments, kind: acp.KindRefused, refusals: 1}, &paidOrder{onePageShop: w.shop}
	id, care := w.soldTo(p, shop)
	w.must(w.store.SetFollowing(t.Context(), w.merchant.ID, acp.Following{ProviderCancels: true}))
	w.must(care.Settlement.Settle(t.Context(), w.merchant.ID, id))
	p.state, w.shop.sales = acp.PaymentVoided, []acp.OrderSale{{ID: "card", Method: "shopify_payments", Amount: usd(500)}}
	w.must(care.Follow(t.Context(), w.merchant.ID, id))
	if !shop.canceled.IsZero() {
		t.Error("the order is canceled")
	}
}

func TestAnOrderIsNotCanceledForAPaymentThatCannotBeRead(t *testing.T) {
	w := openWorld(t)
	p, shop := &refusing{onePagePayments: w.payments, kind: acp.KindRefused, refusals: 1}, &paidOrder{onePageShop: w.shop}
	id, care := w.soldTo(p, shop)
	w.must(w.store.SetFollowing(t.Context(), w.merchant.ID, acp.Following{ProviderCancels: true}))
	w.must(care.Settlement.Settle(t.Context(), w.merchant.ID, id))
	w.unreachable(id)
	if err := care.Follow(t.Context(), w.merchant.ID, id); acp.KindOf(err) != acp.KindUnavailable || !shop.canceled.IsZero() {
		t.Errorf("%v, canceled %s", err, shop.canceled)
	}
}
