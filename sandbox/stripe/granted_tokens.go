package stripe

import (
	"fmt"
	"strconv"
	"strings"
)

// retrieveToken shows a token to the seller that it was granted to.
func (s *Server) retrieveToken(c *call) (any, *failure) {
	t := s.token(c.id)
	if t == nil {
		return nil, missing("shared payment granted token", "id", c.id)
	}
	shown := t.present()
	for name, values := range c.params {
		if root, _, _ := strings.Cut(name, "["); root != "expand" {
			return nil, invalid("parameter_unknown", name, "Received unknown parameter: "+name)
		}
		if values[0] != "risk_details" {
			return nil, invalid("", "expand", fmt.Sprintf("This property cannot be expanded (%s).", values[0]))
		}
		shown["risk_details"] = t.presentRisk()
	}
	return shown, nil
}

// createToken is Stripe's test helper: it plays the agent that grants a token.
func (s *Server) createToken(c *call) (any, *failure) {
	if f := knownOnly(c.params, "payment_method", "usage_limits", "shared_metadata"); f != nil {
		return nil, f
	}
	if f := required(c.params, "payment_method", "usage_limits[currency]", "usage_limits[max_amount]", "usage_limits[expires_at]"); f != nil {
		return nil, f
	}
	limit, f := integer(c.params, "usage_limits[max_amount]", 0)
	if f != nil {
		return nil, f
	}
	expires, f := integer(c.params, "usage_limits[expires_at]", 0)
	if f != nil {
		return nil, f
	}
	shared, f := readMetadata(c.params, "shared_metadata")
	if f != nil {
		return nil, f
	}
	t := &token{
		ID: newID("spt"), Card: c.params.Get("payment_method"), Currency: strings.ToLower(c.params.Get("usage_limits[currency]")),
		MaxAmount: limit, ExpiresAt: expires, Created: c.now.Unix(), SharedMetadata: shared,
	}
	if f := t.check(c.now.Unix()); f != nil {
		return nil, f
	}
	s.books.Tokens = append(s.books.Tokens, t)
	return t.present(), nil
}

func (t *token) check(now int64) *failure {
	if _, known := knownCard(t.Card); !known {
		return invalid("resource_missing", "payment_method", fmt.Sprintf("No such PaymentMethod: '%s'", t.Card))
	}
	if _, known := minimum(t.Currency); !known {
		return invalid("", "usage_limits[currency]", "Invalid currency: "+t.Currency)
	}
	if t.MaxAmount > maxAmount {
		return invalid("", "usage_limits[max_amount]", "Amount must be no more than "+strconv.FormatInt(maxAmount, 10))
	}
	if t.ExpiresAt <= now {
		return invalid("", "usage_limits[expires_at]", "The expiration must be in the future.")
	}
	return nil
}

// revokeToken plays the agent that takes a token back.
func (s *Server) revokeToken(c *call) (any, *failure) {
	t := s.token(c.id)
	switch {
	case t == nil:
		return nil, missing("shared payment granted token", "id", c.id)
	case t.DeactivatedAt != 0:
		return nil, refuse("", "", "The shared payment granted token is already in a deactivated state.")
	}
	t.deactivate("revoked", c.now.Unix())
	s.emit("shared_payment.granted_token.deactivated", t.present(), c.now, c)
	return t.present(), nil
}
