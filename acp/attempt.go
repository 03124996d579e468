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
	StepStarted     Step = "started"
	StepAuthorizing Step = "authorizing"
	StepAuthorized  Step = "authorized"
	StepDrafting    Step = "drafting"
	StepDrafted     Step = "drafted"
	StepCompleting  Step = "completing"
	StepPlaced      Step = "placed"
	StepFinished    Step = "finished"
	// StepWithdrawing: the shop refused the order. Its draft is deleted before
	// the money is given back, because the refusal of one driver may have
	// crossed the success of another.
	StepWithdrawing Step = "withdrawing"
	// StepReleasing: something failed after the authorization; the draft is
	// being deleted and the authorization voided.
	StepReleasing Step = "releasing"
	StepReleased  Step = "released"
)

// Attempt is one try to pay a session: one token, one amount. Its number rises
// whenever either changes, because a payment provider refuses an idempotency
// key that comes with other parameters.
type Attempt struct {
	Number    int
	Step      Step
	Handler   string // payment handler that the agent named
	Token     Secret // opaque, single use; encrypted at rest
	Billing   *Address
	Amount    Money
	PaymentID string // the provider's id, once known
	DraftID   string // Shopify's global id, once known
	Failure   *Message
	StartedAt time.Time
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
