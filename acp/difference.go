package acp

import "time"

// DifferenceKind is what two books disagree about; what staff should do
// depends on it.
type DifferenceKind string

// The kinds of differences.
const (
	// DifferUnknown: a payment carries our reference, but belongs to a checkout,
	// or an attempt, that these books do not know; they may have been restored
	// from a backup.
	DifferUnknown DifferenceKind = "unknown_checkout"
	// DifferNoOrder: money was taken and no order exists.
	DifferNoOrder DifferenceKind = "no_order"
	// DifferOwnerless: money is reserved that no checkout owns.
	DifferOwnerless DifferenceKind = "ownerless"
	// DifferNotTaken: an order stands, its money is only reserved.
	DifferNotTaken DifferenceKind = "not_taken"
	// DifferNothingHeld: an order stands, and nothing of its money is there.
	DifferNothingHeld DifferenceKind = "nothing_held"
	// DifferNotPaid: money was taken, its order is not marked paid.
	DifferNotPaid DifferenceKind = "not_marked_paid"
	// DifferTotal: an order costs another amount than was taken for it.
	DifferTotal DifferenceKind = "total"
	// DifferTwice: an order was paid in Shopify, and by token, too.
	DifferTwice DifferenceKind = "paid_twice"
	// DifferRefund: shop and provider disagree about what was given back.
	DifferRefund DifferenceKind = "refund"
	// DifferCanceled: an order was canceled, its money is still held.
	DifferCanceled DifferenceKind = "canceled"
	// DifferOrderGone: money is held for an order that the shop does not have
	// any more.
	DifferOrderGone DifferenceKind = "order_gone"
	// DifferPaymentGone: the provider does not know the payment.
	DifferPaymentGone DifferenceKind = "payment_gone"
	// The ledger and the provider disagree about money that was taken, a
	// reservation, refunds, or disputes.
	DifferLedgerTaken    DifferenceKind = "ledger_taken"
	DifferLedgerReserved DifferenceKind = "ledger_reserved"
	DifferLedgerRefund   DifferenceKind = "ledger_refund"
	DifferLedgerDispute  DifferenceKind = "ledger_dispute"
)

// DifferenceKinds are all of them.
func DifferenceKinds() []DifferenceKind {
	return []DifferenceKind{
		DifferUnknown, DifferNoOrder, DifferOwnerless, DifferNotTaken, DifferNothingHeld, DifferNotPaid, DifferTotal, DifferTwice, DifferRefund,
		DifferCanceled, DifferOrderGone, DifferPaymentGone, DifferLedgerTaken, DifferLedgerReserved, DifferLedgerRefund, DifferLedgerDispute,
	}
}

// Difference is something about a payment on which two books disagree: the
// shop's, the provider's and our ledger. A payment has at most one open one of
// each kind. One that has gone is closed, never deleted.
type Difference struct {
	Merchant   MerchantID
	Session    SessionID
	Provider   string // the provider's Name
	PaymentID  string // the provider's id of the payment
	OrderID    string // Shopify's global id; empty when there is no order
	OrderName  string // "#1001"
	Kind       DifferenceKind
	What       string // the whole of it, in plain words for staff
	Expected   string // what one book says
	Found      string // what the other one says
	FirstSeen  time.Time
	LastSeen   time.Time
	ResolvedAt time.Time // zero while it is open
}

// PaymentKey names a payment in the books of its provider.
type PaymentKey struct{ Provider, ID string }

// key of the payment that the difference is about.
func (d Difference) key() PaymentKey { return PaymentKey{d.Provider, d.PaymentID} }

// aboutOrder reports whether it takes the order to find such a difference.
func (k DifferenceKind) aboutOrder() bool {
	switch k {
	case DifferNotTaken, DifferNothingHeld, DifferNotPaid, DifferTotal, DifferTwice, DifferRefund, DifferCanceled, DifferOrderGone:
		return true
	default:
		return false
	}
}
