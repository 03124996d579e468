package stripe

import (
	"net/http"
	"net/url"
	"strconv"
)

// The seller's staff can do in Stripe's dashboard what a program does by the API, without
// any of its metadata and idempotency keys.

// cancelInDashboard answers POST /_sandbox/payments/{id}/cancel.
func (s *Server) cancelInDashboard(w http.ResponseWriter, r *http.Request) {
	s.aside(w, r, s.cancelPayment)
}

// captureInDashboard answers POST /_sandbox/payments/{id}/capture.
func (s *Server) captureInDashboard(w http.ResponseWriter, r *http.Request) {
	s.aside(w, r, s.capturePayment)
}

// refundInDashboard answers POST /_sandbox/payments/{id}/refund with {"amount": 500} in minor
// units; without it, all that is left is refunded.
func (s *Server) refundInDashboard(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Amount int64 `json:"amount"`
	}
	if err := decodeStrict(w, r, &body); err != nil {
		badRequest(w, "decode refund: "+err.Error())
		return
	}
	s.aside(w, r, func(c *call) (any, *failure) {
		c.params = url.Values{"payment_intent": {c.id}, "reason": {"requested_by_customer"}}
		if body.Amount != 0 {
			c.params.Set("amount", strconv.FormatInt(body.Amount, 10))
		}
		return s.createRefund(c)
	})
}

// aside carries an operation out that no program asked for.
func (s *Server) aside(w http.ResponseWriter, r *http.Request, run operation) {
	s.mu.Lock()
	c := &call{id: r.PathValue("id"), params: url.Values{}, requestID: newID("req"), now: s.cfg.Now()}
	s.catchUp(c.now)
	out := s.outcomeOf(c, run)
	err := s.save()
	s.mu.Unlock()
	if err != nil {
		answer(w, http.StatusInternalServerError, map[string]any{"error": err.Error()})
		return
	}
	answer(w, out.Status, out.Body)
}
