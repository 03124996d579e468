package acp

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// CompleteRequest asks to turn a session into an order.
type CompleteRequest struct {
	Buyer   *Buyer
	Handler string
	Token   Secret
	Billing *Address
	Note    *string
	// Authentication is the result of the card holder's authentication; nil:
	// the agent says nothing of it.
	Authentication *Authentication
	// Authenticates says that the agent's version can be told how to have the
	// card holder authenticated.
	Authenticates bool
	// Signals are what the agent says of the buyer's connection and device;
	// nil: nothing.
	Signals *RiskSignals
	// Consents to channels that the session does not offer are ignored.
	Consents    []Consent
	Attribution *Attribution
}

// Complete charges the token and places the order. What the purchase has to
// say (declined, price changed, out of stock) is in the returned session, which
// is then payable again. A session that is handed over stays
// requires_escalation, and one that may no longer be paid by token becomes it.
// When the context ends first, the work goes on and the session reads
// complete_in_progress.
//
// Errors: KindInvalid, KindState, KindInFlight (another request completes it),
// KindUnavailable and KindUnknown (the same claim may try again and finds what
// was begun).
func (c *Checkout) Complete(ctx context.Context, who Caller, id SessionID, r CompleteRequest) (Session, error) {
	s, err := c.Get(ctx, who, id)
	if err != nil {
		return Session{}, err
	}
	if who.Claim != "" && s.CompletedBy == who.Claim {
		if s.Status == InProgress {
			return c.run(ctx, who.Merchant, s)
		}
		return s, nil
	}
	if s.Status == PendingApproval || s.Status == InProgress && s.Attempt.Waits() && s.Attempt.Token == r.Token {
		return s, nil // the same purchase, asked for anew: it waits for somebody still
	}
	if s.Status != Authenticating {
		if err := mustBeOpen(s, "completed"); err != nil {
			return Session{}, err
		}
	}
	if err := answersChallenge(s, r); err != nil {
		return Session{}, err
	}
	switch {
	case s.Status != Ready && s.Status != Authenticating:
		return c.touchedLast(ctx, s, r) // its messages say what is missing, or where to go on
	case s.Status == Ready && c.completes(who) == HandOff:
		return c.handOverInstead(ctx, who.Merchant, s)
	case r.Authentication.standing() == unwanted:
		return c.unauthenticated(ctx, s)
	}
	if err := c.begin(&s, who, r); err != nil {
		return Session{}, err
	}
	resume := Task{Kind: TaskResumeCheckout, Merchant: s.Merchant, Key: string(s.ID), RunAt: c.Now().Add(c.Lease)}
	if err := c.Sessions.SaveSession(ctx, &s, resume); err != nil {
		if KindOf(err) == KindStale {
			return Session{}, &Error{Kind: KindInFlight, Code: "checkout_in_progress", Message: "the session is being changed"}
		}
		return Session{}, err
	}
	return c.run(ctx, who.Merchant, s)
}

// begin starts an attempt: the session's state is the second lock, which one
// request alone can take.
func (c *Checkout) begin(s *Session, who Caller, r CompleteRequest) error {
	if r.Buyer != nil {
		s.Buyer = r.Buyer
	}
	if r.Note != nil {
		s.Note = *r.Note
	}
	if s.email() == "" {
		return Invalid(CodeMissing, "$.buyer.email", "an e-mail address is needed for the order confirmation")
	}
	if strings.TrimSpace(r.Token.Reveal()) == "" {
		return Invalid(CodeMissing, "$.payment_data.instrument.credential.token", "a payment token is needed")
	}
	provider, way, known := c.Payments.offering(who.Merchant, r.Handler)
	if !known || c.completes(who) != Delegated {
		return Invalid(CodeInvalid, "$.payment_data.handler_id", fmt.Sprintf("payment handler %q is not offered by this session", r.Handler))
	}
	number := 1
	if s.Attempt != nil {
		number = s.Attempt.Number + 1
	}
	s.Attempt = &Attempt{
		Number: number, Step: StepStarted, Handler: r.Handler, Provider: provider.Name(), Token: r.Token, Billing: r.Billing,
		Amount: s.Total(), StartedAt: c.Now(), AsksAgent: asksAgent(s, way, r),
	}
	s.Attempt.Holders = c.holders(s, r.Signals)
	if way.Acquirer != nil {
		s.Attempt.Authentication = r.Authentication
	}
	if r.Attribution != nil {
		s.LastTouch = r.Attribution.touched(c.Now())
	}
	if decided := consented(r.Consents, s.ConsentOptions(who.Merchant)); decided != nil {
		s.Consents = decided
	}
	s.CompletedBy, s.UpdatedAt = who.Claim, c.Now()
	s.Messages, s.Challenge = s.standing(), nil
	return s.become(InProgress)
}

// run drives the attempt, detached from the request: an agent that hangs up
// must not leave a buyer's money half way. It returns the session when the
// attempt has ended, or as it stands when the request's time is over. An error
// never means that the attempt has ended.
func (c *Checkout) run(ctx context.Context, m Merchant, s Session) (Session, error) {
	detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.Budget)
	type result struct {
		session Session
		err     error
	}
	done := make(chan result, 1)
	c.running.Go(func() {
		defer cancel()
		session, err := c.drive(detached, m, s.ID)
		if err != nil {
			c.Log.WarnContext(detached, "completion interrupted; it will be resumed", "session", s.ID, "error", err)
			c.resumeSoon(context.WithoutCancel(ctx), s, err)
		}
		done <- result{session, err}
	})
	select {
	case r := <-done:
		return r.session, interrupted(r.err)
	case <-ctx.Done():
		return s, nil
	}
}

// interrupted is an error of a completion that goes on without whoever asked for
// it. No refusal of a remote may reach an agent as an answer that is kept under
// its key (a 400 or 404 says that there will be no order): what ends an attempt
// is in its session.
func interrupted(err error) error {
	switch KindOf(err) {
	case "", KindInFlight, KindStale, KindThrottled, KindUnavailable, KindUnknown, KindReauthorize, KindInternal: // never kept
		return err
	default:
		return Failed(KindUnknown, "complete checkout", err)
	}
}

// resumeSoon has an interrupted completion carried on as soon as that makes
// sense. The task that was saved with it waits until no driver can be alive;
// this one does not have to, for the driver has given up.
func (c *Checkout) resumeSoon(ctx context.Context, s Session, why error) {
	if KindOf(why) == KindInFlight {
		return // somebody else is at it
	}
	bounded, cancel := context.WithTimeout(ctx, releaseTime)
	defer cancel()
	at := c.Now().Add(max(RetryAfterOf(why), 2*time.Second))
	err := c.Sessions.Enqueue(bounded, Task{Kind: TaskResumeCheckout, Merchant: s.Merchant, Key: string(s.ID), RunAt: at})
	if err != nil {
		c.Log.WarnContext(ctx, "completion is resumed only when its lease is over", "session", s.ID, "error", err)
	}
}
