package pay

import (
	"context"
	"errors"
	"net/url"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Refund gives captured money back, in full or in part. The till names refunds
// by their requests and never forgets one: the Reference alone makes it exactly
// once, whatever the Key. Errors: KindRefused (more than is left, or disputed),
// KindNotFound, KindThrottled, KindUnavailable, KindUnknown, KindInternal (the
// reference was used for another amount).
func (p *Payments) Refund(ctx context.Context, m acp.Merchant, pay acp.Payment, r acp.RefundRequest) (acp.Refund, error) {
	if err := p.serves(m); err != nil {
		return acp.Refund{}, err
	}
	if pay.ProviderID == "" || r.Reference == "" || r.Amount.Amount <= 0 || r.Amount.Currency != pay.Amount.Currency {
		return acp.Refund{}, acp.Invalid(acp.CodeInvalid, "", "a refund needs a payment, a reference and an amount in the payment's currency")
	}
	made, fail := p.giveBack(ctx, pay.ProviderID, r)
	if fail != nil && fail.kind == acp.KindUnknown && ctx.Err() == nil {
		again, failAgain := p.giveBack(ctx, pay.ProviderID, r)
		if failAgain == nil || !failAgain.nothingDone() {
			made, fail = again, failAgain
		}
	}
	if fail != nil {
		return acp.Refund{}, fail.err("refund payment")
	}
	return made.told()
}

func (p *Payments) giveBack(ctx context.Context, sale string, r acp.RefundRequest) (refund, *failure) {
	var made refund
	fail := p.put(ctx, "/v1/sales/"+url.PathEscape(sale)+"/refunds/"+url.PathEscape(r.Reference),
		map[string]any{"amount": r.Amount.Decimal(), "reason": r.Reason}, &made)
	if fail == nil && (made.ID == "" || made.Request != r.Reference) {
		fail = &failure{kind: acp.KindUnknown, cause: errors.New("the answer is about something else")}
	}
	return made, fail
}
