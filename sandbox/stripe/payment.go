package stripe

import "time"

// authorizationWindow is how long a card network holds an authorization that the
// buyer started (docs.stripe.com/payments/capture-later: 7 days for the big brands).
const authorizationWindow = 7 * 24 * time.Hour

// Statuses of a payment intent, in Stripe's words.
const (
	requiresPaymentMethod = "requires_payment_method"
	requiresAction        = "requires_action"
	requiresCapture       = "requires_capture"
	succeeded             = "succeeded"
	canceled              = "canceled"
)

// payment is a payment intent with its only charge. Amounts are minor units of
// Currency, times are Unix seconds.
type payment struct {
	ID            string            `json:"id"`
	ClientSecret  string            `json:"client_secret"`
	Amount        int64             `json:"amount"`
	Capturable    int64             `json:"amount_capturable"`
	Received      int64             `json:"amount_received"`
	Refunded      int64             `json:"amount_refunded"`
	Currency      string            `json:"currency"`
	CaptureMethod string            `json:"capture_method"`
	Status        string            `json:"status"`
	Metadata      map[string]string `json:"metadata"`
	Shipping      map[string]any    `json:"shipping,omitempty"`
	ReceiptEmail  string            `json:"receipt_email,omitempty"`
	Description   string            `json:"description,omitempty"`
	Suffix        string            `json:"statement_descriptor_suffix,omitempty"`

	ThreeDSecure map[string]string `json:"three_d_secure,omitempty"` // proof that was imported

	Token              string     `json:"shared_payment_granted_token,omitempty"`
	Card               string     `json:"card"`
	PaymentMethod      string     `json:"payment_method"`
	Charge             string     `json:"charge,omitempty"`
	LastError          *errorBody `json:"last_error,omitempty"`
	Created            int64      `json:"created"`
	CaptureBefore      int64      `json:"capture_before,omitempty"`
	CanceledAt         int64      `json:"canceled_at,omitempty"`
	CancellationReason string     `json:"cancellation_reason,omitempty"`

	// What the search index still believes until it has caught up.
	StatusBefore string `json:"status_before,omitempty"`
	StatusSince  int64  `json:"status_since"`
}

func (p *payment) become(status string, at int64) {
	p.StatusBefore, p.Status, p.StatusSince = p.Status, status, at
}

// authorize holds the amount for a window of seconds, or takes it at once when
// capture is automatic.
func (p *payment) authorize(at int64, window int64) {
	p.Charge = newID("ch")
	p.LastError = nil
	p.CaptureBefore = at + window
	p.Capturable = p.Amount
	p.become(requiresCapture, at)
	if p.CaptureMethod != "manual" {
		p.capture(p.Amount, at)
	}
}

// capture takes amount once; the rest of the hold is released.
func (p *payment) capture(amount, at int64) {
	p.Received, p.Capturable = amount, 0
	p.become(succeeded, at)
}

func (p *payment) cancel(reason string, at int64) {
	p.Capturable, p.CanceledAt, p.CancellationReason = 0, at, reason
	p.become(canceled, at)
}

// fail ends the attempt; the payment intent waits for another payment method.
func (p *payment) fail(why errorBody, at int64) {
	p.LastError = &why
	p.become(requiresPaymentMethod, at)
}

// refund is money sent back from a captured payment, in minor units.
type refund struct {
	ID       string            `json:"id"`
	Payment  string            `json:"payment"`
	Charge   string            `json:"charge"`
	Amount   int64             `json:"amount"`
	Currency string            `json:"currency"`
	Reason   string            `json:"reason,omitempty"`
	Status   string            `json:"status,omitempty"` // empty in older books: succeeded
	Metadata map[string]string `json:"metadata"`
	Created  int64             `json:"created"`
}
