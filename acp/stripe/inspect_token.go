package stripe

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	stripego "github.com/stripe/stripe-go/v86"

	"github.com/acp-bridge/acp-bridge/acp"
)

// grantedToken is a shared payment token as its seller may read it
// (GET /v1/shared_payment/granted_tokens/{id}); amounts are Stripe's minor
// units, times Unix seconds.
type grantedToken struct {
	stripego.APIResource
	ID                string `json:"id"`
	DeactivatedAt     int64  `json:"deactivated_at"`
	DeactivatedReason string `json:"deactivated_reason"`
	UsageLimits       struct {
		Currency  string `json:"currency"`
		MaxAmount int64  `json:"max_amount"`
		ExpiresAt int64  `json:"expires_at"`
	} `json:"usage_limits"`
	MethodDetails struct { // missing on some tokens
		Card *struct {
			Brand string `json:"brand"`
			Last4 string `json:"last4"`
		} `json:"card"`
	} `json:"payment_method_details"`
	Risk *struct { // only where it is expanded
		Insights map[string]*insight `json:"insights"`
	} `json:"risk_details"`
}

// insight is one of Stripe's views of the buyer. Some scores are whole numbers
// and some are fractions.
type insight struct {
	Score  json.Number `json:"score"`
	Action string      `json:"recommended_action"`
}

// inspecting bounds the look at a token: the buyer waits, and it is optional.
const inspecting = 5 * time.Second

// tokenPrefix marks the tokens that can be read; any other is only tried.
const tokenPrefix = "spt_"

// inspect reads a token before it is used. It is a courtesy: Stripe enforces
// the limits itself, so a token that cannot be read is charged all the same,
// and nil is returned.
func (p *Payments) inspect(ctx context.Context, token acp.Secret) *grantedToken {
	g, fail := p.look(ctx, token)
	if fail != nil {
		p.unseen(ctx, fail)
	}
	return g
}

func (p *Payments) unseen(ctx context.Context, fail *failure) {
	p.Log.WarnContext(ctx, "payment token not inspected; it is tried unseen", "error", fail.err("inspect payment token"))
}

// look reads a token, nil when there is nothing to be read of it.
func (p *Payments) look(ctx context.Context, token acp.Secret, expand ...string) (*grantedToken, *failure) {
	if !strings.HasPrefix(token.Reveal(), tokenPrefix) {
		return nil, nil
	}
	bounded, cancel := context.WithTimeout(ctx, inspecting)
	defer cancel()
	g := &grantedToken{}
	fail := p.do(bounded, func(ctx context.Context) error {
		params := &stripego.Params{Context: ctx, Headers: p.preview()}
		for _, e := range expand {
			params.AddExtra("expand[]", e)
		}
		path := stripego.FormatURLPath("/v1/shared_payment/granted_tokens/%s", token.Reveal())
		return p.backend.Call(http.MethodGet, path, p.SecretKey.Reveal(), params, g)
	})
	if fail != nil || g.ID == "" {
		return nil, fail
	}
	return g, nil
}

// neverPays says why the token could not pay this amount at any time; empty
// when it may. What changes with time is not asked here: a token that is
// consumed by now may have been consumed by this very payment, whose answer
// was lost.
func (g *grantedToken) neverPays(amount int64, c acp.Currency) string {
	switch {
	case g == nil:
		return ""
	case g.UsageLimits.Currency != "" && !strings.EqualFold(g.UsageLimits.Currency, string(c)):
		return "token_currency_mismatch"
	case g.UsageLimits.MaxAmount > 0 && g.UsageLimits.MaxAmount < amount:
		return "token_amount_exceeded"
	}
	return ""
}

// whyDead puts a word to Stripe's refusal of the token.
func (g *grantedToken) whyDead(now int64) string {
	switch {
	case g == nil:
		return "token_refused"
	case g.DeactivatedReason != "":
		return "token_" + g.DeactivatedReason
	case g.DeactivatedAt != 0:
		return "token_deactivated"
	case g.UsageLimits.ExpiresAt != 0 && g.UsageLimits.ExpiresAt <= now:
		return "token_expired"
	default:
		return "token_amount_exceeded"
	}
}
