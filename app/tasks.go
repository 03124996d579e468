package app

import (
	"context"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/jobs"
)

func (b *bridge) openQueue(ctx context.Context) (*jobs.Queue, error) {
	return jobs.Open(ctx, jobs.Config{
		DB: b.database.SQL(), Dialect: b.database.Dialect(), Handlers: b.tasks(), Periodic: b.periodic(),
		Workers: b.config.JobWorkers, Poll: b.world.PollJobs, Timeout: taskTimeout, Log: b.world.Log,
	})
}

// keepDeliveries is longer than Shopify repeats a webhook, so that a repetition
// is still recognised.
const keepDeliveries = 7 * 24 * time.Hour

// tasks says which use case carries out which task. It is made before the use
// cases are, so each one is looked up when it is called.
func (b *bridge) tasks() map[acp.TaskKind]jobs.Handler {
	return map[acp.TaskKind]jobs.Handler{
		acp.TaskResumeCheckout: func(ctx context.Context, t acp.Task) (time.Duration, error) {
			return b.checkout.Resume(ctx, t.Merchant, acp.SessionID(t.Key))
		},
		acp.TaskWatchHandOff: once(func(ctx context.Context, t acp.Task) error {
			return b.checkout.WatchHandOff(ctx, t.Merchant, acp.SessionID(t.Key))
		}),
		acp.TaskSweepDrafts: once(func(ctx context.Context, t acp.Task) error {
			return b.checkout.SweepDrafts(ctx, t.Merchant)
		}),
		acp.TaskSettlePayment: once(func(ctx context.Context, t acp.Task) error {
			return b.settle(ctx, t)
		}),
		acp.TaskFollowPayment: once(func(ctx context.Context, t acp.Task) error {
			return b.follow(ctx, t)
		}),
		acp.TaskSendEvents: func(ctx context.Context, t acp.Task) (time.Duration, error) {
			return b.events.Send(ctx, t.Merchant, t.Key)
		},
		acp.TaskRefreshOrder: once(func(ctx context.Context, t acp.Task) error {
			return b.orders.Refresh(ctx, t.Merchant, t.Key)
		}),
		acp.TaskProcessInbox: once(func(ctx context.Context, t acp.Task) error {
			return b.inbox.Process(ctx, t.Merchant, t.Key)
		}),
		acp.TaskMirrorCatalog: func(ctx context.Context, t acp.Task) (time.Duration, error) {
			return b.catalog.Advance(ctx, t.Merchant)
		},
		acp.TaskRefreshItems: once(func(ctx context.Context, t acp.Task) error {
			return b.catalog.RefreshDirty(ctx, t.Merchant)
		}),
		acp.TaskReconcile: once(b.reconcileTask),
	}
}

// taskTimeout is what one run of a task may take; reading in a catalog of a
// million variants takes a few minutes.
const taskTimeout = 30 * time.Minute

// settle needs a provider; without one the payment stays where it is and the
// dashboard says so.
func (b *bridge) settle(ctx context.Context, t acp.Task) error {
	if b.settlement == nil {
		return &acp.Error{Kind: acp.KindUnavailable, Message: "no payment provider is configured to settle with"}
	}
	return b.settlement.Settle(ctx, t.Merchant, acp.SessionID(t.Key))
}

// follow needs a provider, too: it reads the payment there.
func (b *bridge) follow(ctx context.Context, t acp.Task) error {
	if b.aftercare == nil {
		return &acp.Error{Kind: acp.KindUnavailable, Message: "no payment provider is configured to follow payments at"}
	}
	return b.aftercare.Follow(ctx, t.Merchant, acp.SessionID(t.Key))
}

func once(do func(context.Context, acp.Task) error) jobs.Handler {
	return func(ctx context.Context, t acp.Task) (time.Duration, error) { return 0, do(ctx, t) }
}

// sweepEvery is how often rows with unfinished work are looked for, in case
// their task was lost or given up.
const sweepEvery = 10 * time.Minute

// cartsLinger is how long the row of a cart outlives it: longer than the
// idempotency key of the request that made it, so that its retry finds it.
const cartsLinger = 2 * claimTTL

func (b *bridge) periodic() []jobs.Periodic {
	return append(b.lookAfterMoney(), []jobs.Periodic{
		{Name: "mirror_due", Every: time.Hour, Do: b.mirrorDue},
		{Name: "sweep", Every: sweepEvery, Do: b.sweep},
		{Name: "sweep_drafts", Every: 24 * time.Hour, Do: b.sweepDrafts},
		{Name: "purge_claims", Every: time.Hour, Do: func(ctx context.Context) error {
			_, err := b.store.PurgeClaims(ctx, b.world.Now())
			return err
		}},
		{Name: "purge_tries", Every: time.Hour, Do: func(ctx context.Context) error {
			return b.store.PurgeTries(ctx, b.world.Now().Add(-acp.TryWindow))
		}},
		{Name: "purge_carts", Every: time.Hour, Do: func(ctx context.Context) error {
			_, err := b.store.PurgeCarts(ctx, b.world.Now().Add(-cartsLinger))
			return err
		}},
		{Name: "purge_deliveries", Every: time.Hour, Do: func(ctx context.Context) error {
			_, err := b.store.PurgeDeliveries(ctx, b.world.Now().Add(-keepDeliveries))
			return err
		}},
	}...)
}

// mirrorDue catches what webhooks lost: it reads again every shop and catalog
// whose last full run is old. A shop that cannot be read stays as it was.
func (b *bridge) mirrorDue(ctx context.Context) error {
	merchants, err := b.store.InstalledMerchants(ctx)
	if err != nil {
		return err
	}
	for _, m := range merchants {
		mirror, err := b.store.Mirror(ctx, m)
		if err != nil {
			return err
		}
		if b.world.Now().Sub(mirror.FinishedAt) < b.config.MirrorEvery {
			continue
		}
		if err := b.install.RefreshProfile(ctx, m); err != nil {
			b.world.Log.WarnContext(ctx, "shop not read again", "merchant", m, "error", err)
		}
		if err := b.catalog.Request(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// sweepDrafts has every shop searched for drafts that no session owns.
func (b *bridge) sweepDrafts(ctx context.Context) error {
	merchants, err := b.store.InstalledMerchants(ctx)
	if err != nil {
		return err
	}
	tasks := make([]acp.Task, len(merchants))
	for i, m := range merchants {
		tasks[i] = acp.Task{Kind: acp.TaskSweepDrafts, Merchant: m, IfAbsent: true}
	}
	return b.store.Enqueue(ctx, tasks...)
}

// recover carries on at once, after a crash, what this database's only process
// left. Several instances on one PostgreSQL wait for the leases to run out.
func (b *bridge) recover(ctx context.Context) error {
	if err := b.store.Recover(ctx); err != nil || b.database.Dialect() != "sqlite" {
		return err
	}
	tasks, err := b.store.Unfinished(ctx, b.world.Now())
	if err != nil {
		return err
	}
	for i := range tasks {
		tasks[i].IfAbsent = false // what the dead process was running still counts as running
	}
	return b.store.Enqueue(ctx, tasks...)
}

// sweep enqueues afresh whatever a row says is not done.
func (b *bridge) sweep(ctx context.Context) error {
	tasks, err := b.store.Unfinished(ctx, b.world.Now().Add(-sweepEvery))
	if err != nil {
		return err
	}
	return b.store.Enqueue(ctx, tasks...)
}
