package stripe

import (
	"context"
	"time"

	stripego "github.com/stripe/stripe-go/v86"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Read is the payment as Stripe sees it now, with its refunds and disputes.
// KindNotFound when this account has none such, KindUnknown while Stripe has
// not decided.
func (p *Payments) Read(ctx context.Context, m acp.Merchant, providerID string) (acp.Payment, error) {
	if err := p.serves(m); err != nil {
		return acp.Payment{}, err
	}
	pi, fail := p.retrieve(ctx, providerID)
	if fail != nil && fail.kind == acp.KindInvalid {
		return acp.Payment{}, acp.NotFound("payment")
	}
	if fail != nil {
		return acp.Payment{}, fail.reading("read payment")
	}
	pay, err := p.payment(m, pi)
	if err != nil || pay.State != acp.PaymentCaptured {
		return pay, err
	}
	if pay.Refunds, err = p.readRefunds(ctx, providerID); err != nil {
		return pay, err
	}
	pay.Disputes, err = p.readDisputes(ctx, providerID)
	return pay, err
}

func (p *Payments) readRefunds(ctx context.Context, id string) ([]acp.Refund, error) {
	all, fail := p.refundsOf(ctx, id)
	if fail != nil {
		return nil, fail.reading("list refunds")
	}
	refunds := make([]acp.Refund, len(all))
	for i, r := range all {
		var err error
		if refunds[i], err = refundOf(r); err != nil {
			return nil, err
		}
	}
	return refunds, nil
}

func (p *Payments) readDisputes(ctx context.Context, id string) (disputes []acp.Dispute, err error) {
	fail := p.do(ctx, func(ctx context.Context) error {
		params := &stripego.DisputeListParams{ListParams: stripego.ListParams{Limit: stripego.Int64(page)}, PaymentIntent: stripego.String(id)}
		for d, failure := range p.client.V1Disputes.List(ctx, params).All(ctx) {
			if failure != nil {
				return failure
			}
			money, unread := fromStripe(d.Amount, string(d.Currency))
			if unread != nil {
				err = unread
				return nil
			}
			disputes = append(disputes, acp.Dispute{
				ID: d.ID, Amount: money, State: disputeState(d.Status), Reason: string(d.Reason), At: time.Unix(d.Created, 0).UTC(),
				AnswerBy: answerBy(d),
			})
		}
		return nil
	})
	if fail != nil {
		return nil, fail.reading("list disputes")
	}
	return disputes, err
}

// answerBy is when evidence is due, while it is awaited.
func answerBy(d *stripego.Dispute) time.Time {
	awaited := d.Status == stripego.DisputeStatusNeedsResponse || d.Status == stripego.DisputeStatusWarningNeedsResponse
	if !awaited || d.EvidenceDetails == nil || d.EvidenceDetails.DueBy == 0 {
		return time.Time{}
	}
	return time.Unix(d.EvidenceDetails.DueBy, 0).UTC()
}

// disputeState: a warning is an inquiry and takes no money
// (docs.stripe.com/disputes/how-disputes-work).
func disputeState(s stripego.DisputeStatus) acp.DisputeState {
	switch s {
	case stripego.DisputeStatusLost:
		return acp.DisputeLost
	case stripego.DisputeStatusWon:
		return acp.DisputeWon
	case stripego.DisputeStatusWarningNeedsResponse, stripego.DisputeStatusWarningUnderReview:
		return acp.DisputeInquiry
	case stripego.DisputeStatusWarningClosed, stripego.DisputeStatusPrevented:
		return acp.DisputeWithdrawn
	default:
		return acp.DisputeOpen
	}
}

// Reserved lists the payments with a reference of ours that were made in
// [from, to) and hold money that was not taken, or wait for the card holder.
func (p *Payments) Reserved(ctx context.Context, m acp.Merchant, from, to time.Time) (held []acp.Payment, err error) {
	if err := p.serves(m); err != nil {
		return nil, err
	}
	fail := p.do(ctx, func(ctx context.Context) error {
		params := &stripego.PaymentIntentListParams{
			ListParams:   stripego.ListParams{Limit: stripego.Int64(page)},
			CreatedRange: &stripego.RangeQueryParams{GreaterThanOrEqual: from.Unix(), LesserThan: to.Unix()},
		}
		for pi, failure := range p.client.V1PaymentIntents.List(ctx, params).All(ctx) {
			if failure != nil {
				return failure
			}
			waits := pi.Status == stripego.PaymentIntentStatusRequiresCapture || pi.Status == stripego.PaymentIntentStatusRequiresAction
			if pi.Metadata[metaReference] == "" || !waits {
				continue
			}
			pay, unread := p.payment(m, pi)
			if unread != nil {
				err = unread
				return nil
			}
			held = append(held, pay)
		}
		return nil
	})
	if fail != nil {
		return nil, fail.reading("list payments")
	}
	return held, err
}
