package stripe

import "net/http"

// dispute is a buyer's demand, through their bank, to have a payment back. The
// amount, in minor units, is the whole payment.
type dispute struct {
	ID       string `json:"id"`
	Payment  string `json:"payment"`
	Charge   string `json:"charge"`
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
	Reason   string `json:"reason"`
	Status   string `json:"status"`
	Created  int64  `json:"created"`
}

func (d *dispute) present() map[string]any {
	return map[string]any{
		"id": d.ID, "object": "dispute", "livemode": false, "created": d.Created, "amount": d.Amount, "currency": d.Currency,
		"payment_intent": d.Payment, "charge": d.Charge, "reason": d.Reason, "status": d.Status, "metadata": map[string]string{},
		"balance_transactions": []any{}, "is_charge_refundable": false,
	}
}

// listDisputes answers GET /v1/disputes.
func (s *Server) listDisputes(c *call) (any, *failure) {
	if f := knownOnly(c.params, "payment_intent", "charge", "limit", "starting_after"); f != nil {
		return nil, f
	}
	var found []listed
	for _, d := range s.books.Disputes {
		if id := c.params.Get("payment_intent"); id != "" && id != d.Payment {
			continue
		}
		if charge := c.params.Get("charge"); charge != "" && charge != d.Charge {
			continue
		}
		found = append(found, listed{id: d.ID, shown: d.present()})
	}
	return newestFirst(c, "/v1/disputes", found)
}

// disputePayment answers POST /_sandbox/payments/{id}/dispute: the buyer's bank
// takes the payment back, or decides. Body {"status":"needs_response"} (the
// default), "won" or "lost".
func (s *Server) disputePayment(w http.ResponseWriter, r *http.Request) {
	body := struct {
		Status string `json:"status"`
	}{Status: "needs_response"}
	if err := decodeStrict(w, r, &body); err != nil {
		badRequest(w, "decode status: "+err.Error())
		return
	}
	if body.Status != "needs_response" && body.Status != "won" && body.Status != "lost" {
		badRequest(w, "status is needs_response, won or lost")
		return
	}
	status, v := s.dispute(r.PathValue("id"), body.Status)
	answer(w, status, v)
}

func (s *Server) dispute(id, status string) (int, any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{requestID: newID("req"), now: s.cfg.Now()}
	s.catchUp(c.now)
	p := s.payment(id)
	switch {
	case p == nil:
		return http.StatusNotFound, map[string]any{"error": "no such payment"}
	case p.Received == 0:
		return http.StatusConflict, map[string]any{"error": "the payment is " + p.Status}
	}
	d, kind := s.disputeOf(p), "charge.dispute.created"
	switch {
	case d == nil:
		d = &dispute{
			ID: newID("dp"), Payment: p.ID, Charge: p.Charge, Amount: p.Received, Currency: p.Currency, Reason: "fraudulent", Created: c.now.Unix(),
		}
		s.books.Disputes = append(s.books.Disputes, d)
	case status == "needs_response":
		kind = "charge.dispute.updated"
	default:
		kind = "charge.dispute.closed"
	}
	d.Status = status
	s.emit(kind, d.present(), c.now, c)
	if err := s.save(); err != nil {
		return http.StatusInternalServerError, map[string]any{"error": err.Error()}
	}
	return http.StatusOK, d.present()
}

func (s *Server) disputeOf(p *payment) *dispute {
	for _, d := range s.books.Disputes {
		if d.Payment == p.ID {
			return d
		}
	}
	return nil
}
