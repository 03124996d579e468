package stripe

import (
	"fmt"
	"strings"
)

const tokenParam = "payment_method_data[shared_payment_granted_token]"

// createPayment validates, finds what pays, and asks the issuer.
func (s *Server) createPayment(c *call) (any, *failure) {
	p, f := newPayment(c)
	if f != nil {
		return nil, f
	}
	if _, f := p.expanded(c); f != nil {
		return nil, f
	}
	t, f := s.payWith(c, p)
	if f != nil {
		return nil, f
	}
	s.books.Payments = append(s.books.Payments, p)
	s.emit("payment_intent.created", p.present(), c.now, c)
	if f := s.askIssuer(c, p, t); f != nil {
		return nil, f
	}
	return p.expanded(c)
}

// newPayment reads every parameter but the one that pays.
func newPayment(c *call) (*payment, *failure) {
	if f := validateCreate(c); f != nil {
		return nil, f
	}
	amount, currency, f := readAmount(c.params)
	if f != nil {
		return nil, f
	}
	metadata, f := readMetadata(c.params, "metadata")
	if f != nil {
		return nil, f
	}
	shipping, f := readShipping(c.params)
	if f != nil {
		return nil, f
	}
	proof, f := readImported3DS(c.params)
	if f != nil {
		return nil, f
	}
	id := newID("pi")
	p := &payment{
		ID: id, ClientSecret: newID(id + "_secret"), Amount: amount, Currency: currency,
		CaptureMethod: c.params.Get("capture_method"), Metadata: metadata, Shipping: shipping,
		ReceiptEmail: c.params.Get("receipt_email"), Description: c.params.Get("description"),
		ThreeDSecure: proof,
		Suffix:       c.params.Get("statement_descriptor_suffix"), PaymentMethod: newID("pm"), Created: c.now.Unix(),
	}
	if p.CaptureMethod == "" {
		p.CaptureMethod = "automatic_async" // Stripe's default since 2024-04-10
	}
	p.become(requiresPaymentMethod, p.Created)
	return p, nil
}

func validateCreate(c *call) *failure {
	if f := knownOnly(c.params, "amount", "currency", "confirm", "capture_method", "payment_method", "payment_method_types",
		"payment_method_options", "automatic_payment_methods", "metadata", "shipping", "receipt_email", "description",
		"statement_descriptor_suffix", "error_on_requires_action", "off_session", "return_url", "setup_future_usage", "expand",
		tokenParam, "payment_method_data[billing_details]"); f != nil {
		return f
	}
	if f := oneOf(c.params, "capture_method", "automatic", "automatic_async", "manual"); f != nil {
		return f
	}
	if len(c.params.Get("statement_descriptor_suffix")) > 22 {
		return invalid("", "statement_descriptor_suffix", "The statement descriptor suffix must be at most 22 characters.")
	}
	if f := validEmail(c.params); f != nil {
		return f
	}
	if c.params.Get("confirm") != "true" {
		return invalid("", "confirm", "This stand-in creates payment intents with confirm=true only.")
	}
	return nil
}

// payWith finds the card: behind a shared payment token, or one of Stripe's test
// payment methods. The token is nil for the latter.
func (s *Server) payWith(c *call, p *payment) (*token, *failure) {
	id, method := c.params.Get(tokenParam), c.params.Get("payment_method")
	switch {
	case id != "" && method != "":
		return nil, invalid("", "payment_method", "You may only specify one of these parameters: payment_method, payment_method_data.")
	case id != "" && c.params.Has("setup_future_usage"):
		return nil, invalid("", "setup_future_usage", "setup_future_usage cannot be used with a shared payment granted token.")
	case id != "":
		return s.payWithToken(id, p)
	}
	if _, known := knownCard(method); !known { // a token given as payment_method ends here too
		return nil, invalid("resource_missing", "payment_method", fmt.Sprintf("No such PaymentMethod: '%s'", method))
	}
	p.Card = method
	return nil, nil
}

func (s *Server) payWithToken(id string, p *payment) (*token, *failure) {
	t := s.token(id)
	if t == nil {
		return nil, invalid("resource_missing", tokenParam, fmt.Sprintf("No such shared payment granted token: '%s'", id))
	}
	p.Token, p.Card = t.ID, t.Card
	return t, t.admit(p.Amount, p.Currency)
}

// askIssuer decides what becomes of a payment intent that is confirmed. The first
// payment that is not declined uses the token up, also below its limit. Harsher
// readings of what nobody documents: a step-up uses it up at once, and neither a
// failed step-up nor a canceled authorization revives it.
func (s *Server) askIssuer(c *call, p *payment, t *token) *failure {
	issuer, _ := knownCard(p.Card)
	issuer.stepUp = issuer.stepUp && !proves(p.ThreeDSecure)
	at := c.now.Unix()
	switch {
	case issuer.declineCode != "" || c.declined:
		p.Charge = newID("ch")
		return s.decline(c, p, issuer.declined(p.Charge))
	case issuer.stepUp && c.params.Get("error_on_requires_action") == "true":
		return s.decline(c, p, errorBody{
			Type: "card_error", Code: "authentication_required", DeclineCode: "authentication_required",
			DocURL:  "https://stripe.com/docs/error-codes/authentication-required",
			Message: "Your card was declined. This transaction requires authentication.",
		})
	}
	if t != nil {
		t.deactivate("consumed", at)
		s.emit("shared_payment.granted_token.deactivated", t.present(), c.now, c)
	}
	if issuer.stepUp {
		p.become(requiresAction, at)
		s.emit("payment_intent.requires_action", p.present(), c.now, c)
		return nil
	}
	s.approve(c, p)
	return nil
}

func (s *Server) decline(c *call, p *payment, why errorBody) *failure {
	p.fail(why, c.now.Unix())
	s.emit("payment_intent.payment_failed", p.present(), c.now, c)
	return cardError(why, p)
}

// approve is the issuer's yes, at creation or after a step-up.
func (s *Server) approve(c *call, p *payment) {
	p.authorize(c.now.Unix(), s.window(p))
	if p.Status == requiresCapture {
		s.emit("payment_intent.amount_capturable_updated", p.present(), c.now, c)
		return
	}
	s.countCapture(p)
	s.emit("payment_intent.succeeded", p.present(), c.now, c)
}

// window is how many seconds the issuer holds the amount.
func (s *Server) window(p *payment) int64 {
	if t := s.token(p.Token); t != nil && t.HeldFor > 0 {
		return t.HeldFor
	}
	return int64(authorizationWindow.Seconds())
}

func (s *Server) countCapture(p *payment) {
	if t := s.token(p.Token); t != nil {
		t.AmountCaptured += p.Received
	}
}

// expanded is the payment intent with the objects that the caller asked to see in full.
func (p *payment) expanded(c *call) (any, *failure) {
	shown := p.present()
	for name, values := range c.params {
		if root, _, _ := strings.Cut(name, "["); root != "expand" {
			continue
		}
		for _, v := range values {
			switch strings.TrimPrefix(v, "data.") {
			case "latest_charge":
				if p.Charge != "" {
					shown["latest_charge"] = p.presentCharge()
				}
			case "payment_method":
				shown["payment_method"] = p.presentMethod()
			default:
				return nil, invalid("", "expand", fmt.Sprintf("This property cannot be expanded (%s).", v))
			}
		}
	}
	return shown, nil
}
