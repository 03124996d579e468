package acp

import "time"

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
	// PaymentRefunded: taken, and given back in full.
	PaymentRefunded PaymentState = "refunded"
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
	Provider   string // the provider's Name; empty in books older than the second provider
	OrderID    string
	Amount     Money
	State      PaymentState
	Decline    string // reason for staff; never shown to the agent
	Retryable  bool   // another token may succeed
	BadToken   bool   // declined because of the token, not of the card: the agent may get another by itself
	BadAmount  bool   // declined because of the amount: no token pays it
	LastError  string
	// CaptureBefore is when a reservation lapses; zero when the provider does
	// not say, or takes the money at once.
	CaptureBefore time.Time
	CreatedAt     time.Time
	UpdatedAt     time.Time
	HandledAt     time.Time // staff have dealt with its loss
	// Refunds and Disputes are what a provider says of them in Read.
	Refunds  []Refund
	Disputes []Dispute
}

// Grant is what a payment token may pay, as its provider says. Nothing that is
// zero is a limit.
type Grant struct {
	Limit     Money // most that it pays in all
	ExpiresAt time.Time
	// Dead says why the token pays nothing any more ("consumed", "expired",
	// "revoked"); empty while it is alive.
	Dead string
	Card Card
	// Risks are the provider's insights into the buyer, if it has any.
	Risks []Risk
}

// Card is what may be known of a card: never its number.
type Card struct{ Brand, Last4 string }

// Risk is one risk signal: of the provider about a token, or of the agent
// about a purchase.
type Risk struct {
	Kind   string // what it is about: "card_testing", "stolen_card" …
	Score  string // a number as the source writes it, whole or not; higher is worse
	Action string // what the source recommends, in its words
}

// RefundRequest asks to give captured money back.
type RefundRequest struct {
	Reference string // our own name for it, unique per refund
	Key       string // idempotency key towards the provider
	Amount    Money
	Reason    string // for staff
}

// RefundState is where a refund stands.
type RefundState string

// The states of a refund.
const (
	RefundPending   RefundState = "pending"
	RefundSucceeded RefundState = "succeeded"
	RefundFailed    RefundState = "failed"
)

// Refund is captured money given back.
type Refund struct {
	ID        string // the provider's
	Reference string // ours; empty when somebody else made it
	Amount    Money
	State     RefundState
	Reason    string
	At        time.Time
}

// DisputeState is where a dispute stands.
type DisputeState string

// The states of a dispute.
const (
	// DisputeInquiry: the bank asks; the money is still with the shop.
	DisputeInquiry DisputeState = "inquiry"
	// DisputeWithdrawn: an inquiry that came to nothing.
	DisputeWithdrawn DisputeState = "withdrawn"
	DisputeOpen      DisputeState = "open"
	DisputeWon       DisputeState = "won"
	DisputeLost      DisputeState = "lost"
)

// Dispute is a buyer's demand, made through their bank, to have the money
// back. While it is open the provider has already taken the amount.
type Dispute struct {
	ID     string // the provider's
	Amount Money
	State  DisputeState
	Reason string
	At     time.Time
	// AnswerBy is until when the shop can answer; zero when that is not known
	// or over.
	AnswerBy time.Time
}
