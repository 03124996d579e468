package stripe

import (
	"context"
	"errors"
	"time"

	stripego "github.com/stripe/stripe-go/v86"

	"github.com/acp-bridge/acp-bridge/acp"
)

// metaRefund is our name of a refund in its metadata.
const metaRefund = "acp_refund"

// Refund gives captured money back, in full or in part. A refund that carries
// the Reference already is success: the payment's refunds are listed first, and
// after every failure, because Stripe's list of them does not trail. Errors:
// KindRefused (nothing or less is left, or it is disputed), KindNotFound (not a
// payment of this account), KindThrottled, KindUnavailable, KindUnknown.
func (p *Payments) Refund(ctx context.Context, m acp.Merchant, pay acp.Payment, r acp.RefundRequest) (acp.Refund, error) {
	if err := p.mayFinish(m, pay); err != nil {
		return acp.Refund{}, err
	}
	amount, err := toStripe(r.Amount)
	if err != nil {
		return acp.Refund{}, err
	}
	if r.Reference == "" || r.Key == "" {
		return acp.Refund{}, acp.Invalid(acp.CodeInvalid, "", "a refund needs a reference and a key")
	}
	var fail *failure
	// Further keys leave an answer behind that Stripe would repeat for a day. They are the same for every
	// caller: two at once, each with a key of its own, would give the money back twice.
	for _, key := range []string{r.Key, r.Key + ":again", r.Key + ":once_more"} {
		done, looked := p.refundNamed(ctx, pay.ProviderID, r.Reference)
		if looked != nil || done != nil {
			return refundOr(done, looked)
		}
		var made *stripego.Refund
		if made, fail = p.refundOnce(ctx, pay.ProviderID, amount, key, r); fail == nil {
			if !repeated(made.LastResponse) {
				return refundOf(made)
			}
			// The list knew of none that counts: what Stripe repeats has failed since, and needs another key.
			fail = &failure{kind: acp.KindUnknown, cause: errors.New("Stripe repeats a refund that has failed since")}
			continue
		}
		if fail.nothingDone() {
			return acp.Refund{}, fail.err("refund payment")
		}
		if !fail.stuck() || fail.declined != "" {
			break
		}
	}
	done, looked := p.refundNamed(ctx, pay.ProviderID, r.Reference)
	switch {
	case done != nil:
		return refundOf(done)
	case looked != nil:
		return acp.Refund{}, acp.Failed(acp.KindUnknown, "refund payment", fail.cause)
	case fail.kind == acp.KindInvalid:
		return acp.Refund{}, acp.Failed(acp.KindNotFound, "refund payment", fail.cause)
	default:
		return acp.Refund{}, fail.err("refund payment")
	}
}

func refundOr(done *stripego.Refund, looked *failure) (acp.Refund, error) {
	if looked != nil {
		return acp.Refund{}, looked.reading("list refunds")
	}
	return refundOf(done)
}

func (p *Payments) refundOnce(ctx context.Context, id string, amount int64, key string, r acp.RefundRequest) (made *stripego.Refund, fail *failure) {
	fail = p.do(ctx, func(ctx context.Context) (err error) {
		params := &stripego.RefundCreateParams{PaymentIntent: stripego.String(id), Amount: stripego.Int64(amount)}
		params.AddMetadata(metaRefund, r.Reference)
		params.SetIdempotencyKey(key)
		made, err = p.client.V1Refunds.Create(ctx, params)
		return err
	})
	return made, fail
}

// refundNamed finds the refund of a payment that carries our reference, nil
// when there is none. A failed one does not count: it may be tried again.
func (p *Payments) refundNamed(ctx context.Context, id, reference string) (found *stripego.Refund, fail *failure) {
	all, fail := p.refundsOf(ctx, id)
	for _, r := range all {
		if r.Metadata[metaRefund] == reference && r.Status != stripego.RefundStatusFailed && r.Status != stripego.RefundStatusCanceled {
			return r, nil
		}
	}
	return nil, fail
}

func (p *Payments) refundsOf(ctx context.Context, id string) (all []*stripego.Refund, fail *failure) {
	fail = p.do(ctx, func(ctx context.Context) error {
		params := &stripego.RefundListParams{ListParams: stripego.ListParams{Limit: stripego.Int64(page)}, PaymentIntent: stripego.String(id)}
		for r, err := range p.client.V1Refunds.List(ctx, params).All(ctx) {
			if err != nil {
				return err
			}
			all = append(all, r)
		}
		return nil
	})
	return all, fail
}

func refundOf(r *stripego.Refund) (acp.Refund, error) {
	money, err := fromStripe(r.Amount, string(r.Currency))
	if err != nil {
		return acp.Refund{}, err
	}
	return acp.Refund{
		ID: r.ID, Reference: r.Metadata[metaRefund], Amount: money, State: refundState(r.Status), Reason: string(r.Reason),
		At: time.Unix(r.Created, 0).UTC(),
	}, nil
}

func refundState(s stripego.RefundStatus) acp.RefundState {
	switch s {
	case stripego.RefundStatusSucceeded:
		return acp.RefundSucceeded
	case stripego.RefundStatusFailed, stripego.RefundStatusCanceled:
		return acp.RefundFailed
	default:
		return acp.RefundPending
	}
}
