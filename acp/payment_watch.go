package acp

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// PaymentNews says that something happened to a payment at its provider. It is
// a hint where to look: no amount and no state of it is believed.
type PaymentNews struct {
	Provider  string // Name
	PaymentID string // the provider's id
	Session   SessionID
}

// Rechecks keeps which sessions' payments are compared once more.
type Rechecks interface {
	// CompareAgain has the next nightly comparison look at a session's
	// payments, whenever they moved.
	CompareAgain(ctx context.Context, m MerchantID, s SessionID, why string) error
}

// PaymentWatch turns what providers tell of payments into work: the same tasks
// that the app sets itself, which read the truth again. News of money that no
// order came of (its refund fails days later, or its buyer's bank disputes it)
// are left to the nightly comparison, which tells staff. News of payments that
// are not ours lead to nothing.
type PaymentWatch struct {
	Sessions  Sessions
	Merchants Merchants
	Rechecks  Rechecks
	Payments  Providers
	Now       func() time.Time
}

// NewPaymentWatch checks that nothing is missing.
func NewPaymentWatch(w PaymentWatch) (*PaymentWatch, error) {
	if w.Sessions == nil || w.Merchants == nil || w.Rechecks == nil || w.Now == nil {
		return nil, errors.New("payment watch: a field is missing")
	}
	return &w, nil
}

// Hear enqueues what the news make necessary. KindUnavailable when the
// provider is not configured any more, or cannot be asked.
func (w *PaymentWatch) Hear(ctx context.Context, id MerchantID, n PaymentNews) error {
	session, err := w.sessionOf(ctx, id, n)
	if err != nil || session == "" {
		return err
	}
	s, err := w.Sessions.Session(ctx, id, "", session)
	switch {
	case KindOf(err) == KindNotFound:
		return nil
	case err != nil:
		return err
	case s.Attempt == nil:
		return nil
	case s.Attempt.PaymentID != "" && s.Attempt.PaymentID != n.PaymentID:
		return w.Rechecks.CompareAgain(ctx, id, session, "news of an earlier attempt's payment")
	case s.Attempt.Live():
		// A driver at work has mostly seen it for itself by then.
		return w.Sessions.Enqueue(ctx, Task{Kind: TaskResumeCheckout, Merchant: id, Key: string(session), RunAt: w.Now().Add(time.Second)})
	case s.Attempt.Step != StepFinished:
		return w.Rechecks.CompareAgain(ctx, id, session, "news of a payment that no order came of")
	}
	return w.Sessions.Enqueue(ctx, Task{Kind: TaskFollowPayment, Merchant: id, Key: string(session)})
}

// sessionOf is the session that a payment was made for: as the news say, or
// else the payment itself. Refunds and disputes name only the payment.
func (w *PaymentWatch) sessionOf(ctx context.Context, id MerchantID, n PaymentNews) (SessionID, error) {
	if n.Session != "" {
		return n.Session, nil
	}
	provider, err := w.Payments.Named(n.Provider)
	if err != nil {
		return "", err
	}
	m, err := w.Merchants.Merchant(ctx, id)
	if err != nil {
		return "", err
	}
	p, err := provider.Read(ctx, m, n.PaymentID)
	if KindOf(err) == KindNotFound {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read payment of an event: %w", err)
	}
	return p.Session, nil
}
