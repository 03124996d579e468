package acp_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

type transition struct{ from, to acp.Status }

// takes brings a session into the first status, carries a use case out, and
// names the session: what can be read of it then is the second status.
type takes func(w *world) acp.SessionID

// byUseCase takes each transition of the table the way that agents, buyers and
// the shop take it.
var byUseCase = map[transition]takes{
	{acp.NotReady, acp.NotReady}:  func(w *world) acp.SessionID { return w.update(w.createSoldOut(delegated)) },
	{acp.NotReady, acp.Ready}:     func(w *world) acp.SessionID { return w.update(w.restocked(w.createSoldOut(delegated))) },
	{acp.NotReady, acp.Escalated}: func(w *world) acp.SessionID { return w.update(w.restocked(w.createSoldOut(handedOver))) },
	{acp.NotReady, acp.Canceled}:  func(w *world) acp.SessionID { return w.cancel(w.createSoldOut(delegated)) },
	{acp.NotReady, acp.Expired}:   func(w *world) acp.SessionID { return w.wait(w.createSoldOut(delegated)) },
	// The buyer pays the invoice of before the cart sold out.
	{acp.NotReady, acp.Completed}: func(w *world) acp.SessionID {
		return w.paidInShop(w.update(w.soldOut(w.followed(w.create(handedOver)))))
	},
	{acp.Ready, acp.NotReady}:       func(w *world) acp.SessionID { return w.update(w.soldOut(w.create(delegated))) },
	{acp.Ready, acp.Ready}:          func(w *world) acp.SessionID { return w.update(w.create(delegated)) },
	{acp.Ready, acp.Escalated}:      func(w *world) acp.SessionID { return w.update(w.signInRequired(w.create(delegated))) },
	{acp.Ready, acp.InProgress}:     func(w *world) acp.SessionID { return w.complete(w.unreachable(w.create(delegated))) },
	{acp.Ready, acp.Canceled}:       func(w *world) acp.SessionID { return w.cancel(w.create(delegated)) },
	{acp.Ready, acp.Expired}:        func(w *world) acp.SessionID { return w.wait(w.create(delegated)) },
	{acp.Escalated, acp.NotReady}:   func(w *world) acp.SessionID { return w.update(w.soldOut(w.create(handedOver))) },
	{acp.Escalated, acp.Escalated}:  func(w *world) acp.SessionID { return w.update(w.create(handedOver)) },
	{acp.Escalated, acp.Completed}:  func(w *world) acp.SessionID { return w.paidInShop(w.followed(w.create(handedOver))) },
	{acp.Escalated, acp.Canceled}:   func(w *world) acp.SessionID { return w.cancel(w.create(handedOver)) },
	{acp.Escalated, acp.Expired}:    func(w *world) acp.SessionID { return w.wait(w.create(handedOver)) },
	{acp.InProgress, acp.Completed}: func(w *world) acp.SessionID { return w.resume(w.inProgress(), acp.PaymentAuthorized) },
	{acp.InProgress, acp.Ready}:     func(w *world) acp.SessionID { return w.resume(w.inProgress(), acp.PaymentDeclined) },
	{acp.InProgress, acp.NotReady}:  func(w *world) acp.SessionID { return w.resume(w.soldOut(w.shopUnreachable()), acp.PaymentAuthorized) },
	{acp.InProgress, acp.PendingApproval}: func(w *world) acp.SessionID {
		w.rule(acp.Acceptance{Quantity: acp.Limit{Most: 1, Then: acp.Refuse}, Total: acp.Limit{Most: 1, Then: acp.Review}})
		return w.resume(w.inProgress(), acp.PaymentAuthorized)
	},
	{acp.PendingApproval, acp.InProgress}: func(w *world) acp.SessionID { return w.takenBack(w.held()) },
	{acp.InProgress, acp.Canceled}:        func(w *world) acp.SessionID { return w.resume(w.takenBack(w.held()), acp.PaymentAuthorized) },
	{acp.InProgress, acp.Authenticating}:  func(w *world) acp.SessionID { return w.resume(w.unasked(), acp.PaymentNeedsAction) },
	{acp.Authenticating, acp.InProgress}:  func(w *world) acp.SessionID { return w.answer(w.unreachable(w.challenged()), "authenticated") },
	{acp.Authenticating, acp.Ready}:       func(w *world) acp.SessionID { return w.answer(w.challenged(), "denied") },
	{acp.Authenticating, acp.Canceled}:    func(w *world) acp.SessionID { return w.cancel(w.challenged()) },
	{acp.Authenticating, acp.Expired}:     func(w *world) acp.SessionID { return w.wait(w.challenged()) },
	// The buyer was faster than the agent that canceled, or than the clock.
	{acp.Canceled, acp.Completed}: func(w *world) acp.SessionID { return w.paidInShop(w.cancel(w.followed(w.create(handedOver)))) },
	{acp.Expired, acp.Completed}:  func(w *world) acp.SessionID { return w.paidInShop(w.wait(w.followed(w.create(handedOver)))) },
}

func statuses() []acp.Status {
	return []acp.Status{
		acp.NotReady, acp.Ready, acp.Escalated, acp.Authenticating, acp.InProgress, acp.PendingApproval, acp.Completed, acp.Canceled, acp.Expired,
	}
}

func TestEachTransitionIsTakenByAUseCase(t *testing.T) {
	for _, from := range statuses() {
		for _, to := range statuses() {
			step := transition{from, to}
			take, taken := byUseCase[step]
			switch {
			case from.CanBecome(to) && !taken:
				t.Errorf("%s may become %s, but nothing shows how", from, to)
			case !from.CanBecome(to) && taken:
				t.Errorf("%s may not become %s, yet it is listed", from, to)
			case taken:
				t.Run(fmt.Sprintf("%s becomes %s", from, to), func(t *testing.T) {
					w := openWorld(t)
					id := take(w)
					if before, after := w.seen[len(w.seen)-2], w.status(id); before != from || after != to {
						t.Errorf("from %s to %s", before, after)
					}
				})
			}
		}
	}
}

// A status that the table does not let go keeps its session against every use
// case that agents have.
func TestAnEndedSessionStaysAsItIs(t *testing.T) {
	for status, end := range map[acp.Status]takes{
		acp.Completed: func(w *world) acp.SessionID { return w.complete(w.create(delegated)) },
		acp.Canceled:  func(w *world) acp.SessionID { return w.cancel(w.create(delegated)) },
		acp.Expired:   func(w *world) acp.SessionID { return w.wait(w.create(delegated)) },
	} {
		t.Run(string(status), func(t *testing.T) {
			w := openWorld(t)
			id := end(w)
			for name, err := range w.everything(id) {
				if acp.KindOf(err) != acp.KindState {
					t.Errorf("%s: %v", name, err)
				}
			}
			if got := w.status(id); got != status {
				t.Errorf("it has become %s", got)
			}
		})
	}
}

func TestASessionInProgressIsLeftToItsDriver(t *testing.T) {
	w := openWorld(t)
	id := w.inProgress()
	for name, err := range w.everything(id) {
		if acp.KindOf(err) != acp.KindInFlight {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.clock = w.clock.Add(24 * time.Hour)
	if got := w.status(id); got != acp.InProgress {
		t.Errorf("it has become %s: a payment under way must not expire", got)
	}
}
