package acp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Reconcile compares, every night, our ledger with what the payment providers
// and the shop say, and writes down where they disagree. It moves no money,
// with one exception: see reclaim. Every field is required.
type Reconcile struct {
	Book      ReconciliationBook
	Sessions  Sessions
	Merchants Merchants
	Payments  Providers
	Orders    OrderBalances
	NewID     func() string
	Now       func() time.Time
	After     func(time.Duration) <-chan time.Time
	Log       *slog.Logger
}

// NewReconcile checks that nothing is missing.
func NewReconcile(r Reconcile) (*Reconcile, error) {
	if r.Book == nil || r.Sessions == nil || r.Merchants == nil || len(r.Payments) == 0 || r.Orders == nil {
		return nil, errors.New("reconcile: a book or remote is missing")
	}
	if r.NewID == nil || r.Now == nil || r.After == nil || r.Log == nil {
		return nil, errors.New("reconcile: NewID, Now, After and Log are required")
	}
	return &r, nil
}

const (
	// unsettled is how long money may be on its way from one book to the
	// next; what moved more recently is left to the next run.
	unsettled = time.Hour
	// nightAt is the hour, on the shop's clock, of the nightly run.
	nightAt = 3
	// retryAfter is how soon what could not be compared is tried again.
	retryAfter = time.Hour
	// reconcileLease outlasts a page and the pause after it.
	reconcileLease = 10 * time.Minute
	// pagePause leaves the shop's cost bucket to buyers: a page of orders costs
	// about 850 points, which the smallest plan's bucket regains in this time.
	pagePause = 10 * time.Second
	// patienceInARow is after how many sessions that could not be read, one
	// after the other, the remote is left alone for a while.
	patienceInARow = 5
)

// Due reports whether there is something to do for the merchant.
func (r *Reconcile) Due(ctx context.Context, id MerchantID) (bool, error) {
	run, err := r.Book.Reconciliation(ctx, id)
	return err == nil && !r.Now().Before(run.NextAt), err
}

// Soon has the merchant's comparison run as soon as it can, for staff who have
// mended something and want to see.
func (r *Reconcile) Soon(ctx context.Context, id MerchantID) error {
	run, err := r.take(ctx, id)
	if err != nil {
		return err
	}
	run.NextAt = time.Time{}
	if err := r.Book.SaveReconciliation(ctx, run, time.Time{}); err != nil {
		return err
	}
	return r.Sessions.Enqueue(ctx, Task{Kind: TaskReconcile, Merchant: id})
}

func (r *Reconcile) take(ctx context.Context, id MerchantID) (Reconciliation, error) {
	now := r.Now()
	return r.Book.TakeReconciliation(ctx, id, r.NewID(), now, now.Add(reconcileLease))
}

// Run carries the merchant's comparison on, when it is due, to its end: from
// the session where an interrupted one stood, or from the start. A remote that
// cannot be read is no error of the run: it leaves the run incomplete and is
// tried again. Errors: KindInFlight while another process is at it.
func (r *Reconcile) Run(ctx context.Context, id MerchantID) error {
	m, err := r.Merchants.Merchant(ctx, id)
	if err != nil {
		return err
	}
	run, err := r.take(ctx, id)
	if err != nil {
		return err
	}
	if !r.Now().Before(run.NextAt) {
		if !run.Running() {
			run = r.begin(run)
		}
		err = r.pages(ctx, m, &run)
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTime)
	defer cancel()
	return errors.Join(err, r.Book.SaveReconciliation(bounded, run, time.Time{}))
}

func (r *Reconcile) begin(last Reconciliation) Reconciliation {
	now := r.Now()
	return Reconciliation{Merchant: last.Merchant, Owner: last.Owner, From: last.To, To: now.Add(-unsettled), StartedAt: now}
}

// pages compares one page of sessions after the other.
func (r *Reconcile) pages(ctx context.Context, m Merchant, run *Reconciliation) error {
	for inARow := 0; ; {
		page, err := r.Book.SessionsToCompare(ctx, m.ID, run.spans(), r.attempted(m, run), run.Cursor, OrderBalancePage)
		if err != nil {
			return fmt.Errorf("list sessions to compare: %w", err)
		}
		inARow, err = r.page(ctx, m, run, page, inARow)
		switch {
		case err != nil:
			return err
		case inARow >= patienceInARow:
			run.NextAt = r.Now().Add(retryAfter) // carried on from here
			return nil
		case len(page) < OrderBalancePage:
			r.finish(m, run)
			return nil
		}
		if err := r.Book.SaveReconciliation(ctx, *run, r.Now().Add(reconcileLease)); err != nil {
			return err
		}
		select {
		case <-r.After(pagePause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// finish ends a run that got to its end.
func (r *Reconcile) finish(m Merchant, run *Reconciliation) {
	now := r.Now()
	run.Cursor, run.FinishedAt = "", now
	run.NextAt = night(m, now)
	if run.Unread > 0 {
		run.NextAt = now.Add(retryAfter)
	} else {
		run.LastError = ""
	}
	r.Log.Info("payments compared", "merchant", m.ID, "payments", run.Compared, "unread", run.Unread)
}

// night is the next nightly hour on the shop's clock.
func night(m Merchant, now time.Time) time.Time {
	zone, err := time.LoadLocation(m.Timezone)
	if err != nil {
		zone = time.UTC
	}
	local := now.In(zone)
	at := time.Date(local.Year(), local.Month(), local.Day(), nightAt, 0, 0, 0, zone)
	if !at.After(now) {
		at = time.Date(local.Year(), local.Month(), local.Day()+1, nightAt, 0, 0, 0, zone)
	}
	return at
}

// attempted is when sessions were opened in which somebody may have tried to
// pay since the last run. It is empty unless a provider of the merchant cannot
// reserve, but be asked: what such a one took for nobody is in no list of
// reservations.
func (r *Reconcile) attempted(m Merchant, run *Reconciliation) Span {
	for _, p := range r.Payments {
		if can := p.Capabilities(); !can.SeparateCapture && can.FindByReference && len(p.Handlers(m)) > 0 {
			return Span{From: run.From.Add(-sessionAge), To: run.To}
		}
	}
	return Span{}
}

// sessionAge is how old a session is at most when somebody tries to pay it.
const sessionAge = 3 * day

// page compares the sessions of a page; inARow counts those that could not be
// read, across pages.
func (r *Reconcile) page(ctx context.Context, m Merchant, run *Reconciliation, page []SessionID, inARow int) (int, error) {
	files := make([]*file, len(page))
	for i, id := range page {
		var err error
		if files[i], err = r.open(ctx, m, id); err != nil {
			return inARow, fmt.Errorf("read the books of session %s: %w", id, err)
		}
	}
	r.readOrders(ctx, m, files)
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return inARow, err
		}
		failure := r.compare(ctx, m, f)
		if err := r.Book.SaveComparison(ctx, f.result); err != nil {
			return inARow, fmt.Errorf("save the comparison of session %s: %w", f.result.Session, err)
		}
		run.Cursor = f.result.Session
		run.Compared += int64(len(f.result.Compared))
		inARow++
		if failure == nil {
			inARow = 0
			continue
		}
		run.Unread++
		run.LastError = failure.Error()
		r.Log.WarnContext(ctx, "payments of a session not compared", "session", f.result.Session, "error", failure)
		if inARow >= patienceInARow {
			return inARow, nil
		}
	}
	return inARow, nil
}
