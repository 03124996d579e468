package acp

import (
	"context"
	"errors"
	"time"
)

// EventBook keeps order events until they are delivered, and after.
type EventBook interface {
	// PendingEvents are an order's events that are neither delivered nor
	// dead, in sequence.
	PendingEvents(ctx context.Context, m MerchantID, order string) ([]OrderEvent, error)
	// TakeEvent gives the caller the sole right to deliver e until a moment,
	// KindInFlight (with RetryAfter, if known) while another worker has it, has
	// delivered it meanwhile, or its next try is not due (a compare-and-swap
	// on Attempts and the lease).
	TakeEvent(ctx context.Context, e OrderEvent, now, until time.Time) error
	// SaveEvent writes the outcome of a delivery and ends the right to it;
	// nobody can take the event again before its WaitUntil.
	SaveEvent(ctx context.Context, e OrderEvent) error
	// Connection reads one, revoked ones included; KindNotFound.
	Connection(ctx context.Context, m MerchantID, id ConnectionID) (Connection, error)
}

// EventSender delivers one order event to an agent platform.
type EventSender interface {
	// SendOrderEvent returns nil when the agent accepted it. KindRefused when
	// it never will, anything else when trying again may help.
	SendOrderEvent(ctx context.Context, c Connection, e OrderEvent) error
}

// maxDeliveries bounds how often one event is tried: with the waits of
// nextDelivery that is about three days.
const maxDeliveries = 20

// deliveryLease is how long one worker may take to deliver one event.
const deliveryLease = time.Minute

// Events tells agents what becomes of their orders.
type Events struct {
	Book   EventBook
	Sender EventSender
	Now    func() time.Time
}

// NewEvents checks that nothing is missing.
func NewEvents(e Events) (*Events, error) {
	if e.Book == nil || e.Sender == nil || e.Now == nil {
		return nil, errors.New("events: a field is missing")
	}
	return &e, nil
}

// Send delivers an order's pending events in sequence. When one cannot be
// delivered now, it returns how long to wait before the next try; later events
// wait behind it. An event that the agent refuses, or that was tried too often,
// is marked dead and stays visible; each event holds the whole order, so the
// next one makes up for it.
func (e *Events) Send(ctx context.Context, m MerchantID, order string) (again time.Duration, err error) {
	pending, err := e.Book.PendingEvents(ctx, m, order)
	if err != nil {
		return 0, err
	}
	for _, event := range pending {
		again, err := e.deliver(ctx, event)
		if err != nil || again > 0 {
			return again, err
		}
	}
	return 0, nil
}

func (e *Events) deliver(ctx context.Context, event OrderEvent) (time.Duration, error) {
	c, err := e.Book.Connection(ctx, event.Merchant, event.Connection)
	if err != nil {
		return 0, err
	}
	if c.EventURL == "" || !c.RevokedAt.IsZero() {
		event.DeadAt, event.LastError = e.Now(), "the connection takes no order events"
		return 0, e.Book.SaveEvent(ctx, event)
	}
	if err := e.Book.TakeEvent(ctx, event, e.Now(), e.Now().Add(deliveryLease)); err != nil {
		if KindOf(err) == KindInFlight {
			// Another worker is at it, or it is not due: tasks are not unique,
			// and each one that tried at once would use up a try. The order stays.
			return lookAgain(RetryAfterOf(err)), nil
		}
		return 0, err
	}
	event.Attempts++
	failure := e.Sender.SendOrderEvent(ctx, c, event)
	var again time.Duration
	switch {
	case failure == nil:
		event.DeliveredAt, event.LastError = e.Now(), ""
	case KindOf(failure) == KindRefused || event.Attempts >= maxDeliveries:
		event.DeadAt, event.LastError = e.Now(), failure.Error()
	default:
		event.LastError = failure.Error()
		again = max(nextDelivery(event.Attempts), RetryAfterOf(failure))
		event.WaitUntil = e.Now().Add(again)
	}
	return again, e.Book.SaveEvent(ctx, event)
}

// lookAgain is when to look at an event that somebody else has, or that is not
// due. Within a lease it may be either: whoever has it is mostly done at once,
// and what waits behind it must not wait for the lease to run out.
func lookAgain(wait time.Duration) time.Duration {
	if wait <= deliveryLease {
		wait = min(wait, 2*time.Second)
	}
	return max(wait, time.Second)
}

// nextDelivery doubles from a second up to six hours.
func nextDelivery(attempts int) time.Duration {
	return min(time.Second<<min(attempts-1, 15), 6*time.Hour)
}
