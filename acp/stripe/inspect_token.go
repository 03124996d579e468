package stripe

import (
	"context"
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
}

// inspecting bounds the look at a token: the buyer waits, and it is optional.
const inspecting = 5 * time.Second

// tokenPrefix marks the tokens that can be read; any other is only tried.
const tokenPrefix = "spt_"

// inspect reads a token before it is used. It is a courtesy: Stripe enforces
// the limits itself, so a token that cannot be read is charged all the same,
// and nil is returned.
func (p *Payments) inspect(ctx context.Context, token acp.Secret) *grantedToken {
	if !strings.HasPrefix(token.Reveal(), tokenPrefix) {
		return nil
	}
	bounded, cancel := context.WithTimeout(ctx, inspecting)
	defer cancel()
	g := &grantedToken{}
	fail := p.do(bounded, func(ctx context.Context) error {
		params := &stripego.Params{Context: ctx, Headers: p.preview()}
		path := stripego.FormatURLPath("/v1/shared_payment/granted_tokens/%s", token.Reveal())
		return p.backend.Call(http.MethodGet, path, p.SecretKey.Reveal(), params, g)
	})
	if fail != nil {
		p.Log.WarnContext(ctx, "payment token not inspected; it is tried unseen", "error", fail.err("inspect payment token"))
		return nil
	}
	if g.ID == "" {
		return nil
	}
	return g
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
