package acp

import (
	"context"
	"time"
)

// MatterKind is what sort of trouble a payment is in.
type MatterKind string

// The kinds of money matters.
const (
	MatterRefund  MatterKind = "refund"  // one side has it, the other does not
	MatterDispute MatterKind = "dispute" // the buyer's bank wants the money, or an answer
	MatterLost    MatterKind = "lost"    // an order stands and its money cannot be had
	// MatterCaptureBy: an order stands, and its money is reserved but was not
	// taken for an hour, although it is tried.
	MatterCaptureBy MatterKind = "capture_by"
	// MatterUnpaidOrder: an order stands that the payment made for it does not
	// pay, because staff made it an order themselves, over another total or
	// after they had refused it here.
	MatterUnpaidOrder MatterKind = "unpaid_order"
	// MatterPaidTwice: the buyer paid two orders of one checkout, or one order
	// in Shopify and by token.
	MatterPaidTwice MatterKind = "paid_twice"
	// MatterManyRefunds: an order has more refunds than can be followed.
	MatterManyRefunds MatterKind = "many_refunds"
	// MatterKeptPayment: such an order, whose payment the provider would not
	// give back either.
	MatterKeptPayment MatterKind = "kept_payment"
)

// MoneyMatter is something about a payment that only staff can put right.
type MoneyMatter struct {
	Kind      MatterKind
	ID        string // names it towards HandleMatter
	OrderID   string
	OrderName string
	Provider  string
	PaymentID string
	Amount    Money
	Problem   string // of a refund; empty: it is still tried
	Dispute   DisputeState
	AnswerBy  time.Time // until when staff can do something: answer a dispute, take what is reserved; zero: not known
	At        time.Time
}

// MatterNotes is where trouble is written down.
type MatterNotes interface {
	// NoteMatter writes down what staff must do about a session's order, once
	// for each kind and id.
	NoteMatter(ctx context.Context, m MerchantID, s SessionID, matter MoneyMatter) error
}

// MatterBook is what staff see and decide of payments.
type MatterBook interface {
	// Matters lists what staff have not dealt with, the most urgent first.
	Matters(ctx context.Context, m MerchantID) ([]MoneyMatter, error)
	// HandleMatter takes one off the list: staff have dealt with it. It
	// comes back when it changes. KindNotFound.
	HandleMatter(ctx context.Context, m MerchantID, kind MatterKind, id string) error
	// SetFollowing changes which side follows the other.
	SetFollowing(ctx context.Context, m MerchantID, f Following) error
}
