package templates

import (
	"slices"

	"github.com/acp-bridge/acp-bridge/acp"
)

// ShowsMoney reports whether there are payments to look after.
func (d Dashboard) ShowsMoney() bool {
	return d.MayDelegate || len(d.Money.Stories) > 0 || d.Differences() > 0
}

// Differences is how many are open.
func (d Dashboard) Differences() int64 { return int64(len(d.Money.Open)) + d.Money.More }

// Trouble is a payment with open differences, and what happened to it.
type Trouble struct {
	Differences []acp.Difference
	Story       acp.Story // of its checkout; without movements when there is none
}

// First is the difference that names payment and order.
func (t Trouble) First() acp.Difference { return t.Differences[0] }

// Troubles are the open differences, by payment.
func (d Dashboard) Troubles() []Trouble {
	var list []Trouble
	for _, open := range d.Money.Open {
		at := slices.IndexFunc(list, func(t Trouble) bool {
			return t.First().PaymentID == open.PaymentID && t.First().Provider == open.Provider
		})
		if at < 0 {
			at = len(list)
			list = append(list, Trouble{Story: d.storyOf(open.Session)})
		}
		list[at].Differences = append(list[at].Differences, open)
	}
	return list
}

func (d Dashboard) storyOf(s acp.SessionID) acp.Story {
	for _, story := range d.Money.Stories {
		if story.Session == s {
			return story
		}
	}
	return acp.Story{}
}

// LatestStories are those without an open difference, whose story stands
// beside it.
func (d Dashboard) LatestStories() []acp.Story {
	return slices.DeleteFunc(slices.Clone(d.Money.Stories), func(s acp.Story) bool {
		return slices.ContainsFunc(d.Money.Open, func(open acp.Difference) bool { return open.Session == s.Session })
	})
}

// movement is a kind of movement in staff's words.
func movement(k acp.MovementKind) string {
	switch k {
	case acp.MoveAuthorize:
		return "Reserved"
	case acp.MoveCapture:
		return "Taken"
	case acp.MoveVoid:
		return "Reservation ended"
	case acp.MoveRefund:
		return "Refunded"
	case acp.MoveDispute:
		return "Disputed"
	case acp.MoveReinstate:
		return "Dispute won"
	default:
		return string(k)
	}
}

// lastMovement is where a story stands.
func lastMovement(s acp.Story) acp.Movement {
	if len(s.Movements) == 0 {
		return acp.Movement{}
	}
	return s.Movements[len(s.Movements)-1]
}

// advice is what staff should do about a difference.
func advice(k acp.DifferenceKind) string {
	switch k {
	case acp.DifferUnknown:
		return "Was the database restored from a backup? If there is an order in Shopify, capture the payment; if not, cancel it."
	case acp.DifferNoOrder:
		return "Refund the payment, unless you made the order by hand."
	case acp.DifferOwnerless:
		return "It is given back within the hour. If it stays, cancel the payment."
	case acp.DifferNotTaken:
		return "Do not ship yet. Capture the payment before the reservation lapses, or cancel the order."
	case acp.DifferNothingHeld:
		return "Do not ship. Ask the buyer to pay again, or cancel the order."
	case acp.DifferNotPaid:
		return "Mark the order as paid in Shopify."
	case acp.DifferTotal:
		return "The order was edited, or not all of the reservation was taken. Collect or refund what is between the two."
	case acp.DifferTwice:
		return "Refund what is too much, in Shopify or at the provider."
	case acp.DifferRefund:
		return "Refund the same in the one that says less."
	case acp.DifferCanceled:
		return "Refund the payment, or cancel it if it is only reserved."
	case acp.DifferOrderGone:
		return "Refund the payment, unless the goods were sent."
	case acp.DifferPaymentGone:
		return "Ask the app's operator whether it uses the right account."
	case acp.DifferLedgerTaken, acp.DifferLedgerReserved, acp.DifferLedgerRefund, acp.DifferLedgerDispute:
		return "Nothing, if you know of it. If not, find out who did it."
	default:
		return "Compare the order with the payment."
	}
}

// toldStory is a story with the shop's clock.
type toldStory struct {
	Dashboard
	Story acp.Story
}

// Told puts a story on the shop's clock.
func (d Dashboard) Told(s acp.Story) toldStory { return toldStory{d, s} } //nolint:revive // for the template only
