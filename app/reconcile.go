package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/jobs"
)

// orphansEvery is how often reservations of the last hours are looked at,
// orphansAgain how often those of the last days are, which is for what could
// not be given back at once. Card networks hold a reservation for seven days.
const (
	orphansEvery = 5 * time.Minute
	orphansSince = 2 * time.Hour
	orphansAgain = time.Hour
	orphansLast  = 8 * 24 * time.Hour
	// reconcileDue is how often it is looked whose comparison is due.
	reconcileDue = 10 * time.Minute
)

// buildReconcile needs a payment provider; without one there is nothing to
// look after.
func (b *bridge) buildReconcile(payments acp.Providers) error {
	if len(payments) == 0 {
		return nil
	}
	var err error
	b.orphans, err = acp.NewOrphans(acp.Orphans{
		Sessions: b.store, Book: b.store, Merchants: b.store, Payments: payments, NewID: newID, Now: b.world.Now, Log: b.world.Log,
	})
	if err != nil {
		return err
	}
	b.reconcile, err = acp.NewReconcile(acp.Reconcile{
		Book: b.store, Sessions: b.store, Merchants: b.store, Payments: payments, Orders: b.shop,
		NewID: newID, Now: b.world.Now, After: b.world.After, Log: b.world.Log,
	})
	return err
}

// lookAfterMoney is the periodic work on payments.
func (b *bridge) lookAfterMoney() []jobs.Periodic {
	return []jobs.Periodic{
		{Name: "orphans", Every: orphansEvery, Do: func(ctx context.Context) error { return b.releaseOrphans(ctx, orphansSince) }},
		{Name: "old_orphans", Every: orphansAgain, Do: func(ctx context.Context) error { return b.releaseOrphans(ctx, orphansLast) }},
		{Name: "reconcile_due", Every: reconcileDue, Do: b.reconcileDue},
	}
}

func (b *bridge) releaseOrphans(ctx context.Context, last time.Duration) error {
	if b.orphans == nil {
		return nil
	}
	merchants, err := b.store.KnownMerchants(ctx)
	if err != nil {
		return err
	}
	var failures []error
	for _, m := range merchants {
		if err := b.orphans.Release(ctx, m, last); err != nil {
			failures = append(failures, fmt.Errorf("merchant %s: %w", m, err))
		}
	}
	return errors.Join(failures...)
}

// reconcileDue enqueues the comparisons that are due. Each is a task of its
// own, so that a large shop keeps no other one waiting.
func (b *bridge) reconcileDue(ctx context.Context) error {
	if b.reconcile == nil {
		return nil
	}
	merchants, err := b.store.InstalledMerchants(ctx)
	if err != nil {
		return err
	}
	var tasks []acp.Task
	for _, m := range merchants {
		due, err := b.reconcile.Due(ctx, m)
		if err != nil {
			return err
		}
		if due {
			tasks = append(tasks, acp.Task{Kind: acp.TaskReconcile, Merchant: m, IfAbsent: true})
		}
	}
	return b.store.Enqueue(ctx, tasks...)
}

// reconcileTask runs a merchant's comparison; one that was enqueued before the
// provider was taken out of the configuration has nothing to do.
func (b *bridge) reconcileTask(ctx context.Context, t acp.Task) error {
	if b.reconcile == nil {
		return nil
	}
	return b.reconcile.Run(ctx, t.Merchant)
}

// compareSoon is nil where nothing can be compared.
func (b *bridge) compareSoon() func(context.Context, acp.MerchantID) error {
	if b.reconcile == nil {
		return nil
	}
	return b.reconcile.Soon
}
