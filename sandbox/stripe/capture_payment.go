package stripe

import "fmt"

// capturePayment takes what was authorized, or less, once; the rest is released.
func (s *Server) capturePayment(c *call) (any, *failure) {
	if f := knownOnly(c.params, "amount_to_capture", "metadata", "statement_descriptor_suffix", "expand"); f != nil {
		return nil, f
	}
	p := s.payment(c.id)
	if p == nil {
		return nil, missing("payment_intent", "intent", c.id)
	}
	amount, f := integer(c.params, "amount_to_capture", p.Capturable)
	if f != nil {
		return nil, f
	}
	more, f := readMetadata(c.params, "metadata")
	if f != nil {
		return nil, f
	}
	if _, f := p.expanded(c); f != nil {
		return nil, f
	}
	if f := p.mayCapture(amount); f != nil {
		return nil, f
	}
	if c.declined {
		issuer, _ := knownCard(p.Card)
		return nil, cardError(issuer.declined(p.Charge), p)
	}
	for k, v := range more {
		p.Metadata[k] = v
	}
	p.capture(amount, c.now.Unix())
	s.countCapture(p)
	s.emit("payment_intent.succeeded", p.present(), c.now, c)
	return p.expanded(c)
}

func (p *payment) mayCapture(amount int64) *failure {
	switch {
	case p.Status == succeeded:
		return unexpectedState(p, "This PaymentIntent could not be captured because it has already been captured.")
	case p.Status != requiresCapture:
		return unexpectedState(p, fmt.Sprintf("This PaymentIntent could not be captured because it has a status of %s. "+
			"Only a PaymentIntent with one of the following statuses may be captured: requires_capture.", p.Status))
	case amount > p.Capturable:
		return refuse("amount_too_large", "amount_to_capture", fmt.Sprintf(
			"The amount_to_capture (%d) is greater than the amount that can be captured (%d).", amount, p.Capturable))
	}
	return nil
}
