package acp

import (
	"context"
	"time"
)

// Drafts turns a cart into a draft order and a draft order into an order.
type Drafts interface {
	// CreateDraft saves the cart as a draft order. KindRefused when the shop
	// says no, KindUnavailable when certainly nothing was created,
	// KindUnknown when that must be looked up with FindDraft.
	CreateDraft(ctx context.Context, m Merchant, d DraftOrder) (Draft, error)
	// FindDraft looks a draft up by its Reference; KindNotFound. The shop's
	// search may lag behind by seconds.
	FindDraft(ctx context.Context, m Merchant, reference string) (Draft, error)
	// FindDrafts is FindDraft, but returns all that carry the reference, none
	// being no error: a create whose answer was lost may have been sent twice.
	FindDrafts(ctx context.Context, m Merchant, reference string) ([]Draft, error)
	// LeftDrafts are those that this app made, that are no orders, and that
	// nobody has touched since a moment.
	LeftDrafts(ctx context.Context, m Merchant, before time.Time) ([]LeftDraft, error)
	// Draft reads one by its id; KindNotFound.
	Draft(ctx context.Context, m Merchant, id string) (Draft, error)
	// AwaitDraft is Draft, but waits until the shop has finished calculating
	// it; KindUnavailable when that takes longer than the context allows.
	AwaitDraft(ctx context.Context, m Merchant, id string) (Draft, error)
	// CompleteDraft makes a ready draft an order. Completing a completed
	// draft returns its order, so it may be called again after KindUnknown.
	// KindRefused when the shop says no (stock ran out).
	CompleteDraft(ctx context.Context, m Merchant, id string) (Draft, error)
	// DeleteDraft removes a draft that became no order; gone is success.
	DeleteDraft(ctx context.Context, m Merchant, id string) error
}

// DraftOrder is a cart with the marks by which it is found again.
type DraftOrder struct {
	Cart
	Session   SessionID
	Reference string // becomes a tag; at most 40 characters
	Agent     string // the connection's name, for staff
	// Attributes are shown to staff on the order; no person is named in them.
	Attributes []NamedValue
	// PaidElsewhere leaves the order unpaid when the draft is completed; the
	// captured payment is recorded on it afterwards. Without it, completing
	// would mark the order paid before any money moved.
	PaidElsewhere bool
	HoldStock     time.Time // reserve the stock until then; zero: do not
}

// Draft is a draft order in the shop.
type Draft struct {
	ID         string // Shopify's global id
	InvoiceURL string // where the buyer pays in Shopify's checkout
	Total      Money
	Ready      bool   // the shop has finished calculating
	OrderID    string // empty until it is completed
}

// LeftDraft is a draft order with the marks that CreateDraft gave it.
type LeftDraft struct {
	ID        string
	Session   SessionID
	Reference string
	CreatedAt time.Time
}

// ShopOrders reads and changes orders in the shop.
type ShopOrders interface {
	// Order reads one by its global id; KindNotFound. Its Session is what the
	// order's attributes say, not yet believed.
	Order(ctx context.Context, m Merchant, id string) (Order, error)
	// RecordPayment marks the order paid, naming the method and the payment
	// for staff. Recorded already is success, and so is an order that staff
	// marked paid. KindState when the buyer paid it in Shopify instead.
	RecordPayment(ctx context.Context, m Merchant, p Payment) error
}
