package stripe

import "strings"

// PaymentPage is where staff see a payment in Stripe's dashboard; the sandbox
// has no such page.
func (p *Payments) PaymentPage(id string) string {
	switch {
	case p.Sandbox:
		return ""
	case strings.Contains(p.SecretKey.Reveal(), "_test_"):
		return "https://dashboard.stripe.com/test/payments/" + id
	default:
		return "https://dashboard.stripe.com/payments/" + id
	}
}
