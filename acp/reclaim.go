package acp

import (
	"context"
	"fmt"
	"slices"
)

// lookForTaken finds what a provider that cannot reserve has taken for
// attempts that were given up before it had answered: no list of reservations
// shows that, and the ledger has not heard of it.
func (r *Reconcile) lookForTaken(ctx context.Context, m Merchant, f *file) error {
	if f.session == nil || f.session.Attempt == nil {
		return nil
	}
	last := f.session.Attempt
	for _, p := range r.Payments {
		can := p.Capabilities()
		if can.SeparateCapture || !can.FindByReference || len(p.Handlers(m)) == 0 {
			continue
		}
		for n := 1; n <= last.Number; n++ {
			if n == last.Number && last.Live() {
				continue
			}
			found, err := p.Find(ctx, m, Attempt{Number: n}.Reference(f.session.ID))
			switch {
			case KindOf(err) == KindNotFound:
			case err != nil:
				return fmt.Errorf("look for a payment at %s: %w", p.Name(), err)
			case found.State == PaymentCaptured:
				f.about(PaymentKey{p.Name(), found.ProviderID})
			}
		}
	}
	return nil
}

// reclaim refunds what a provider that cannot reserve took and nobody owns: it
// is what voiding an orphan is elsewhere, and rests on the same reasons (see
// Orphans). Money that was taken where it could have been reserved was taken
// by somebody on purpose: that is told, never undone.
func (r *Reconcile) reclaim(ctx context.Context, m Merchant, p Payments, f *file, e evidence, v *verdict) error {
	if p.Capabilities().SeparateCapture || e.seen == nil || e.whose != ownerNone || e.seen.State != PaymentCaptured {
		return nil
	}
	if len(e.seen.Refunds) > 0 || len(e.seen.Disputes) > 0 {
		return nil // somebody is at it
	}
	a := Attempt{Number: e.seen.Attempt}
	_, back, err := giveBack(ctx, p, m, *e.seen, RefundRequest{
		Reference: a.Reference(f.result.Session) + "-back", Key: a.Key(f.result.Session, "refund"), Reason: "no checkout and no order owns it",
	})
	if KindOf(err) == KindRefused {
		return nil // staff see the difference
	}
	if err != nil {
		return fmt.Errorf("refund what no checkout owns: %w", err)
	}
	v.differences = slices.DeleteFunc(v.differences, func(d Difference) bool { return d.Kind == DifferNoOrder })
	if back == nil { // somebody was quicker: the next night learns of it
		return nil
	}
	v.missing = append(v.missing, e.seen.movement(MoveRefund, back.Amount, back.ID, "no checkout and no order owns it", e.now))
	return nil
}
