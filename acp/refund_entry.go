package acp

import (
	"context"
	"strings"
	"time"
)

// Side is where a refund began.
type Side string

// The sides of an order.
const (
	SideShop     Side = "shop"     // staff refunded the order in Shopify
	SideProvider Side = "provider" // somebody refunded the payment at its provider
	SideApp      Side = "app"      // this app: the order was canceled before its payment was recorded
)

// CarryState is how far a refund was carried to the other side.
type CarryState string

// The states of carrying a refund over.
const (
	CarryOpen   CarryState = "open"   // to be carried, or on its way
	CarryDone   CarryState = "done"   // both sides have it
	CarryFailed CarryState = "failed" // the other side refused; staff must act
	CarryLeft   CarryState = "left"   // the merchant keeps the sides apart
)

// RefundEntry is a refund of a placed order in our books: what each side calls
// it, so that neither an echo nor a repetition makes a second one.
type RefundEntry struct {
	Merchant  MerchantID
	Session   SessionID
	OrderID   string // Shopify's global id
	Provider  string // Name
	PaymentID string // the provider's id
	Origin    Side
	OriginID  string // of the refund, on the side where it began; unique there
	// Counterpart is the refund's id on the other side, once it is known.
	Counterpart string
	Amount      Money
	Carried     CarryState
	Money       RefundState // of the provider; empty while it has no such refund
	Problem     string      // for staff, in plain words
	CreatedAt   time.Time
	UpdatedAt   time.Time
	HandledAt   time.Time // staff have dealt with the problem
}

// AtProvider is the refund's id at the provider, empty while it has none.
func (e RefundEntry) AtProvider() string {
	if e.Origin == SideProvider {
		return e.OriginID
	}
	return e.Counterpart
}

// InShop is the refund's id in Shopify, empty while it has none.
func (e RefundEntry) InShop() string {
	switch e.Origin {
	case SideShop:
		return e.OriginID
	case SideProvider:
		return e.Counterpart
	default:
		return ""
	}
}

// reference names the refund towards the provider. It follows from the origin
// alone, so that the provider's refund leads back to it even if our books are
// lost. At most 40 plain characters.
func (e RefundEntry) reference() string {
	if e.Origin == SideApp {
		return "acp-refund-canceled-" + idTail(e.OrderID)
	}
	return shopRefundReference(e.OriginID)
}

func shopRefundReference(id string) string { return "acp-refund-" + idTail(id) }

// idTail is the number at the end of a global id.
func idTail(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// DisputeEntry is a dispute of a placed order's payment in our books.
type DisputeEntry struct {
	Dispute
	Merchant  MerchantID
	Session   SessionID
	OrderID   string
	Provider  string
	PaymentID string
	Marked    bool // the order in Shopify is tagged
	UpdatedAt time.Time
	HandledAt time.Time
}

// Aftermath is what became of a placed order's money.
type Aftermath struct {
	Refunds  []RefundEntry
	Disputes []DisputeEntry
}

// AftermathBook keeps what became of placed orders' money.
type AftermathBook interface {
	MatterNotes
	// Aftermath reads what is known of a session; nothing is no error.
	Aftermath(ctx context.Context, m MerchantID, s SessionID) (Aftermath, error)
	// SaveAftermath writes the entries, adds the movements to the ledger and
	// enqueues the tasks, in one commit.
	SaveAftermath(ctx context.Context, a Aftermath, moved []Movement, tasks ...Task) error
}

// ShopRefunds is the order's side of refunds, cancellations and disputes.
type ShopRefunds interface {
	// OrderMoney reads what the payment's order says of its money, KindNotFound
	// when there is no such order any more.
	OrderMoney(ctx context.Context, m Merchant, p Payment) (OrderMoney, error)
	// RecordRefund notes on the payment's order that money was given back
	// elsewhere, once for each Name however often it is called. KindRefused
	// when the payment does not stand there, or has not so much to refund.
	RecordRefund(ctx context.Context, m Merchant, p Payment, r RefundNote) (ShopRefund, error)
	// CancelOrder cancels it and puts its stock back; canceled already is
	// success. KindRefused when that cannot be.
	CancelOrder(ctx context.Context, m Merchant, order, staffNote string) error
	// TagOrder adds a tag; there already is success.
	TagOrder(ctx context.Context, m Merchant, order, tag string) error
}

// OrderMoney is what the shop says of an order's money.
type OrderMoney struct {
	CanceledAt time.Time // zero while it is not
	// Refunds are those of the payment, which stands on the order as SaleOf
	// says. What was given back of other payments is none of ours.
	Refunds []ShopRefund
	// Unread: the order has so many refunds that not all of them can be read,
	// and Refunds says nothing.
	Unread bool
	// InShop: the buyer paid the order in Shopify, and the payment does not
	// stand on it (PaidInShop).
	InShop bool
}

// ShopRefund is a refund that stands on an order.
type ShopRefund struct {
	ID     string // Shopify's global id
	Amount Money
	Note   string
	At     time.Time
}

// RefundNote asks to record a refund on an order.
type RefundNote struct {
	Name   string // the provider's id of the refund; the Note contains it
	Note   string // for staff
	Amount Money
}
