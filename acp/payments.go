package acp

import (
	"context"
	"time"
)

// Payments charges what the agent's buyer has authorised. A provider is one
// implementation; the domain knows none by name, and asks a provider for
// nothing that its Capabilities deny.
type Payments interface {
	PaymentReader
	// Name is what staff and the books call the provider ("Stripe"). It is kept
	// with every payment and finds the provider again, so it never changes.
	Name() string
	Capabilities() Capabilities
	// Handlers are the ways to pay that this provider offers for the
	// merchant; none when it may not charge for them.
	Handlers(m Merchant) []PaymentHandler
	// Authorize reserves the amount, or takes it at once where the provider
	// cannot reserve. The same Key is the same payment, whatever was lost in
	// between. A decline is a Payment with PaymentDeclined, not an error.
	// Errors: KindUnavailable when certainly nothing was reserved, KindUnknown
	// when that is not known.
	Authorize(ctx context.Context, m Merchant, a Authorization) (Payment, error)
	// Capture takes the reserved amount, exactly once however often it is
	// called. KindRefused when the reservation is gone; a refusal that leaves
	// it standing is KindUnavailable, for it may be tried again.
	Capture(ctx context.Context, m Merchant, p Payment) (Payment, error)
	// Void gives the reserved amount back; done already is success. When it
	// turns out to have been captured the Payment says so.
	Void(ctx context.Context, m Merchant, p Payment) (Payment, error)
	// Refund gives captured money back, exactly once for each Reference
	// however often it is called. KindRefused when it cannot be given back
	// (more than is left, or disputed).
	Refund(ctx context.Context, m Merchant, p Payment, r RefundRequest) (Refund, error)
}

// PaymentReader looks and never changes anything.
type PaymentReader interface {
	// Inspect reads what a token may pay. KindNotFound when nobody granted it
	// to this merchant. Only for providers with Capabilities.Inspect.
	Inspect(ctx context.Context, m Merchant, token Secret) (Grant, error)
	// Find looks a payment up by its Reference after an unknown outcome;
	// KindNotFound when the provider has none. Only for providers with
	// Capabilities.FindByReference.
	Find(ctx context.Context, m Merchant, reference string) (Payment, error)
	// Read is the payment of this ProviderID as the provider sees it now, its
	// refunds and disputes included; KindNotFound.
	Read(ctx context.Context, m Merchant, providerID string) (Payment, error)
	// Reserved lists the merchant's payments that carry a Reference of ours,
	// were made in [from, to), and hold money that was not taken yet, or wait
	// for the card holder.
	Reserved(ctx context.Context, m Merchant, from, to time.Time) ([]Payment, error)
}

// Capabilities are what a provider can do.
type Capabilities struct {
	// SeparateCapture: Authorize reserves and Capture takes. Without it,
	// Authorize takes the money (PaymentCaptured) and only Refund gives it
	// back.
	SeparateCapture bool
	// Inspect: what a token may pay can be read before money moves.
	Inspect bool
	// FindByReference: an unknown outcome can be looked up. Without it, asking
	// again under the same key is the only way to learn it, so the provider's
	// keys must not expire.
	FindByReference bool
	// ProviderSide3DS: the provider and the agent have the card holder
	// authenticated between them; a payment that needs action is waited for.
	ProviderSide3DS bool
	// External3DS: the agent may bring the result of an authentication of its
	// own with the authorization.
	External3DS bool
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
	// Acquirer is what an agent needs to have a card holder authenticated;
	// nil: agents cannot.
	Acquirer *Acquirer
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
	// Authentication proves that the agent had the card holder authenticated;
	// nil: nothing does. Only for providers with Capabilities.External3DS.
	Authentication *Authentication
	// NoAction: the payment must not wait for the card holder. One that would
	// is PaymentNeedsAction all the same, but over: it never comes to hold
	// anything. Only for providers with Capabilities.External3DS.
	NoAction bool
}
