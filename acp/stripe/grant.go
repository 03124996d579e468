package stripe

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Inspect reads what a shared payment token may pay, of which card, and what
// Stripe thinks of the buyer. KindNotFound when it was not granted to this
// account. A token that cannot be read for any other reason is no error but a
// Grant that says nothing: Stripe enforces its limits itself when it is
// charged.
func (p *Payments) Inspect(ctx context.Context, m acp.Merchant, token acp.Secret) (acp.Grant, error) {
	if err := p.serves(m); err != nil {
		return acp.Grant{}, err
	}
	g, fail := p.look(ctx, token, "risk_details")
	if fail != nil && fail.kind == acp.KindRefused { // an account without Radar's insights has nothing to expand
		g, fail = p.look(ctx, token)
	}
	switch {
	case fail != nil && fail.kind == acp.KindInvalid:
		return acp.Grant{}, acp.NotFound("payment token")
	case fail != nil:
		p.unseen(ctx, fail)
		return acp.Grant{}, nil
	case g == nil:
		return acp.Grant{}, nil
	}
	return g.grant(p.Now())
}

func (g *grantedToken) grant(now time.Time) (acp.Grant, error) {
	grant := acp.Grant{Risks: g.risks()}
	if card := g.MethodDetails.Card; card != nil {
		grant.Card = acp.Card{Brand: card.Brand, Last4: card.Last4}
	}
	if g.UsageLimits.MaxAmount > 0 {
		limit, err := fromStripe(g.UsageLimits.MaxAmount, g.UsageLimits.Currency)
		if err != nil {
			return grant, err
		}
		grant.Limit = limit
	}
	if g.UsageLimits.ExpiresAt != 0 {
		grant.ExpiresAt = time.Unix(g.UsageLimits.ExpiresAt, 0).UTC()
	}
	if g.DeactivatedReason != "" || g.DeactivatedAt != 0 || (g.UsageLimits.ExpiresAt != 0 && g.UsageLimits.ExpiresAt <= now.Unix()) {
		grant.Dead = strings.TrimPrefix(g.whyDead(now.Unix()), "token_")
	}
	return grant, nil
}

// risks are Stripe's insights by name.
func (g *grantedToken) risks() (risks []acp.Risk) {
	if g.Risk == nil {
		return nil
	}
	for _, kind := range slices.Sorted(maps.Keys(g.Risk.Insights)) {
		if seen := g.Risk.Insights[kind]; seen != nil {
			risks = append(risks, acp.Risk{Kind: kind, Score: seen.Score.String(), Action: seen.Action})
		}
	}
	return risks
}
