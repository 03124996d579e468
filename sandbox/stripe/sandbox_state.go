package stripe

import (
	"encoding/json"
	"net/http"
)

// shownPayment is a payment in GET /_sandbox/state; amounts are minor units.
type shownPayment struct {
	ID             string            `json:"id"`
	Amount         int64             `json:"amount"`
	Currency       string            `json:"currency"`
	Status         string            `json:"status"`
	Capturable     int64             `json:"amount_capturable"`
	Received       int64             `json:"amount_received"`
	Refunded       int64             `json:"amount_refunded"`
	Metadata       map[string]string `json:"metadata"`
	CaptureMethod  string            `json:"capture_method"`
	Token          string            `json:"shared_payment_granted_token,omitempty"`
	Created        int64             `json:"created"`
	CancelReason   string            `json:"cancellation_reason,omitempty"`
	LastErrorCode  string            `json:"last_error_code,omitempty"`
	LastDeclinedBy string            `json:"last_decline_code,omitempty"`
}

// showState answers GET /_sandbox/state: every token and payment, oldest first.
func (s *Server) showState(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	s.catchUp(s.cfg.Now())
	tokens, payments := []token{}, []shownPayment{}
	for _, t := range s.books.Tokens {
		tokens = append(tokens, *t)
	}
	for _, p := range s.books.Payments {
		payments = append(payments, p.shown())
	}
	s.mu.Unlock()
	answer(w, http.StatusOK, map[string]any{"tokens": tokens, "payments": payments})
}

func (p *payment) shown() shownPayment {
	v := shownPayment{
		ID: p.ID, Amount: p.Amount, Currency: p.Currency, Status: p.Status, Capturable: p.Capturable,
		Received: p.Received, Refunded: p.Refunded, Metadata: map[string]string{}, CaptureMethod: p.CaptureMethod,
		Token: p.Token, Created: p.Created, CancelReason: p.CancellationReason,
	}
	for k, value := range p.Metadata { // a copy: a capture may add to it while this is encoded
		v.Metadata[k] = value
	}
	if p.LastError != nil {
		v.LastErrorCode, v.LastDeclinedBy = p.LastError.Code, p.LastError.DeclineCode
	}
	return v
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a caller who hung up cannot be told
}

func badRequest(w http.ResponseWriter, message string) {
	answer(w, http.StatusBadRequest, map[string]any{"error": message})
}
