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

// lookAgain is the pause before looking whether another process has renewed the token.
const lookAgain = 100 * time.Millisecond

// saveTime is what a process that renews has beside the time of its call to Shopify.
const saveTime = 5 * time.Second

// Installations keeps each shop's tokens, encrypted.
type Installations interface {
	// Installation reads a shop's grant; KindNotFound when the shop never installed the app or has left.
	Installation(ctx context.Context, shop string) (acp.Installation, error)
	// SaveInstallation writes both tokens in one step and raises Revision, if that is still the stored one;
	// KindStale when another process saved first.
	SaveInstallation(ctx context.Context, inst acp.Installation) error
	// BeginRenewal has the caller alone renew the grant until then, and returns it with the Revision to save
	// with. KindStale when another process is at it, or the stored revision is another one.
	BeginRenewal(ctx context.Context, inst acp.Installation, until time.Time) (acp.Installation, error)
	// EndRenewal lets others try at once, after a renewal that came to nothing.
	EndRenewal(ctx context.Context, inst acp.Installation) error
	// AwaitStaff notes that the shop's access is gone until staff open the app, which then exchanges their
	// session token for a new grant. KindStale, and nothing is noted, when the stored revision is another one.
	AwaitStaff(ctx context.Context, inst acp.Installation) error
}

// AccessTokensConfig is what AccessTokens needs; every field is required.
type AccessTokensConfig struct {
	Store  Installations
	Grants *Grants
	Now    func() time.Time
	After  func(time.Duration) <-chan time.Time
}

// AccessTokens hands out a shop's access token and renews it in time, one at a time: within the process, and
// between processes by the store. Two renewals of one refresh token would give two pairs of which Shopify need
// honour one only, and the other may be the one that is kept.
type AccessTokens struct {
	AccessTokensConfig
	flights singleflight.Group
}

// NewAccessTokens checks the configuration.
func NewAccessTokens(c AccessTokensConfig) (*AccessTokens, error) {
	if c.Store == nil || c.Grants == nil || c.Now == nil || c.After == nil {
		return nil, errors.New("shopify: access tokens need Store, Grants, Now and After")
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

// renew waits while another process is at it, for as long as that may take and once more: after one that
// died on its way, the refresh token is still good.
func (t *AccessTokens) renew(ctx context.Context, shop ShopDomain, rejected acp.Secret) (acp.Secret, error) {
	for waited := time.Duration(0); waited < 2*t.renewalTime(); waited += lookAgain {
		inst, err := t.Store.Installation(ctx, string(shop))
		if err != nil {
			return "", fmt.Errorf("read installation: %w", err)
		}
		if t.fresh(inst, rejected) {
			return inst.AccessToken, nil // renewed while we waited
		}
		token, err := t.renewAlone(ctx, inst)
		if acp.KindOf(err) != acp.KindStale {
			return token, err
		}
		<-t.After(lookAgain)
	}
	return "", acp.Failed(acp.KindUnavailable, "renew access", errors.New("other processes do not get to the end of it"))
}

func (t *AccessTokens) renewalTime() time.Duration { return t.Grants.Timeout + saveTime }

// renewAlone returns KindStale when another process renews or has renewed. That it did also explains a
// refresh token that Shopify calls dead, so that nobody is sent for staff then.
func (t *AccessTokens) renewAlone(ctx context.Context, inst acp.Installation) (acp.Secret, error) {
	inst, err := t.Store.BeginRenewal(ctx, inst, t.Now().Add(t.renewalTime()))
	if err != nil {
		return "", fmt.Errorf("begin renewal: %w", err)
	}
	renewed, err := t.Grants.Refresh(ctx, inst)
	if acp.KindOf(err) == acp.KindReauthorize {
		noted := t.Store.AwaitStaff(ctx, inst)
		if acp.KindOf(noted) == acp.KindStale {
			return "", noted
		}
		return "", errors.Join(err, noted)
	}
	if err == nil {
		// Saved before its first use: a pair that is used but not saved would lock the shop out.
		if err = t.Store.SaveInstallation(ctx, renewed); err == nil {
			return renewed.AccessToken, nil
		}
		err = fmt.Errorf("save renewed access: %w", err)
	}
	return "", errors.Join(err, t.Store.EndRenewal(ctx, inst))
}

// fresh reports whether the token can be used; one without an end can, until it is rejected.
func (t *AccessTokens) fresh(inst acp.Installation, rejected acp.Secret) bool {
	if inst.AccessToken.Empty() || inst.AccessToken == rejected {
		return false
	}
	return inst.ExpiresAt.IsZero() || inst.ExpiresAt.Sub(t.Now()) > refreshAhead
}
