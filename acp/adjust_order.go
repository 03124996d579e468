package acp

import (
	"cmp"
	"slices"
	"time"
)

// Statuses of adjustments, in the protocol's words (Adjustment.status of
// 2026-04-17).
const (
	adjustmentPending   = "pending"
	adjustmentCompleted = "completed"
	adjustmentFailed    = "failed"
)

// adjust tells on the order what became of its money: a refund is completed
// when the provider has given the money back, whatever Shopify says, and a
// dispute is an adjustment, too. Ids stay the same when a refund appears on the
// other side.
// A refund that will be followed, and is in no book yet, is pending.
func (o Order) adjust(a Aftermath, f Following) Order {
	o.Adjustments = slices.Clone(o.Adjustments)
	a = a.met(o)
	for i := range o.Adjustments {
		if v := &o.Adjustments[i]; f.ShopRefunds && v.unentered(a) {
			v.Status = adjustmentPending
		}
	}
	for _, e := range a.Refunds {
		o.UpdatedAt = later(o.UpdatedAt, e.UpdatedAt)
		at := slices.IndexFunc(o.Adjustments, func(v Adjustment) bool { return v.ID == e.InShop() })
		if at < 0 && e.Origin == SideShop {
			continue // Shopify does not show it any more
		}
		if at < 0 {
			o.Adjustments = append(o.Adjustments, Adjustment{ID: e.OriginID, Type: "refund", Status: adjustmentCompleted, Amount: e.Amount.Amount})
			if e.InShop() == "" { // else the order's sum has it already: it shows only its first refunds
				o.Refunded += e.Amount.Amount
			}
			at = len(o.Adjustments) - 1
		}
		v := &o.Adjustments[at]
		v.Status = cmp.Or(e.adjustmentStatus(), v.Status)
		if e.Origin != SideShop {
			v.ID, v.OccurredAt = e.OriginID, e.CreatedAt.UTC()
		}
		if v.Status == adjustmentFailed {
			o.Refunded -= v.Amount
		}
	}
	for _, d := range a.Disputes {
		o.UpdatedAt = later(o.UpdatedAt, d.UpdatedAt)
		if status := d.adjustmentStatus(); status != "" {
			o.Adjustments = append(o.Adjustments, Adjustment{
				ID: d.ID, Type: "dispute", Status: status, OccurredAt: d.At.UTC(), Amount: d.Amount.Amount,
			})
		}
	}
	slices.SortStableFunc(o.Adjustments, func(a, b Adjustment) int { return a.OccurredAt.Compare(b.OccurredAt) })
	return o
}

// met is the aftermath with the refunds on the order that no book has yet taken
// for those of the provider that are to be recorded there, as matchRefunds will:
// while one is being recorded, the order shows it before our books do, and an
// agent would be told of two.
func (a Aftermath) met(o Order) Aftermath {
	a.Refunds = slices.Clone(a.Refunds)
	for i := range a.Refunds {
		e := &a.Refunds[i]
		if e.Origin != SideProvider || e.Counterpart != "" || e.Money == RefundFailed {
			continue
		}
		at := slices.IndexFunc(o.Adjustments, func(v Adjustment) bool {
			return v.unentered(a) && v.Amount == e.Amount.Amount && o.Currency == e.Amount.Currency
		})
		if at >= 0 {
			e.Counterpart = o.Adjustments[at].ID
		}
	}
	return a
}

// adjustmentStatus is empty when nobody knows better than Shopify: staff give
// the money back by hand.
func (e RefundEntry) adjustmentStatus() string {
	switch {
	case e.Money == RefundFailed:
		return adjustmentFailed
	case e.Money == RefundSucceeded:
		return adjustmentCompleted
	case e.Money == RefundPending, e.Carried == CarryOpen:
		return adjustmentPending
	case e.Carried == CarryFailed:
		return adjustmentFailed
	default:
		return ""
	}
}

// adjustmentStatus of a dispute counts for the buyer, as Adjustment.amount
// does: one that the shop has won gives them nothing. Empty when no money was
// touched.
func (d DisputeEntry) adjustmentStatus() string {
	switch d.State {
	case DisputeOpen:
		return adjustmentPending
	case DisputeLost:
		return adjustmentCompleted
	case DisputeWon:
		return adjustmentFailed
	default:
		return ""
	}
}

// unfollowed reports whether the order, as Shopify shows it, has a refund or a
// cancellation that nobody has followed yet. What is refunded beyond what
// Shopify shows is followed when the sum has changed.
func (o Order) unfollowed(known Order, a Aftermath) bool {
	for _, v := range o.Adjustments {
		if v.unentered(a) {
			return true
		}
	}
	if o.hidesRefunds() && o.adjust(a, Following{}).Refunded != known.Refunded {
		return true
	}
	return !o.CanceledAt.IsZero() && known.CanceledAt.IsZero()
}

// hidesRefunds reports whether more was refunded than the refunds that Shopify
// shows come to: it shows the first ones of an order only.
func (o Order) hidesRefunds() bool {
	shown := int64(0)
	for _, v := range o.Adjustments {
		if v.Type == "refund" && v.Status == adjustmentCompleted {
			shown += v.Amount
		}
	}
	return o.Refunded > shown
}

// unentered reports whether this is a refund of money that was taken elsewhere
// and that our books do not have.
func (v Adjustment) unentered(a Aftermath) bool {
	return v.Type == "refund" && v.Manual && !slices.ContainsFunc(a.Refunds, func(e RefundEntry) bool { return e.InShop() == v.ID })
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
