package acp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// OrphanBook is what the books say of who owns a reservation.
type OrphanBook interface {
	// Payment reads a session's placed payment, KindNotFound.
	Payment(ctx context.Context, m MerchantID, s SessionID) (Payment, error)
	// AppendMovements adds to the ledger, whatever state the session is in.
	AppendMovements(ctx context.Context, moved []Movement) error
	// NoteDifference opens the difference, or notes that it is still there.
	NoteDifference(ctx context.Context, d Difference) error
}

// Orphans gives back reservations that nobody will ever capture: their attempt
// was given up while an answer of the provider was still under way. Every
// field is required.
//
// It cannot take a reservation from an attempt that still may use it, because
// it reads the books after the provider's list. An attempt is saved before its
// payment is asked for, so one whose reservation is listed is in the books by
// then: live, it keeps what it has. An attempt that has ended stays ended (the
// next one has another number, and with it another payment), and a driver that
// lost its lease and comes late with an answer is fenced off by the session's
// revision, so that nothing is built on what it got.
type Orphans struct {
	Sessions  Sessions
	Book      OrphanBook
	Merchants Merchants
	Payments  Providers
	NewID     func() string
	Now       func() time.Time
	Log       *slog.Logger
}

// NewOrphans checks that nothing is missing.
func NewOrphans(o Orphans) (*Orphans, error) {
	if o.Sessions == nil || o.Book == nil || o.Merchants == nil || len(o.Payments) == 0 || o.NewID == nil || o.Now == nil || o.Log == nil {
		return nil, errors.New("orphans: a field is missing")
	}
	return &o, nil
}

const (
	// orphanAge is how old a reservation is before anybody asks whose it is;
	// a completion takes seconds.
	orphanAge = 15 * time.Minute
	// orphanSlice bounds one listing, so that a busy account's fits into the
	// time that a call to the provider may take.
	orphanSlice = 6 * time.Hour
	// orphanLease outlasts the calls that are made under it.
	orphanLease = time.Minute
)

