package acp

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// Sessions keeps checkout sessions. Every method takes or carries the
// merchant; a session of another merchant does not exist.
type Sessions interface {
	// CreateSession inserts s. It fails with KindStale when the ID exists.
	//
	// A session that is Told is kept together with that answer or not at all,
	// here and by SaveSession: KindInFlight when another request has taken the
	// claim over.
	CreateSession(ctx context.Context, s Session) error
	// Session reads one, KindNotFound when this merchant's connection has
	// none such. An empty connection matches any (staff, jobs).
	Session(ctx context.Context, m MerchantID, c ConnectionID, id SessionID) (Session, error)
	// SessionByHandover finds the session behind a short link; the token
	// itself names the merchant. KindNotFound.
	SessionByHandover(ctx context.Context, token string) (Session, error)
	// SaveSession writes s if its Revision is still the stored one, raises
	// Revision, and enqueues the tasks in the same commit. KindStale when
	// somebody else saved first.
	SaveSession(ctx context.Context, s *Session, tasks ...Task) error
	// LeaseSession gives owner the sole right to drive the session's
	// completion until a moment; KindInFlight while another owner has it.
	// ReleaseSession ends it early.
	LeaseSession(ctx context.Context, m MerchantID, id SessionID, owner string, now, until time.Time) error
	ReleaseSession(ctx context.Context, m MerchantID, id SessionID, owner string) error
	// Enqueue enqueues tasks by themselves.
	Enqueue(ctx context.Context, tasks ...Task) error
}

// Finisher ends a checkout in one commit: the session completed, its order,
// the payment still to be captured (nil for hand-offs), the event for the
// agent and the tasks that follow. KindStale when the session was saved by
// somebody else.
type Finisher interface {
	FinishCheckout(ctx context.Context, s *Session, p *Payment, e OrderEvent, tasks ...Task) error
}

// Items looks up purchasable items in the mirror.
type Items interface {
	// Items returns those of ids that exist for the merchant, hidden ones
	// included, in no particular order.
	Items(ctx context.Context, m MerchantID, ids []ItemID) ([]Item, error)
}

// Merchants reads installed shops.
type Merchants interface {
	// Merchant reads one by its ID, KindNotFound.
	Merchant(ctx context.Context, id MerchantID) (Merchant, error)
}

// CheckoutConfig is what Checkout needs; every field is required, except
// Payments, without which only hand-off is possible, Deliveries and
// Storefront.
type CheckoutConfig struct {
	Sessions   Sessions
	Finisher   Finisher
	Items      Items
	Merchants  Merchants
	Shop       Quoter
	Drafts     Drafts
	Orders     ShopOrders
	Payments   Providers
	Vetting    Vetting
	Deliveries Deliveries // nil: shipping and digital delivery only
	// Storefront is the address that fills the storefront's cart with lines of a
	// session, "" when there is none; nil: never.
	Storefront func(Merchant, Session, []CartLine) string
	SessionTTL time.Duration // how long an untouched session stays open
	Lease      time.Duration // how long one driver may own a completion
	Budget     time.Duration // how long one run of a completion may take; shorter than Lease
	AskFor     time.Duration // how long a request waits for pickups and couriers; zero: two seconds
	Now        func() time.Time
	NewID      func() string // unguessable, at least 128 random bits
	Log        *slog.Logger
}

// Checkout is the use case of agents: create, read, change, complete and
// cancel a session. Its methods fail with the kinds of errors.go; what the
// purchase itself has to say (out of stock, declined) is in the session's
// messages.
type Checkout struct {
	CheckoutConfig
	running sync.WaitGroup
	plain   plainPlaces // they offer shipping only
	unwell  plainPlaces // they, or whole shops, could not answer
	silent  plainPlaces // they refuse to say
}

// NewCheckout checks the configuration.
func NewCheckout(c CheckoutConfig) (*Checkout, error) {
	if c.Sessions == nil || c.Finisher == nil || c.Items == nil || c.Merchants == nil || c.Shop == nil || c.Drafts == nil || c.Orders == nil || c.Vetting == nil {
		return nil, errors.New("checkout: a store or shop is missing")
	}
	if c.Now == nil || c.NewID == nil || c.Log == nil {
		return nil, errors.New("checkout: Now, NewID and Log are required")
	}
	if c.SessionTTL <= 0 || c.Budget <= 0 || c.Lease <= c.Budget {
		return nil, errors.New("checkout: SessionTTL and Budget must be positive and Lease longer than Budget")
	}
	c.AskFor = cmp.Or(c.AskFor, askFor)
	return &Checkout{CheckoutConfig: c}, nil
}

// Wait returns when no completion is running any more, or with the context's
// error. It is for shutting down; what does not end in time is carried on by
// its resume task.
func (c *Checkout) Wait(ctx context.Context) error {
	done := make(chan struct{})
	go func() { c.running.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Handlers are the ways to pay that a session of this caller offers: none
// when the buyer is handed over.
func (c *Checkout) Handlers(who Caller) []PaymentHandler {
	if who.Connection.Completes(who.Merchant) != Delegated {
		return nil
	}
	return c.Payments.Handlers(who.Merchant)
}

// way finds the way to pay that an attempt was begun with.
func (c *Checkout) way(m Merchant, handler string) (PaymentHandler, bool) {
	_, way, known := c.Payments.offering(m, handler)
	return way, known
}

// Interventions are those that this installation supports for anybody.
func (c *Checkout) Interventions() []string {
	for _, p := range c.Payments {
		if p.Capabilities().External3DS {
			return []string{Intervention3DS}
		}
	}
	return nil
}

// completes is how a caller's sessions are finished; a merchant that chose
// delegated payment without a provider to charge is handed over all the same.
func (c *Checkout) completes(who Caller) Completion {
	if len(c.Handlers(who)) == 0 {
		return HandOff
	}
	return Delegated
}

// Get reads a session. It has no side effects.
func (c *Checkout) Get(ctx context.Context, who Caller, id SessionID) (Session, error) {
	s, err := c.Sessions.Session(ctx, who.Merchant.ID, who.Connection.ID, id)
	if err != nil {
		return Session{}, err
	}
	return s.At(c.Now()), nil
}
