package stripe

import "net/http"

// authenticatePayment answers POST /_sandbox/payments/{id}/authenticate: the agent's
// buyer has finished 3D Secure. Body {"outcome":"authenticated"} (the default) or "failed".
func (s *Server) authenticatePayment(w http.ResponseWriter, r *http.Request) {
	body := struct {
		Outcome string `json:"outcome"`
	}{Outcome: "authenticated"}
	if err := decodeStrict(w, r, &body); err != nil {
		badRequest(w, "decode outcome: "+err.Error())
		return
	}
	if body.Outcome != "authenticated" && body.Outcome != "failed" {
		badRequest(w, "outcome is authenticated or failed")
		return
	}
	status, v := s.finishStepUp(r.PathValue("id"), body.Outcome == "authenticated")
	answer(w, status, v)
}

func (s *Server) finishStepUp(id string, passed bool) (int, any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{requestID: newID("req"), now: s.cfg.Now()}
	s.catchUp(c.now)
	p := s.payment(id)
	switch {
	case p == nil:
		return http.StatusNotFound, map[string]any{"error": "no such payment"}
	case p.Status != requiresAction:
		return http.StatusConflict, map[string]any{"error": "the payment is " + p.Status}
	case passed:
		s.approve(c, p)
	default:
		p.fail(errorBody{
			Type: "card_error", Code: "payment_intent_authentication_failure",
			Message: "The provided payment method has failed authentication. You can provide payment_method_data or a new PaymentMethod " +
				"to attempt to fulfill this PaymentIntent again.",
		}, c.now.Unix())
		s.emit("payment_intent.payment_failed", p.present(), c.now, c)
	}
	if err := s.save(); err != nil {
		return http.StatusInternalServerError, map[string]any{"error": err.Error()}
	}
	return http.StatusOK, p.shown()
}
