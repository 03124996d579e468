package shopify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/acp-bridge/acp-bridge/acp"
)

// refreshAhead is how long before its end a token is renewed, so that none dies on its way to Shopify.
const refreshAhead = 5 * time.Minute

// lastUse is how long a token must still live to be used when it could not be renewed.
const lastUse = 30 * time.Second

// Installations keeps each shop's tokens, encrypted.
type Installations interface {
	// Installation reads a shop's grant; KindNotFound when the shop never installed the app or has left.
	Installation(ctx context.Context, shop string) (acp.Installation, error)
	// SaveInstallation writes both tokens in one step and raises Revision, if that is still the stored one;
	// KindStale when another process saved first.
	SaveInstallation(ctx context.Context, inst acp.Installation) error
	// AwaitStaff notes that the shop's access is gone until staff open the app, which then exchanges their
	// session token for a new grant.
	AwaitStaff(ctx context.Context, shop string) error
}

// AccessTokensConfig is what AccessTokens needs; every field is required.
type AccessTokensConfig struct {
	Store  Installations
	Grants *Grants
	Now    func() time.Time
}

// AccessTokens hands out a shop's access token and renews it in time: once per shop within the process, and
// fenced by the store's compare-and-swap between processes.
type AccessTokens struct {
	AccessTokensConfig
	flights singleflight.Group
}

// NewAccessTokens checks the configuration.
func NewAccessTokens(c AccessTokensConfig) (*AccessTokens, error) {
	if c.Store == nil || c.Grants == nil || c.Now == nil {
		return nil, errors.New("shopify: access tokens need Store, Grants and Now")
	}
	return &AccessTokens{AccessTokensConfig: c}, nil
}

// Token returns a token that lives for some minutes yet. KindReauthorize when the shop must open the app,
// KindNotFound when it is not installed, KindThrottled or KindUnavailable when a renewal could not be had
// and the token at hand is over.
func (t *AccessTokens) Token(ctx context.Context, shop ShopDomain) (acp.Secret, error) {
	inst, err := t.Store.Installation(ctx, string(shop))
	if err != nil {
		return "", fmt.Errorf("read installation: %w", err)
	}
	if t.fresh(inst, "") {
		return inst.AccessToken, nil
	}
	token, err := t.renewOnce(ctx, shop, "")
	if err != nil && acp.KindOf(err) != acp.KindReauthorize && inst.ExpiresAt.Sub(t.Now()) > lastUse {
		return inst.AccessToken, nil // the old one still lives; the next call tries again
	}
	return token, err
}

// Renew returns another token than the one that Shopify has just rejected; errors as Token.
func (t *AccessTokens) Renew(ctx context.Context, shop ShopDomain, rejected acp.Secret) (acp.Secret, error) {
	return t.renewOnce(ctx, shop, rejected)
}

// renewOnce joins a renewal that is under way. The renewal does not end with the caller who began it:
// others wait for it, and its answer must reach the store.
func (t *AccessTokens) renewOnce(ctx context.Context, shop ShopDomain, rejected acp.Secret) (acp.Secret, error) {
	flight := t.flights.DoChan(string(shop), func() (any, error) {
		return t.renew(context.WithoutCancel(ctx), shop, rejected)
	})
	select {
	case done := <-flight:
		token, _ := done.Val.(acp.Secret)
		return token, done.Err
	case <-ctx.Done():
		return "", acp.Failed(acp.KindUnavailable, "wait for a fresh access token", ctx.Err())
	}
}

func (t *AccessTokens) renew(ctx context.Context, shop ShopDomain, rejected acp.Secret) (acp.Secret, error) {
	inst, err := t.Store.Installation(ctx, string(shop))
	if err != nil {
		return "", fmt.Errorf("read installation: %w", err)
	}
	if t.fresh(inst, rejected) {
		return inst.AccessToken, nil // renewed while we waited
	}
	renewed, err := t.Grants.Refresh(ctx, inst)
	if err == nil {
		// Saved before its first use: a pair that is used but not saved would lock the shop out.
		if err = t.Store.SaveInstallation(ctx, renewed); err == nil {
			return renewed.AccessToken, nil
		}
		err = fmt.Errorf("save renewed access: %w", err)
	}
	if kind := acp.KindOf(err); kind == acp.KindStale || kind == acp.KindReauthorize {
		if token, won := t.renewedElsewhere(ctx, shop, inst, rejected); won {
			return token, nil
		}
	}
	if acp.KindOf(err) == acp.KindReauthorize {
		err = errors.Join(err, t.Store.AwaitStaff(ctx, string(shop)))
	}
	return "", err
}

// renewedElsewhere looks whether another process renewed first. That it did also explains a refresh token
// that Shopify calls dead: the other one's new token has been used already.
func (t *AccessTokens) renewedElsewhere(ctx context.Context, shop ShopDomain, before acp.Installation, rejected acp.Secret) (acp.Secret, bool) {
	now, err := t.Store.Installation(ctx, string(shop))
	if err != nil || now.Revision == before.Revision || !t.fresh(now, rejected) {
		return "", false
	}
	return now.AccessToken, true
}

// fresh reports whether the token can be used; one without an end can, until it is rejected.
func (t *AccessTokens) fresh(inst acp.Installation, rejected acp.Secret) bool {
	if inst.AccessToken.Empty() || inst.AccessToken == rejected {
		return false
	}
	return inst.ExpiresAt.IsZero() || inst.ExpiresAt.Sub(t.Now()) > refreshAhead
}
