package stripe

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	stripego "github.com/stripe/stripe-go/v86"

	"github.com/acp-bridge/acp-bridge/acp"
)

const (
	// indexLag is how far back the list is read for payments that search does
	// not know yet. Stripe speaks of a minute, and of more in bad times
	// (docs.stripe.com/search).
	indexLag = time.Hour
	// listed bounds that reading; a shop with more payments in the hour gets
	// an error, never a false "not found".
	listed = 2000
	page   = 100
)

// Find looks a payment up by the reference in its metadata: in Stripe's
// search, which trails, and in the list of the last hour, which does not.
// KindNotFound only when both were read to the end.
func (p *Payments) Find(ctx context.Context, m acp.Merchant, reference string) (acp.Payment, error) {
	if err := p.serves(m); err != nil {
		return acp.Payment{}, err
	}
	if reference == "" {
		return acp.Payment{}, acp.Invalid(acp.CodeInvalid, "", "a payment is found by its reference")
	}
	best, searchFail := p.search(ctx, reference)
	if best == nil || rank(best) < holdsMoney {
		recent, fail := p.listRecent(ctx, reference)
		if fail != nil {
			return acp.Payment{}, fail.reading("list payments")
		}
		best = better(best, recent)
	}
	switch {
	case best != nil:
		return p.payment(m, best)
	case searchFail != nil:
		return acp.Payment{}, searchFail.reading("search payments")
	default:
		return acp.Payment{}, acp.NotFound("payment")
	}
}

// search reads what it finds again, because the index may show it as it was.
func (p *Payments) search(ctx context.Context, reference string) (best *stripego.PaymentIntent, fail *failure) {
	var found []*stripego.PaymentIntent
	fail = p.do(ctx, func(ctx context.Context) error {
		params := &stripego.PaymentIntentSearchParams{SearchParams: stripego.SearchParams{
			Query: fmt.Sprintf("metadata['%s']:'%s'", metaReference, quoted(reference)), Limit: stripego.Int64(page),
		}}
		result := p.client.V1PaymentIntents.Search(ctx, params)
		found = result.Data()
		return result.Err()
	})
	if fail != nil {
		return nil, fail
	}
	for _, pi := range found {
		fresh, fail := p.retrieve(ctx, pi.ID)
		if fail != nil {
			return nil, fail
		}
		if fresh.Metadata[metaReference] == reference {
			best = better(best, fresh)
		}
	}
	return best, nil
}

func quoted(s string) string {
	return strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s)
}

func (p *Payments) listRecent(ctx context.Context, reference string) (best *stripego.PaymentIntent, fail *failure) {
	seen := 0
	fail = p.do(ctx, func(ctx context.Context) error {
		params := &stripego.PaymentIntentListParams{
			ListParams:   stripego.ListParams{Limit: stripego.Int64(page)},
			CreatedRange: &stripego.RangeQueryParams{GreaterThanOrEqual: p.Now().Add(-indexLag).Unix()},
		}
		params.AddExpand("data." + charge)
		for pi, err := range p.client.V1PaymentIntents.List(ctx, params).All(ctx) {
			if err != nil || seen == listed {
				return err
			}
			seen++
			if pi.Metadata[metaReference] == reference {
				best = better(best, pi)
			}
		}
		return nil
	})
	if best != nil && rank(best) >= holdsMoney {
		return best, nil // whatever stopped the reading
	}
	if fail == nil && seen == listed {
		fail = &failure{kind: acp.KindUnavailable, cause: fmt.Errorf("more than %d payments in the last hour", listed)}
	}
	return best, fail
}

// holdsMoney is the rank from which a payment has the buyer's money.
const holdsMoney = 2

// rank orders payments with the same reference. There is one as long as Stripe
// keeps the key; should there be more, the one that holds money counts.
func rank(pi *stripego.PaymentIntent) int {
	switch pi.Status {
	case stripego.PaymentIntentStatusSucceeded:
		return 3
	case stripego.PaymentIntentStatusRequiresCapture:
		return holdsMoney
	case stripego.PaymentIntentStatusCanceled, stripego.PaymentIntentStatusRequiresPaymentMethod:
		return 0
	default: // may come to hold money yet
		return 1
	}
}

func better(a, b *stripego.PaymentIntent) *stripego.PaymentIntent {
	switch {
	case a == nil:
		return b
	case b == nil || rank(a) >= rank(b):
		return a
	default:
		return b
	}
}

func (p *Payments) retrieve(ctx context.Context, id string) (pi *stripego.PaymentIntent, fail *failure) {
	fail = p.do(ctx, func(ctx context.Context) (err error) {
		params := &stripego.PaymentIntentRetrieveParams{}
		params.AddExpand(charge)
		pi, err = p.client.V1PaymentIntents.Retrieve(ctx, id, params)
		return err
	})
	if fail == nil && pi.ID != id {
		fail = &failure{kind: acp.KindUnknown, cause: errors.New("the answer is about another payment")}
	}
	return pi, fail
}
