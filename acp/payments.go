package acp

import (
	"context"
	"time"
)

// Payments charges what the agent's buyer has authorised. A provider is one
// implementation; the domain knows none by name.
type Payments interface {
	// Handlers are the ways to pay that this provider offers for the
	// merchant; none when it may not charge for them.
	Handlers(m Merchant) []PaymentHandler
	// Authorize reserves the amount. The same Key is the same payment,
	// whatever was lost in between. A decline is a Payment with
	// PaymentDeclined, not an error. Errors: KindUnavailable when certainly
	// nothing was reserved, KindUnknown when that is not known.
	Authorize(ctx context.Context, m Merchant, a Authorization) (Payment, error)
	// Find looks a payment up by its Reference after an unknown outcome;
	// KindNotFound when the provider has none.
	Find(ctx context.Context, m Merchant, reference string) (Payment, error)
	// Capture takes the reserved amount, exactly once however often it is
	// called. KindRefused when the reservation is gone.
	Capture(ctx context.Context, m Merchant, p Payment) (Payment, error)
	// Void gives the reserved amount back; done already is success. When it
	// turns out to have been captured the Payment says so.
	Void(ctx context.Context, m Merchant, p Payment) (Payment, error)
}

// PaymentHandler is a way to pay, as sessions advertise it.
type PaymentHandler struct {
	ID           string
	DisplayName  string
	PSP          string
	Account      string // the merchant's id at the provider
	Brands       []string
	FundingTypes []string
	Sandbox      bool
}

// Authorization asks for a reservation.
type Authorization struct {
	Session   SessionID
	Attempt   int
	Reference string // our own name for it, unique per attempt
	Key       string // idempotency key towards the provider
	Token     Secret
	Amount    Money
	Email     string
	Billing   *Address
	Shipping  *FulfillmentDetails
}

// PaymentState is what a provider did with a payment.
type PaymentState string

// The states of a payment.
const (
	PaymentAuthorized  PaymentState = "authorized"
	PaymentCaptured    PaymentState = "captured"
	PaymentVoided      PaymentState = "voided"
	PaymentDeclined    PaymentState = "declined"
	PaymentNeedsAction PaymentState = "needs_action" // 3DS
	// PaymentRecorded: captured, and the order in Shopify says so.
	PaymentRecorded PaymentState = "recorded"
	// PaymentLost: an order stands but its reservation could not be captured;
	// staff must act.
	PaymentLost PaymentState = "lost"
)

// Payment is money reserved or taken for one attempt of a session.
type Payment struct {
	Merchant   MerchantID
	Session    SessionID
	Attempt    int
	Reference  string
	ProviderID string
	Provider   string // for staff: "Stripe"
	OrderID    string
	Amount     Money
	State      PaymentState
	Decline    string // reason for staff; never shown to the agent
	Retryable  bool   // another token may succeed
	LastError  string
	CreatedAt  time.Time
	UpdatedAt  time.Time
}
