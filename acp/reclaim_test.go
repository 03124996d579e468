package acp_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// noOrders is a shop without orders.
type noOrders struct{}

func (noOrders) OrderBalances(context.Context, acp.Merchant, []string) (map[string]acp.OrderBalance, error) {
	return nil, nil
}

// A provider that cannot reserve takes the money of an attempt that was given
// up before its answer came. No list of reservations shows it; the comparison
// finds it by its reference, refunds it once, and leaves orders alone.
func TestMoneyTakenForNobodyIsRefundedOnce(t *testing.T) {
	w, v, _ := openVault(t, acp.Capabilities{FindByReference: true})
	reconcile, err := acp.NewReconcile(acp.Reconcile{
		Book: w.store, Sessions: w.store, Merchants: w.store, Payments: acp.Providers{v}, Orders: noOrders{},
		NewID: rand.Text, Now: w.now, After: time.After, Log: slog.New(slog.DiscardHandler),
	})
	w.must(err)
	id := w.create(delegated)
	v.asked, v.answer = make(chan struct{}), make(chan struct{})
	slow := make(chan error, 1)
	go func() { slow <- w.pay(id) }()
	<-v.asked
	w.clock = w.clock.Add(30 * time.Minute)
	w.resumeAll(id)
	v.mu.Lock()
	v.asked = nil
	v.mu.Unlock()
	close(v.answer)
	if err := <-slow; acp.KindOf(err) != acp.KindStale {
		t.Fatalf("the replaced driver: %v", err)
	}
	for night := range 3 {
		w.clock = w.clock.Add(25 * time.Hour)
		w.must(reconcile.Run(t.Context(), w.merchant.ID))
		report, err := w.store.MoneyReport(t.Context(), w.merchant.ID, 10, 10)
		w.must(err)
		if !report.Run.Complete() || len(v.refunds) != 1 || v.refunds[0].Amount.Amount != 500 {
			t.Fatalf("night %d: %+v, refunds %+v", night, report.Run, v.refunds)
		}
		told := len(report.Open) > 0
		if told != (night == 0) {
			t.Errorf("night %d: %+v", night, report.Open)
		}
	}
	moved, err := w.store.Movements(t.Context(), w.merchant.ID, id)
	w.must(err)
	if len(moved) != 2 || moved[0].Kind != acp.MoveCapture || moved[1].Kind != acp.MoveRefund || moved[1].Reason != "no checkout and no order owns it" {
		t.Errorf("ledger %+v", moved)
	}
}
