package stripe

import "fmt"

// cancelPayment releases the hold. A token that paid for it stays consumed: whether a
// canceled authorization revives it is not documented, so the harsher reading holds.
func (s *Server) cancelPayment(c *call) (any, *failure) {
	if f := knownOnly(c.params, "cancellation_reason", "expand"); f != nil {
		return nil, f
	}
	if f := oneOf(c.params, "cancellation_reason", "duplicate", "fraudulent", "requested_by_customer", "abandoned"); f != nil {
		return nil, f
	}
	p := s.payment(c.id)
	if p == nil {
		return nil, missing("payment_intent", "intent", c.id)
	}
	if _, f := p.expanded(c); f != nil {
		return nil, f
	}
	if p.Status == succeeded || p.Status == canceled {
		return nil, unexpectedState(p, fmt.Sprintf("You cannot cancel this PaymentIntent because it has a status of %s. "+
			"Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, "+
			"requires_confirmation, requires_action, processing.", p.Status))
	}
	if c.declined {
		issuer, _ := knownCard(p.Card)
		return nil, cardError(issuer.declined(p.Charge), p)
	}
	p.cancel(c.params.Get("cancellation_reason"), c.now.Unix())
	s.emit("payment_intent.canceled", p.present(), c.now, c)
	return p.expanded(c)
}
