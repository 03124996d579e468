package acp

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// carrying carries the refunds of one payment to the other side.
type carrying struct {
	*Aftercare
	provider Payments
	merchant Merchant
	payment  Payment
	left     int64 // of the payment at the provider, minor units
	inShop   bool  // the buyer paid the order in Shopify instead
}

// refunds carries over every entry that is open. Each is saved before and
// after its one foreign call, and found again there if the call's answer was
// lost. One that cannot be carried now does not hold up the others.
func (c *carrying) refunds(ctx context.Context, entries []RefundEntry) error {
	var failures []error
	for i := range entries {
		e := &entries[i]
		if e.Carried != CarryOpen {
			continue
		}
		var moved []Movement
		var err error
		if e.Origin == SideProvider {
			err = c.toShop(ctx, e)
		} else {
			moved, err = c.toProvider(ctx, e)
		}
		if err == nil && e.Carried != CarryOpen {
			e.UpdatedAt = c.Settlement.Now()
			err = c.Book.SaveAftermath(ctx, Aftermath{Refunds: []RefundEntry{*e}}, moved, refreshOrder(c.payment))
		}
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

// toProvider gives the money back.
func (c *carrying) toProvider(ctx context.Context, e *RefundEntry) ([]Movement, error) {
	switch {
	case e.Amount.Currency != c.payment.Amount.Currency:
		e.fail(ProblemOtherCurrency)
		return nil, nil
	case e.Amount.Amount > c.left:
		e.fail(ProblemRefundTooLarge)
		return nil, nil
	}
	back, err := c.provider.Refund(ctx, c.merchant, c.payment, RefundRequest{
		Reference: e.reference(), Key: Attempt{Number: c.payment.Attempt}.Key(c.payment.Session, e.reference()), Amount: e.Amount,
		Reason: "refunded in Shopify",
	})
	switch KindOf(err) {
	case "":
	case KindRefused, KindInvalid, KindNotFound:
		c.Log.WarnContext(ctx, "the provider refused a refund", "session", e.Session, "refund", e.OriginID, "error", err)
		e.fail(ProblemRefundRefused)
		return nil, nil
	default:
		return nil, fmt.Errorf("give a refund back: %w", err)
	}
	e.meet(back.ID)
	if back.State != RefundFailed {
		c.left -= back.Amount.Amount
	}
	return e.learn(c.payment, back, c.Settlement.Now()), nil
}

// toShop records on the order what the provider gave back. It waits until the
// money is on its way for good, because Shopify cannot take a refund off again.
func (c *carrying) toShop(ctx context.Context, e *RefundEntry) error {
	switch e.Money {
	case RefundSucceeded:
	case RefundFailed:
		e.Carried = CarryLeft // nothing is left to record
		return nil
	default:
		return nil
	}
	made, err := c.Shop.RecordRefund(ctx, c.merchant, c.payment, RefundNote{
		Name: e.OriginID, Note: "Refunded at " + e.Provider + " (" + e.OriginID + ")", Amount: e.Amount,
	})
	switch KindOf(err) {
	case "":
		e.meet(made.ID)
		return nil
	case KindRefused, KindInvalid, KindNotFound:
		c.Log.WarnContext(ctx, "Shopify refused to record a refund", "session", e.Session, "refund", e.OriginID, "error", err)
		e.fail(ProblemNotRecorded)
		return nil
	default:
		return fmt.Errorf("record a refund on the order: %w", err)
	}
}

// close ends the payment of an order that was canceled, or paid in Shopify,
// before the payment was recorded, once the money is back.
func (c *carrying) close(ctx context.Context, entries []RefundEntry) error {
	back := c.inShop && c.left <= 0
	for _, e := range entries {
		back = back || e.Origin == SideApp && e.Carried == CarryDone && e.Money != RefundFailed
	}
	if !back || c.payment.State != PaymentCaptured {
		return nil
	}
	p := c.payment
	p.State, p.LastError = PaymentRefunded, ""
	return c.Settlement.save(ctx, p, nil)
}

func (e *RefundEntry) fail(problem string) {
	e.Carried, e.Problem, e.HandledAt = CarryFailed, problem, time.Time{}
}
