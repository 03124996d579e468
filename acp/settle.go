package acp

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// PaymentBook keeps the payments of completed checkouts.
type PaymentBook interface {
	// Payment reads a session's payment, KindNotFound.
	Payment(ctx context.Context, m MerchantID, s SessionID) (Payment, error)
	// SavePayment writes it and enqueues the tasks in one commit.
	SavePayment(ctx context.Context, p Payment, tasks ...Task) error
}

// Settlement takes the money of placed orders: captures the authorization,
// then records the payment on the order in Shopify.
type Settlement struct {
	Book      PaymentBook
	Merchants Merchants
	Payments  Payments
	Orders    ShopOrders
	Now       func() time.Time
}

// NewSettlement checks that nothing is missing.
func NewSettlement(s Settlement) (*Settlement, error) {
	if s.Book == nil || s.Merchants == nil || s.Payments == nil || s.Orders == nil || s.Now == nil {
		return nil, errors.New("settlement: a field is missing")
	}
	return &s, nil
}

// Settle carries a session's payment to its end from wherever it stands. Every
// step is safe to repeat: capturing and recording find what is done already.
// A reservation that the provider will not capture any more ends as
// PaymentLost, for staff to see.
func (s *Settlement) Settle(ctx context.Context, id MerchantID, session SessionID) error {
	p, err := s.Book.Payment(ctx, id, session)
	if err != nil {
		return err
	}
	m, err := s.Merchants.Merchant(ctx, id)
	if err != nil {
		return err
	}
	if p.State == PaymentAuthorized {
		if p, err = s.take(ctx, m, p); err != nil {
			return err
		}
	}
	if p.State == PaymentCaptured {
		return s.record(ctx, m, p)
	}
	return nil
}

// lateCapture is how old a placed order is when staff may have canceled it
// before its money was taken: only then it is worth a look.
const lateCapture = time.Minute

// take captures the authorization, or gives it back when the order was
// canceled in the meantime. An order that cannot be read is taken to stand: a
// reservation that lapses would be lost.
func (s *Settlement) take(ctx context.Context, m Merchant, p Payment) (Payment, error) {
	if s.Now().Sub(p.CreatedAt) < lateCapture {
		return s.capture(ctx, m, p)
	}
	o, err := s.Orders.Order(ctx, m, p.OrderID)
	if err != nil || o.CanceledAt.IsZero() {
		return s.capture(ctx, m, p)
	}
	voided, err := s.Payments.Void(ctx, m, p)
	if err != nil {
		return p, fmt.Errorf("void payment of a canceled order: %w", err)
	}
	p.State, p.Provider, p.LastError = voided.State, voided.Provider, ""
	return p, s.save(ctx, p)
}

func (s *Settlement) capture(ctx context.Context, m Merchant, p Payment) (Payment, error) {
	captured, err := s.Payments.Capture(ctx, m, p)
	switch KindOf(err) {
	case "":
		p.State, p.Provider, p.LastError = captured.State, captured.Provider, ""
	case KindRefused:
		p.State, p.LastError = PaymentLost, err.Error()
	default:
		return p, fmt.Errorf("capture payment: %w", err)
	}
	return p, s.save(ctx, p)
}

func (s *Settlement) record(ctx context.Context, m Merchant, p Payment) error {
	if err := s.Orders.RecordPayment(ctx, m, p); err != nil {
		return fmt.Errorf("record payment on the order: %w", err)
	}
	p.State = PaymentRecorded
	return s.save(ctx, p, Task{Kind: TaskRefreshOrder, Merchant: p.Merchant, Key: p.OrderID})
}

func (s *Settlement) save(ctx context.Context, p Payment, tasks ...Task) error {
	p.UpdatedAt = s.Now()
	return s.Book.SavePayment(ctx, p, tasks...)
}
