package acp

import "slices"

// Status is a session's state in the newest protocol version's words.
type Status string

// The states of a session.
const (
	NotReady        Status = "not_ready_for_payment"
	Ready           Status = "ready_for_payment"
	Escalated       Status = "requires_escalation"     // the buyer must follow continue_url
	Authenticating  Status = "authentication_required" // 3DS
	InProgress      Status = "complete_in_progress"
	PendingApproval Status = "pending_approval" // staff of the shop look at it
	Completed       Status = "completed"
	Canceled        Status = "canceled"
	Expired         Status = "expired"
)

// transitions is the state machine: from each state, the states that may
// follow. Canceled and Expired are final but for one thing: a hand-off
// that the buyer pays late still becomes an order, because the money is real.
var transitions = map[Status][]Status{
	NotReady:        {NotReady, Ready, Escalated, Canceled, Expired, Completed},
	Ready:           {NotReady, Ready, Escalated, InProgress, Canceled, Expired},
	Escalated:       {NotReady, Escalated, Completed, Canceled, Expired},
	Authenticating:  {InProgress, Ready, Canceled, Expired},
	InProgress:      {Completed, Ready, NotReady, Authenticating, PendingApproval, Canceled},
	PendingApproval: {InProgress},
	Canceled:        {Completed},
	Expired:         {Completed},
	Completed:       {},
}

// CanBecome reports whether the state machine allows the step.
func (s Status) CanBecome(next Status) bool { return slices.Contains(transitions[s], next) }

// become takes a step of the state machine; one that it does not have is a
// defect (KindInternal), and nothing may be saved after it.
func (s *Session) become(next Status) error {
	if s.Status != next && !s.Status.CanBecome(next) {
		return &Error{Kind: KindInternal, Message: "a session that is " + string(s.Status) + " cannot become " + string(next)}
	}
	s.Status = next
	return nil
}

// Open reports whether the session can still be changed by the agent.
func (s Status) Open() bool { return s == NotReady || s == Ready || s == Escalated }
