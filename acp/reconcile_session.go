package acp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// file is what is at hand about one session while it is compared.
type file struct {
	session  *Session // nil when these books have none
	placed   *Payment // of its order
	order    *OrderBalance
	shopFail error // of reading the order
	payments []PaymentKey
	ledger   map[PaymentKey][]Movement
	open     []Difference // as they were found before
	settled  time.Time    // what moved since is on its way yet
	result   Comparison
}

// open reads our own books about a session.
func (r *Reconcile) open(ctx context.Context, m Merchant, id SessionID) (*file, error) {
	f := &file{
		ledger: map[PaymentKey][]Movement{}, settled: r.Now().Add(-unsettled),
		result: Comparison{Merchant: m.ID, Session: id, At: r.Now()},
	}
	s, err := r.Sessions.Session(ctx, m.ID, "", id)
	switch KindOf(err) {
	case "":
		f.session = &s
	case KindNotFound:
	default:
		return nil, err
	}
	placed, err := r.Book.Payment(ctx, m.ID, id)
	switch KindOf(err) {
	case "":
		f.placed = &placed
		f.about(r.named(PaymentKey{placed.Provider, placed.ProviderID}))
	case KindNotFound:
	default:
		return nil, err
	}
	moved, err := r.Book.Movements(ctx, m.ID, id)
	if err != nil {
		return nil, err
	}
	for _, move := range moved {
		k := r.named(PaymentKey{move.Provider, move.PaymentID})
		f.about(k)
		f.ledger[k] = append(f.ledger[k], move)
	}
	f.open, err = r.Book.OpenDifferences(ctx, m.ID, id)
	for _, d := range f.open {
		f.about(d.key())
	}
	return f, err
}

// named gives a payment of before the second provider its provider's name.
func (r *Reconcile) named(k PaymentKey) PaymentKey {
	if k.Provider == "" {
		k.Provider = r.Payments[0].Name()
	}
	return k
}

func (f *file) about(k PaymentKey) {
	if !slices.Contains(f.payments, k) {
		f.payments = append(f.payments, k)
	}
}

// readOrders reads the orders of a page at once, and each by itself when that
// fails: one that cannot be read must not hide the others.
func (r *Reconcile) readOrders(ctx context.Context, m Merchant, files []*file) {
	var ids []string
	for _, f := range files {
		if f.placed != nil {
			ids = append(ids, f.placed.OrderID)
		}
	}
	found, failure := r.Orders.OrderBalances(ctx, m, ids)
	for _, f := range files {
		if f.placed == nil {
			continue
		}
		balances, err := found, failure
		if failure != nil && KindOf(failure) == KindInternal {
			balances, err = r.Orders.OrderBalances(ctx, m, []string{f.placed.OrderID})
		}
		if err != nil {
			f.shopFail = fmt.Errorf("read order: %w", err)
		} else if b, there := balances[f.placed.OrderID]; there {
			f.order = &b
		}
	}
}

// compare fills the session's result. Its error says why part of it could not
// be read; that part is left as it was found before.
func (r *Reconcile) compare(ctx context.Context, m Merchant, f *file) error {
	failure := r.lookForTaken(ctx, m, f)
	for _, k := range f.payments {
		if f.unsettled(k) {
			f.result.Later = "on its way"
			continue
		}
		if err := r.comparePayment(ctx, m, f, k); err != nil {
			failure = errors.Join(failure, err)
		}
	}
	if failure != nil {
		f.result.Later = failure.Error()
	}
	return failure
}

// unsettled reports whether the books may disagree about a payment only
// because one of them has not heard yet.
func (f *file) unsettled(k PaymentKey) bool {
	for _, move := range f.ledger[k] {
		if move.At.After(f.settled) {
			return true
		}
	}
	if f.placed == nil || f.placed.ProviderID != k.ID {
		return f.session != nil && f.session.Attempt.Live() && f.session.Attempt.PaymentID == k.ID
	}
	return f.placed.UpdatedAt.After(f.settled) || (f.order != nil && f.order.UpdatedAt.After(f.settled))
}

func (r *Reconcile) comparePayment(ctx context.Context, m Merchant, f *file, k PaymentKey) error {
	provider, err := r.Payments.Named(k.Provider)
	if err != nil {
		return err
	}
	e := evidence{provider: k.Provider, id: k.ID, ledger: f.ledger[k], whose: ownerUnknown, now: r.Now()}
	if f.placed != nil && f.placed.ProviderID == k.ID {
		if f.shopFail != nil {
			return f.shopFail
		}
		e.placed, e.order = f.placed, f.order
		e.asked = f.order != nil || r.Now().Sub(f.placed.CreatedAt) < ordersReadable
	}
	seen, err := provider.Read(ctx, m, k.ID)
	switch {
	case err == nil:
		e.seen = f.seen(k, seen)
	case KindOf(err) != KindNotFound:
		return fmt.Errorf("read payment %s at %s: %w", k.ID, k.Provider, err)
	}
	if e.seen != nil && f.session != nil {
		e.whose = ownerOf(f.session, f.placed, *e.seen)
	}
	if f.recent(e.seen) {
		f.result.Later = "on its way"
		return nil
	}
	v := compare(e)
	if e.placed != nil && !e.asked {
		v.differences = append(v.differences, f.ofOrder(k)...)
	}
	if err := r.reclaim(ctx, m, provider, f, e, &v); err != nil {
		return err
	}
	f.take(k, v)
	return nil
}

// ordersReadable is how old an order may be for a missing answer to mean that
// it was deleted: without a special permission, apps are not shown orders that
// are older than 60 days (shopify.dev/docs/api/usage/access-scopes).
const ordersReadable = 59 * day

// ofOrder are the open differences between a payment and its order: they stay
// open when the order cannot be looked at any more.
func (f *file) ofOrder(k PaymentKey) []Difference {
	return slices.DeleteFunc(slices.Clone(f.open), func(d Difference) bool { return d.key() != k || !d.Kind.aboutOrder() })
}

// seen is the provider's view under our own names.
func (f *file) seen(k PaymentKey, p Payment) *Payment {
	p.Provider, p.ProviderID = k.Provider, k.ID
	if moved := f.ledger[k]; p.Attempt == 0 && len(moved) > 0 {
		p.Attempt = moved[0].Attempt // the provider keeps no marks of ours
	}
	p.Merchant, p.Session = f.result.Merchant, f.result.Session
	if p.State == PaymentRefunded || p.State == PaymentRecorded {
		p.State = PaymentCaptured // Refunds say what was given back
	}
	return &p
}

// recent reports whether something happened at the provider of which the
// others may not have heard yet.
func (f *file) recent(p *Payment) bool {
	if p == nil {
		return false
	}
	return slices.ContainsFunc(p.Refunds, func(x Refund) bool { return x.At.After(f.settled) }) ||
		slices.ContainsFunc(p.Disputes, func(x Dispute) bool { return x.At.After(f.settled) })
}

func (f *file) take(k PaymentKey, v verdict) {
	f.result.Compared = append(f.result.Compared, k)
	f.result.Moved = append(f.result.Moved, v.missing...)
	for _, d := range v.differences {
		if d.FirstSeen.IsZero() {
			d.FirstSeen, d.LastSeen = f.result.At, f.result.At
		}
		d.Merchant, d.Session = f.result.Merchant, f.result.Session
		f.result.Differences = append(f.result.Differences, d)
	}
}
