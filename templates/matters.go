package templates

import (
	"cmp"

	"github.com/acp-bridge/acp-bridge/acp"
)

// MatterOrder is the order that a money matter is about.
type MatterOrder struct{ URL, Name string }

// About names the order of a matter.
func (d Dashboard) About(m acp.MoneyMatter) MatterOrder {
	return MatterOrder{URL: d.OrderURL(m.OrderID), Name: m.OrderName}
}

// Trouble says what is the matter, in staff's words.
func (d Dashboard) Trouble(m acp.MoneyMatter) string {
	switch m.Kind {
	case acp.MatterLost:
		return "The order was placed, but its payment could not be taken: the reservation lapsed or was canceled."
	case acp.MatterCaptureBy:
		return "The order was placed and its money is reserved, but for an hour it could not be taken. It is still tried."
	case acp.MatterDispute:
		switch m.Dispute {
		case acp.DisputeInquiry:
			return "The buyer's bank asks about this payment. The money is still with you."
		case acp.DisputeLost:
			return "The dispute was decided for the buyer. The money is gone."
		default:
			return "The buyer disputes this payment. Their bank has taken the money back until it is decided."
		}
	default: // what is noted in words
		return cmp.Or(m.Problem, "A refund has not reached the other side for an hour. It is still tried.")
	}
}

// Remedy says what staff can do about a matter.
func (d Dashboard) Remedy(m acp.MoneyMatter) string {
	switch {
	case m.Kind == acp.MatterLost:
		return "Hold the goods back. Ask the buyer to pay in another way, or cancel the order in Shopify."
	case m.Kind == acp.MatterCaptureBy:
		return "Hold the goods back, and capture the payment by hand in the dashboard of " + m.Provider + " before the reservation lapses. The app finds that by itself."
	case m.Kind == acp.MatterKeptPayment:
		return "If the payment is what the order costs, mark the order as paid in Shopify. If not, cancel the order, and refund the payment at " + m.Provider + " when it can be."
	case m.Kind == acp.MatterManyRefunds:
		return "From now on, refund in Shopify and in the dashboard of " + m.Provider + ", by hand. The nightly comparison says when their sums differ."
	case m.Kind == acp.MatterPaidTwice && m.PaymentID != "":
		return "Compare what the order has received in Shopify with what it costs. Refund what is too much, in Shopify or in the dashboard of " + m.Provider + "."
	case m.Kind == acp.MatterPaidTwice:
		return "Ask the buyer whether they want both. If not, cancel this order in Shopify and refund it there; nothing is refunded by itself."
	case m.Kind == acp.MatterUnpaidOrder:
		return "Collect the money, for example by sending the buyer an invoice from the order in Shopify, or cancel the order there."
	case m.Kind == acp.MatterDispute && m.Dispute == acp.DisputeLost:
		return "If the goods are still with you, cancel the order in Shopify without a refund."
	case m.Kind == acp.MatterDispute:
		return "Do not refund it. Accept the dispute, or answer it with evidence, in the dashboard of " + m.Provider + "."
	case m.Problem == acp.ProblemRefundFailed:
		return "The buyer does not have it, although the order says so. Ask them how they want to be paid, for example by bank transfer."
	case m.Problem == acp.ProblemRefundTooLarge:
		return "Look at both: give back at " + m.Provider + " what the buyer is still owed, if anything."
	case m.Problem == acp.ProblemNotRecorded:
		return "The buyer has the money. Note the refund on the order in Shopify by hand, so that its balance is right."
	case m.Problem == acp.ProblemTakenForOne:
		return "If that is right, there is nothing to do. If the buyer is owed both, give the second back in the dashboard of " + m.Provider + "; it is noted on the order."
	case m.Problem == "":
		return "If this stays, ask the app's operator to look at the log."
	default:
		return "Give it back by hand in the dashboard of " + m.Provider + ". The app finds that by itself."
	}
}
