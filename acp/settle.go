package acp

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// PaymentBook keeps the payments of completed checkouts.
type PaymentBook interface {
	MatterNotes
	// Payment reads a session's payment, KindNotFound.
	Payment(ctx context.Context, m MerchantID, s SessionID) (Payment, error)
	// SavePayment writes it, adds the movements to the ledger and enqueues
	// the tasks, in one commit.
	SavePayment(ctx context.Context, p Payment, moved []Movement, tasks ...Task) error
}

// Settlement takes the money of placed orders: captures the authorization,
// then records the payment on the order in Shopify.
type Settlement struct {
	Book      PaymentBook
	Merchants Merchants
	Payments  Providers
	Orders    ShopOrders
	Now       func() time.Time
}

// NewSettlement checks that nothing is missing.
func NewSettlement(s Settlement) (*Settlement, error) {
	if s.Book == nil || s.Merchants == nil || len(s.Payments) == 0 || s.Orders == nil || s.Now == nil {
		return nil, errors.New("settlement: a field is missing")
	}
	return &s, nil
}

// Settle carries a session's payment to its end from wherever it stands. Every
// step is safe to repeat: capturing and recording find what is done already.
// A reservation that is gone ends as PaymentLost, for staff to see; one that the
// provider refuses to capture is tried until it is.
//
// The payment of an order that was canceled after its money was taken stays
// captured; Aftercare decides what becomes of it.
func (s *Settlement) Settle(ctx context.Context, id MerchantID, session SessionID) error {
	m, err := s.Merchants.Merchant(ctx, id)
	if err != nil {
		return err
	}
	canceled, err := s.settle(ctx, m, session, false)
	if err != nil || !canceled {
		return err
	}
	p, err := s.Book.Payment(ctx, id, session)
	if err != nil {
		return err
	}
	return s.save(ctx, p, nil, followPayment(p))
}

// settle reports whether the order was canceled before its payment was
// recorded. suspect says that there is reason to look whether it was before
// any money is taken, and what became of a payment that was given up.
func (s *Settlement) settle(ctx context.Context, m Merchant, session SessionID, suspect bool) (canceled bool, err error) {
	p, err := s.Book.Payment(ctx, m.ID, session)
	if err != nil {
		return false, err
	}
	if suspect && p.State == PaymentLost {
		if p, err = s.lookAgain(ctx, m, p); err != nil {
			return false, err
		}
	}
	if p.State == PaymentAuthorized {
		if p, err = s.take(ctx, m, p, suspect); err != nil {
			return false, err
		}
	}
	if p.State == PaymentCaptured {
		return s.record(ctx, m, p)
	}
	return false, nil
}

// followPayment has what became of a payment carried to Shopify.
func followPayment(p Payment) Task {
	return Task{Kind: TaskFollowPayment, Merchant: p.Merchant, Key: string(p.Session)}
}

// lateCapture is how old a placed order is when staff may have canceled it
// before its money was taken: only then, or after something went wrong, it is
// worth a look.
const lateCapture = time.Minute

// take captures the authorization, or gives it back when the order was
// canceled, or deleted after that, or paid in Shopify in the meantime. An order
// that cannot be read is taken to stand: a reservation that lapses would be
// lost.
func (s *Settlement) take(ctx context.Context, m Merchant, p Payment, suspect bool) (Payment, error) {
	if !suspect && p.LastError == "" && s.Now().Sub(p.CreatedAt) < lateCapture {
		return s.capture(ctx, m, p)
	}
	o, err := s.Orders.Order(ctx, m, p.OrderID)
	switch {
	case KindOf(err) == KindNotFound || err == nil && !o.CanceledAt.IsZero():
		return s.void(ctx, m, p, "the order was canceled")
	case err == nil && PaidInShop(o.Sales, p):
		return s.voidPaidInShop(ctx, m, p, o)
	default:
		return s.capture(ctx, m, p)
	}
}

// void gives the authorization back; one that turns out to be taken stays.
func (s *Settlement) void(ctx context.Context, m Merchant, p Payment, why string) (Payment, error) {
	provider, err := s.Payments.Named(p.Provider)
	if err != nil {
		return p, err
	}
	voided, err := provider.Void(ctx, m, p)
	if err != nil {
		return p, fmt.Errorf("void payment: %s: %w", why, err)
	}
	p.Provider = provider.Name()
	moved := s.moved(p, voided, why)
	return p.ended(voided), s.save(ctx, p.ended(voided), moved)
}

func (s *Settlement) capture(ctx context.Context, m Merchant, p Payment) (Payment, error) {
	provider, err := s.Payments.Named(p.Provider)
	if err != nil {
		return p, err
	}
	p.Provider = provider.Name()
	captured, err := provider.Capture(ctx, m, p)
	switch KindOf(err) {
	case "":
		moved := s.moved(p, captured, "the order was placed")
		return p.ended(captured), s.save(ctx, p.ended(captured), moved)
	case KindRefused:
		p.State, p.LastError, p.HandledAt = PaymentLost, err.Error(), time.Time{} // whatever staff knew before
		return p, s.save(ctx, p, []Movement{p.movement(MoveVoid, p.Amount, p.ProviderID, "the reservation is gone", s.Now())}, followPayment(p))
	default:
		return p, fmt.Errorf("capture payment: %w", err)
	}
}

// ended is the payment after its end at the provider. Its amount becomes what
// was taken, which may be less than was reserved: an order that costs another
// amount is not recorded as paid, and the nightly comparison tells staff.
func (p Payment) ended(at Payment) Payment {
	p.State, p.LastError = at.State, ""
	if at.State == PaymentCaptured {
		p.Amount = at.Amount
	}
	return p
}

// moved is what a payment's end at the provider did with the money. What was
// taken is what the provider says: staff may have taken a part of it by hand.
func (s *Settlement) moved(p, ended Payment, reason string) []Movement {
	switch ended.State {
	case PaymentCaptured:
		return []Movement{p.movement(MoveCapture, ended.Amount, p.ProviderID, reason, s.Now())}
	case PaymentVoided:
		return []Movement{p.movement(MoveVoid, p.Amount, p.ProviderID, reason, s.Now())}
	}
	return nil
}

func (s *Settlement) record(ctx context.Context, m Merchant, p Payment) (canceled bool, err error) {
	err = s.Orders.RecordPayment(ctx, m, p)
	if KindOf(err) == KindState {
		return false, s.notePaidTwice(ctx, p)
	}
	if err != nil {
		if o, unread := s.Orders.Order(ctx, m, p.OrderID); unread == nil && !o.CanceledAt.IsZero() {
			return true, nil // nobody owes anything on it any more
		}
		return false, fmt.Errorf("record payment on the order: %w", err)
	}
	p.State = PaymentRecorded
	return false, s.save(ctx, p, nil, refreshOrder(p))
}

func (s *Settlement) save(ctx context.Context, p Payment, moved []Movement, tasks ...Task) error {
	p.UpdatedAt = s.Now()
	return s.Book.SavePayment(ctx, p, moved, tasks...)
}
