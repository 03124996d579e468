package acp

import (
	"fmt"
	"time"
)

// Step is a recovery point of an attempt to pay. It is saved before and after
// each foreign call; names that end in -ing mean "may have been sent".
type Step string

// The steps, in the order in which they are taken.
const (
	StepStarted Step = "started"
	// StepAssessing: what is known of the payment is read before it is made.
	StepAssessing   Step = "assessing"
	StepAuthorizing Step = "authorizing"
	// StepAwaiting: the card's bank asks the holder to confirm the payment;
	// provider and agent see to that between them, and it is waited for.
	StepAwaiting   Step = "awaiting"
	StepAuthorized Step = "authorized"
	StepDrafting   Step = "drafting"
	StepDrafted    Step = "drafted"
	StepCompleting Step = "completing"
	StepPlaced     Step = "placed"
	StepFinished   Step = "finished"
	// StepReviewing: the merchant's rules want staff to look at the purchase
	// before its draft becomes an order.
	StepReviewing Step = "reviewing"
	// StepWithdrawing: the shop refused the order. Its draft is deleted before
	// the money is given back, because the refusal of one driver may have
	// crossed the success of another.
	StepWithdrawing Step = "withdrawing"
	// StepReleasing: something failed after the authorization, which is being
	// voided.
	StepReleasing Step = "releasing"
	// StepDiscarding: the money was given back; the draft is being deleted.
	StepDiscarding Step = "discarding"
	StepReleased   Step = "released"
)

// Attempt is one try to pay a session: one token, one amount. Its number rises
// whenever either changes, because a payment provider refuses an idempotency
// key that comes with other parameters.
type Attempt struct {
	Number   int
	Step     Step
	Handler  string // payment handler that the agent named
	Provider string // Name of the provider behind it
	Token    Secret // opaque, single use; encrypted at rest
	Billing  *Address
	Amount   Money
	// AsksAgent: an agent can be asked to have the card holder authenticated,
	// so the payment need not wait for them at the provider.
	AsksAgent bool
	// Authentication is what the agent brought of that; nil: nothing.
	Authentication *Authentication
	Card           Card // behind the token, where the provider tells
	// Verdict is what the merchant's rules said; empty: nothing was asked.
	Verdict Verdict
	// ReviewBy is until when staff have to decide, ApprovedAt when they did.
	ReviewBy   time.Time
	ApprovedAt time.Time
	// Cancels: the session is canceled once everything is given back.
	Cancels   bool
	Holders   []string // digests of those in whose name it is made
	PaymentID string   // the provider's id, once known
	// Holds is what the payment has of the buyer's money: nothing (empty),
	// PaymentAuthorized, or PaymentCaptured where the provider takes at once.
	Holds PaymentState
	Held  Money // how much that is; zero in books from before it was kept
	// CaptureBefore is when what is reserved lapses; zero: not known.
	CaptureBefore time.Time
	DraftID       string // Shopify's global id, once known
	Failure       *Message
	StartedAt     time.Time
	// WaitsSince is when the attempt began to wait for somebody outside.
	WaitsSince time.Time
	// WentOnAt is when it last stopped waiting; zero if it never waited.
	WentOnAt time.Time
}

// since is when the attempt began to keep the buyer waiting: the time that
// somebody outside took is not held against the shop.
func (a *Attempt) since() time.Time {
	if a.WentOnAt.After(a.StartedAt) {
		return a.WentOnAt
	}
	return a.StartedAt
}

// spend forgets what pays: it is spent or worthless, and the less is kept the
// better.
func (a *Attempt) spend() { a.Token, a.Authentication, a.Holders = "", nil, nil }

// Waits reports whether somebody outside has to act before the attempt can go
// on.
func (a *Attempt) Waits() bool {
	return a != nil && (a.Step == StepAwaiting || a.Step == StepReviewing)
}

// lookAgain is how long an attempt that waits is left alone: for a card holder
// two seconds, then longer and longer, up to half a minute; for staff an hour,
// and at the end of their time.
func (a *Attempt) lookAgain(now time.Time) time.Duration {
	if a.Step == StepReviewing {
		return min(max(a.ReviewBy.Sub(now), time.Second), time.Hour)
	}
	return min(max(now.Sub(a.WaitsSince)/4, 2*time.Second), 30*time.Second)
}

// Live reports whether the attempt still has work to do.
func (a *Attempt) Live() bool {
	return a != nil && a.Step != StepFinished && a.Step != StepReleased
}

// Reference names the attempt towards Shopify and the payment provider: the
// draft carries it as a tag, the payment in its metadata. At most 40
// characters, because a Shopify tag ends there.
func (a Attempt) Reference(s SessionID) string {
	id := string(s)
	if len(id) > 32 {
		id = id[len(id)-32:]
	}
	return fmt.Sprintf("acp-%s-%d", id, a.Number)
}

// Key is the idempotency key of one operation of the attempt towards the
// payment provider. It is never the agent's own key.
func (a Attempt) Key(s SessionID, operation string) string {
	return fmt.Sprintf("acp:%s:%d:%s", s, a.Number, operation)
}
