package stripe

import (
	"cmp"
	"net/mail"
	"strconv"

	stripego "github.com/stripe/stripe-go/v86"

	"github.com/acp-bridge/acp-bridge/acp"
)

// creation is the request that reserves the amount. It depends on the
// authorization alone, because Stripe refuses a key that comes with other
// parameters. The billing address stays here: Stripe takes it from the token.
func (p *Payments) creation(a acp.Authorization, amount int64) *stripego.PaymentIntentCreateParams {
	params := &stripego.PaymentIntentCreateParams{
		Amount: stripego.Int64(amount), Currency: stripego.String(string(a.Amount.Currency)),
		Confirm: stripego.Bool(true), CaptureMethod: stripego.String("manual"),
		Shipping: shipping(a.Shipping), PaymentMethodOptions: imported(a.Authentication),
	}
	if a.NoAction {
		params.ErrorOnRequiresAction = stripego.Bool(true)
	}
	if addr, err := mail.ParseAddress(a.Email); err == nil && addr.Address == a.Email {
		params.ReceiptEmail = stripego.String(a.Email) // any other would fail the payment for want of a receipt
	}
	params.AddExpand(charge)
	params.AddMetadata(metaReference, a.Reference)
	params.AddMetadata(metaSession, string(a.Session))
	params.AddMetadata(metaAttempt, strconv.Itoa(a.Attempt))
	params.AddExtra("payment_method_data[shared_payment_granted_token]", a.Token.Reveal())
	params.Headers = p.preview()
	params.SetIdempotencyKey(a.Key)
	return params
}

// shipping is nil unless there are the name and the first line of an address,
// without which Stripe refuses it.
func shipping(f *acp.FulfillmentDetails) *stripego.ShippingDetailsParams {
	if f == nil || f.Address == nil || f.Address.LineOne == "" {
		return nil
	}
	name := cmp.Or(f.Name, f.Address.Name)
	if name == "" {
		return nil
	}
	return &stripego.ShippingDetailsParams{
		Name: stripego.String(name), Phone: optional(f.Phone),
		Address: &stripego.AddressParams{
			Line1: stripego.String(f.Address.LineOne), Line2: optional(f.Address.LineTwo), City: optional(f.Address.City),
			State: optional(f.Address.State), PostalCode: optional(f.Address.PostalCode), Country: optional(f.Address.Country),
		},
	}
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