// Release voids the merchant's reservations of the given last time that no
// attempt and no placed payment owns. One that belongs to nothing that these
// books know is never touched: it becomes a Difference for staff. What could
// not be looked at is left to the next time, and is the error.
func (o *Orphans) Release(ctx context.Context, id MerchantID, last time.Duration) error {
	m, err := o.Merchants.Merchant(ctx, id)
	if err != nil {
		return err
	}
	var failures []error
	for _, p := range o.Payments {
		if !p.Capabilities().SeparateCapture || len(p.Handlers(m)) == 0 {
			continue
		}
		until := o.Now().Add(-orphanAge)
		for from := until.Add(-last); from.Before(until); from = from.Add(orphanSlice) {
			held, err := p.Reserved(ctx, m, from, earlier(from.Add(orphanSlice), until))
			if err != nil {
				failures = append(failures, fmt.Errorf("list reservations at %s: %w", p.Name(), err))
				break
			}
			for _, r := range held {
				if err := o.release(ctx, m, p, r); err != nil {
					failures = append(failures, fmt.Errorf("reservation %s: %w", r.ProviderID, err))
				}
			}
		}
	}
	return errors.Join(failures...)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// release looks whose one reservation is, and, if it is nobody's, again under
// its session's lease, which no driver can hold at the same time.
func (o *Orphans) release(ctx context.Context, m Merchant, p Payments, r Payment) error {
	whose, err := o.owner(ctx, m, r)
	switch {
	case err != nil:
		return err
	case whose == ownerUnknown:
		return o.unknown(ctx, m, p, r)
	case whose == ownerAttempt:
		return nil
	}
	owner, now := o.NewID(), o.Now()
	err = o.Sessions.LeaseSession(ctx, m.ID, r.Session, owner, now, now.Add(orphanLease))
	if KindOf(err) == KindInFlight {
		return nil // somebody is at it
	}
	if err != nil {
		return err
	}
	defer o.unlease(context.WithoutCancel(ctx), m.ID, r.Session, owner)
	if whose, err = o.owner(ctx, m, r); err != nil || whose != ownerNone {
		return err
	}
	return o.giveBack(ctx, m, p, r)
}

func (o *Orphans) unlease(ctx context.Context, m MerchantID, s SessionID, owner string) {
	bounded, cancel := context.WithTimeout(ctx, releaseTime)
	defer cancel()
	if err := o.Sessions.ReleaseSession(bounded, m, s, owner); err != nil {
		o.Log.WarnContext(ctx, "lease not released; it runs out by itself", "session", s, "error", err)
	}
}

// ownership is whose a payment is.
type ownership int

const (
	ownerAttempt ownership = iota // an attempt that is under way, or an order
	ownerNone                     // nobody's any more
	ownerUnknown                  // these books do not say
)

func (o *Orphans) owner(ctx context.Context, m Merchant, r Payment) (ownership, error) {
	if (Attempt{Number: r.Attempt}).Reference(r.Session) != r.Reference {
		return ownerUnknown, nil
	}
	s, err := o.Sessions.Session(ctx, m.ID, "", r.Session)
	if KindOf(err) == KindNotFound {
		return ownerUnknown, nil
	}
	if err != nil {
		return 0, err
	}
	placed, err := o.Book.Payment(ctx, m.ID, r.Session)
	switch KindOf(err) {
	case "":
		return ownerOf(&s, &placed, r), nil
	case KindNotFound:
		return ownerOf(&s, nil, r), nil
	default:
		return 0, err
	}
}

// ownerOf tells whose a payment with our reference is. placed is the payment
// of the session's order, nil when it has none.
func ownerOf(s *Session, placed *Payment, p Payment) ownership {
	a := s.Attempt
	switch {
	case a == nil || p.Attempt > a.Number || p.Attempt < 1:
		return ownerUnknown // an attempt is saved before its payment is asked for: these books are older than it
	case p.Attempt == a.Number && a.Live():
		return ownerAttempt
	case placed != nil && placed.ProviderID == p.ProviderID:
		return ownerAttempt // of the order, which settling or staff look after
	case placed == nil && p.Attempt == a.Number && a.Step == StepFinished:
		return ownerUnknown
	}
	return ownerNone
}

// giveBack voids an orphan and writes both of its movements into the ledger,
// which may not have heard of it at all.
func (o *Orphans) giveBack(ctx context.Context, m Merchant, p Payments, r Payment) error {
	ended, err := p.Void(ctx, m, r)
	if err != nil {
		return fmt.Errorf("void a reservation that no checkout owns: %w", err)
	}
	const why = "found reserved; the checkout's attempt was given up before the provider had answered"
	r.Merchant, r.Provider = m.ID, p.Name()
	var moved []Movement
	if r.State == PaymentAuthorized {
		moved = append(moved, r.movement(MoveAuthorize, r.Amount, r.ProviderID, why, o.Now()))
	}
	switch ended.State {
	case PaymentVoided:
		moved = append(moved, r.movement(MoveVoid, r.Amount, r.ProviderID, "no checkout and no order owns it", o.Now()))
	case PaymentCaptured: // by another hand: the nightly comparison tells staff
		moved = append(moved, r.movement(MoveCapture, r.Amount, r.ProviderID, "found taken", o.Now()))
	}
	o.Log.InfoContext(ctx, "reservation without an owner", "session", r.Session, "payment", r.ProviderID, "state", ended.State)
	return o.Book.AppendMovements(ctx, moved)
}

func (o *Orphans) unknown(ctx context.Context, m Merchant, p Payments, r Payment) error {
	if r.State != PaymentAuthorized {
		return nil // it holds nothing
	}
	d := unknownCheckout(p.Name(), r)
	d.Merchant, d.FirstSeen, d.LastSeen = m.ID, o.Now(), o.Now()
	return o.Book.NoteDifference(ctx, d)
}

func unknownCheckout(provider string, p Payment) Difference {
	return Difference{
		Session: cmp.Or(p.Session, SessionID(p.Reference)), Provider: provider, PaymentID: p.ProviderID, Kind: DifferUnknown,
		What:     fmt.Sprintf("%s holds %s for a checkout that this app does not know", provider, p.Amount),
		Expected: "no payment", Found: p.Amount.String() + " reserved",
	}
}
