package stripe

import (
	"encoding/json"
	"net/http"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
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
	ThreeDSecure   map[string]string `json:"three_d_secure,omitempty"`
	Token          string            `json:"shared_payment_granted_token,omitempty"`
	Created        int64             `json:"created"`
	CancelReason   string            `json:"cancellation_reason,omitempty"`
	LastErrorCode  string            `json:"last_error_code,omitempty"`
	LastDeclinedBy string            `json:"last_decline_code,omitempty"`
}

// showState answers GET /_sandbox/state: every token, payment and refund, oldest
// first, and how many events were made and are not delivered yet. With ?since= it
// shows only the tokens and payments made since then, in Unix seconds.
func (s *Server) showState(w http.ResponseWriter, r *http.Request) {
	since, err := standin.Since(r)
	if err != nil {
		badRequest(w, err.Error())
		return
	}
	s.mu.Lock()
	s.catchUp(s.cfg.Now())
	tokens, payments, refunds := []token{}, []shownPayment{}, []any{}
	for _, t := range s.books.Tokens {
		if t.Created >= since {
			tokens = append(tokens, *t)
		}
	}
	for _, p := range s.books.Payments {
		if p.Created >= since {
			payments = append(payments, p.shown())
		}
	}
	for _, r := range s.books.Refunds {
		refunds = append(refunds, r.present())
	}
	events := map[string]int{"made": s.books.Sent, "due": len(s.books.Outbox)}
	s.mu.Unlock()
	answer(w, http.StatusOK, map[string]any{"tokens": tokens, "payments": payments, "refunds": refunds, "events": events})
}

func (p *payment) shown() shownPayment {
	v := shownPayment{
		ID: p.ID, Amount: p.Amount, Currency: p.Currency, Status: p.Status, Capturable: p.Capturable,
		Received: p.Received, Refunded: p.Refunded, Metadata: map[string]string{}, CaptureMethod: p.CaptureMethod,
		Token: p.Token, ThreeDSecure: p.ThreeDSecure, Created: p.Created, CancelReason: p.CancellationReason,
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
