package acp

// MessageType is the weight of a message.
type MessageType string

// The types of messages.
const (
	Info    MessageType = "info"
	Warning MessageType = "warning"
	Problem MessageType = "error"
)

// Message codes that this app sends; the protocol's enumeration is longer.
const (
	CodeMissing              = "missing"
	CodeInvalid              = "invalid"
	CodeNotFound             = "not_found"
	CodeOutOfStock           = "out_of_stock"
	CodeQuantityExceeded     = "quantity_exceeded"
	CodeLowStock             = "low_stock"
	CodeRegionRestricted     = "region_restricted"
	CodePriceChange          = "price_change"
	CodeDiscountInvalid      = "discount_code_invalid"
	CodePaymentDeclined      = "payment_declined"
	CodeRequires3DS          = "requires_3ds"
	CodeRequiresSignIn       = "requires_sign_in"
	CodeConflict             = "conflict"
	CodeInterventionRequired = "intervention_required"
	CodeExpired              = "expired"
	ResolveRecoverable       = "recoverable"
	ResolveByBuyerInput      = "requires_buyer_input"
	ResolveByBuyerReview     = "requires_buyer_review"
	discountCodeErrorsCap    = 25
)

// Message is what a session has to say to the agent and the buyer: not an
// error of the request, but of the purchase. It is kept as a key and arguments
// and written when it is shown, so that one session reads in any language.
type Message struct {
	Type       MessageType
	Code       string // empty for Info
	Param      string // RFC 9535 JSONPath into the session
	Text       TextKey
	Args       []Argument
	Content    string // plain text in words of the shop; only where Text is empty
	Resolution string
}

// blocking reports whether any message is an error.
func blocking(messages []Message) bool {
	for _, m := range messages {
		if m.Type == Problem {
			return true
		}
	}
	return false
}
