package pay

import (
	"context"
	"net/url"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Read is the sale as the till sees it now, with its refunds and disputes.
// KindNotFound, KindThrottled, KindUnavailable.
func (p *Payments) Read(ctx context.Context, m acp.Merchant, providerID string) (acp.Payment, error) {
	if err := p.serves(m); err != nil {
		return acp.Payment{}, err
	}
	var made sale
	if fail := p.get(ctx, "/v1/sales/"+url.PathEscape(providerID), &made); fail != nil {
		return acp.Payment{}, fail.reading("read payment")
	}
	if made.ID != providerID {
		return acp.Payment{}, &acp.Error{Kind: acp.KindUnavailable, Message: "read payment: the answer is about another one"}
	}
	return p.payment(m, made)
}

// Capture finds the money taken already; KindRefused when the sale took none.
func (p *Payments) Capture(ctx context.Context, m acp.Merchant, pay acp.Payment) (acp.Payment, error) {
	now, err := p.Read(ctx, m, pay.ProviderID)
	if err == nil && now.State != acp.PaymentCaptured {
		err = &acp.Error{Kind: acp.KindRefused, Code: string(acp.KindRefused), Message: "capture payment: the sale took no money"}
	}
	return now, err
}

// Void has nothing to give back: a sale that took money says so, and needs a
// refund.
func (p *Payments) Void(ctx context.Context, m acp.Merchant, pay acp.Payment) (acp.Payment, error) {
	return p.Read(ctx, m, pay.ProviderID)
}

// Reserved is empty: the till holds nothing that it has not taken.
func (p *Payments) Reserved(_ context.Context, m acp.Merchant, _, _ time.Time) ([]acp.Payment, error) {
	return nil, p.serves(m)
}

// Inspect cannot be done, as Capabilities says.
func (p *Payments) Inspect(context.Context, acp.Merchant, acp.Secret) (acp.Grant, error) {
	return acp.Grant{}, cannot("inspect a token")
}

// Find cannot be done, as Capabilities says.
func (p *Payments) Find(context.Context, acp.Merchant, string) (acp.Payment, error) {
	return acp.Payment{}, cannot("find a payment by its reference")
}

func cannot(what string) error {
	return &acp.Error{Kind: acp.KindInternal, Message: "the till cannot " + what}
}
