package stripe

import "fmt"

// createRefund sends captured money back, in part or whole, never more than was captured.
func (s *Server) createRefund(c *call) (any, *failure) {
	if f := knownOnly(c.params, "payment_intent", "charge", "amount", "reason", "metadata"); f != nil {
		return nil, f
	}
	if f := oneOf(c.params, "reason", "duplicate", "fraudulent", "requested_by_customer"); f != nil {
		return nil, f
	}
	p, f := s.refundable(c)
	if f != nil {
		return nil, f
	}
	amount, f := integer(c.params, "amount", p.Received-p.Refunded)
	if f != nil {
		return nil, f
	}
	metadata, f := readMetadata(c.params, "metadata")
	if f != nil {
		return nil, f
	}
	if f := p.mayRefund(amount); f != nil {
		return nil, f
	}
	if d := s.disputeOf(p); d != nil && d.Status != "won" {
		return nil, refuse("charge_disputed", "", fmt.Sprintf("Charge %s has been charged back; cannot issue a refund.", p.Charge))
	}
	issuer, _ := knownCard(p.Card)
	if c.declined {
		return nil, cardError(issuer.declined(p.Charge), p)
	}
	r := &refund{
		ID: newID("re"), Payment: p.ID, Charge: p.Charge, Amount: amount, Currency: p.Currency,
		Reason: c.params.Get("reason"), Metadata: metadata, Created: c.now.Unix(),
	}
	if issuer.slowRefund {
		r.Status = pending
	}
	p.Refunded += amount
	s.books.Refunds = append(s.books.Refunds, r)
	s.emit("refund.created", r.present(), c.now, c)
	s.emit("charge.refunded", p.presentCharge(), c.now, c)
	return r.present(), nil
}

func (s *Server) refundable(c *call) (*payment, *failure) {
	id, charge := c.params.Get("payment_intent"), c.params.Get("charge")
	if (id == "") == (charge == "") {
		return nil, invalid("parameter_missing", "", "One of the following params should be provided for this request: payment_intent or charge.")
	}
	for _, p := range s.books.Payments {
		if p.ID == id || (charge != "" && p.Charge == charge) {
			return p, nil
		}
	}
	if charge != "" {
		return nil, missing("charge", "charge", charge)
	}
	return nil, missing("payment_intent", "payment_intent", id)
}

func (p *payment) mayRefund(amount int64) *failure {
	left := p.Received - p.Refunded
	switch {
	case p.Received == 0:
		return refuse("", "payment_intent", fmt.Sprintf("This PaymentIntent (%s) does not have a successful charge to refund.", p.ID))
	case left == 0:
		return refuse("charge_already_refunded", "", fmt.Sprintf("Charge %s has already been refunded.", p.Charge))
	case amount > left:
		return refuse("", "amount", fmt.Sprintf("Refund amount (%d) is greater than unrefunded amount on charge (%d), in minor units.", amount, left))
	}
	return nil
}

func (s *Server) retrieveRefund(c *call) (any, *failure) {
	for _, r := range s.books.Refunds {
		if r.ID == c.id {
			return r.present(), nil
		}
	}
	return nil, missing("refund", "refund", c.id)
}

func (s *Server) listRefunds(c *call) (any, *failure) {
	if f := knownOnly(c.params, "payment_intent", "charge", "limit", "starting_after"); f != nil {
		return nil, f
	}
	var found []listed
	for _, r := range s.books.Refunds {
		if id := c.params.Get("payment_intent"); id != "" && id != r.Payment {
			continue
		}
		if charge := c.params.Get("charge"); charge != "" && charge != r.Charge {
			continue
		}
		found = append(found, listed{id: r.ID, shown: r.present()})
	}
	return newestFirst(c, "/v1/refunds", found)
}
