package acp

import "time"

// OrderStatus is where an order stands, in the words of the order events.
type OrderStatus string

// The statuses of an order.
const (
	OrderInReview  OrderStatus = "manual_review" // staff look at it; the shop has none yet
	OrderCreated   OrderStatus = "created"       // placed, payment not yet captured
	OrderConfirmed OrderStatus = "confirmed"     // paid
	OrderShipped   OrderStatus = "shipped"       // something is on its way
	OrderFulfilled OrderStatus = "fulfilled"     // everything is
	OrderCanceled  OrderStatus = "canceled"
)

// Order is a Shopify order as an agent needs to know it. Amounts are minor
// units of Currency.
type Order struct {
	ID string // Shopify's global id
	// PublicID is the agents' name for it where that is not ID: of orders that
	// were held for review before the shop had one.
	PublicID     string
	Name         string // "#1001", what staff and buyer call it
	Confirmation string
	Session      SessionID
	Locale       string // of the session, for what agents are told in words
	URL          string // the buyer's own page about the order
	Status       OrderStatus
	Paid         bool
	Currency     Currency
	Lines        []OrderLine
	Fulfillments []Fulfillment
	Adjustments  []Adjustment
	Sales        []OrderSale `json:"-"` // only where Shopify was just asked
	Totals       Totals      // as charged at checkout; refunds do not change them
	Refunded     int64
	Email        string
	PlacedAt     time.Time
	UpdatedAt    time.Time
	CanceledAt   time.Time
}

// OrderLine is one line of an order.
type OrderLine struct {
	ID        string // the session line's id, or Shopify's for a line added later
	VariantID string
	Title     string
	Unit      int64
	Ordered   int64
	Current   int64 // after edits, removals and refunds
	Fulfilled int64
	Subtotal  int64 // after line discounts, before tax
	Discount  int64 // of the line; this and the tax are known of newer orders only
	Tax       int64
}

// Status of the line in the protocol's words.
func (l OrderLine) Status() string {
	switch {
	case l.Current == 0:
		return "removed"
	case l.Fulfilled >= l.Current:
		return "fulfilled"
	case l.Fulfilled > 0:
		return "partial"
	default:
		return "processing"
	}
}

// LineQuantity is some units of an order line.
type LineQuantity struct {
	Line     string
	Quantity int64
}

// Fulfillment is one parcel or hand-over.
type Fulfillment struct {
	ID             string
	Kind           FulfillmentKind
	Status         string
	Lines          []LineQuantity
	Carrier        string
	TrackingNumber string
	TrackingURL    string
	Events         []FulfillmentEvent
}

// FulfillmentEvent is one thing that happened to a parcel.
type FulfillmentEvent struct {
	ID          string
	Type        string
	OccurredAt  time.Time
	Description string
}

// Adjustment is money given back or taken off after the purchase, tax
// included.
type Adjustment struct {
	ID          string
	Type        string // refund, cancellation …
	Status      string // completed, pending, failed
	OccurredAt  time.Time
	Lines       []LineQuantity
	Amount      int64
	Description string
	Manual      bool // a refund that Shopify only notes: it did not take the money
	// Sales are what a manual refund gives back of, by OrderSale.ID, "" where
	// Shopify does not say; only where it was just asked.
	Sales []string `json:"-"`
}

// EventType is what an order event tells.
type EventType string

// The types of order events.
const (
	OrderCreate EventType = "order_create"
	OrderUpdate EventType = "order_update"
)

// OrderEvent is one message to an agent: always the whole order, never a
// delta. Delivery is at least once and, per order, in sequence.
type OrderEvent struct {
	ID          string
	Merchant    MerchantID
	Connection  ConnectionID
	Session     SessionID
	OrderID     string
	Sequence    int64
	Type        EventType
	Order       Order
	CreatedAt   time.Time
	DeliveredAt time.Time
	Attempts    int
	LastError   string
	WaitUntil   time.Time // not tried again before, whoever comes along; zero: at once
	DeadAt      time.Time // given up; staff can see and replay it
}
