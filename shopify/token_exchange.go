package shopify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

const (
	grantExchange    = "urn:ietf:params:oauth:grant-type:token-exchange"
	typeIDToken      = "urn:ietf:params:oauth:token-type:id_token"
	typeOffline      = "urn:shopify:params:oauth:token-type:offline-access-token"
	tokenAnswerLimit = 64 << 10
)

// GrantsConfig is what Grants needs. Base may be nil (the default transport); the rest is required.
type GrantsConfig struct {
	App     App
	Base    http.RoundTripper
	Now     func() time.Time
	Timeout time.Duration // of one call to the token endpoint
}

// Grants obtains and renews a shop's access tokens. Tokens are the expiring kind that public apps made
// since 2026-04 must use: an hour of access, and a refresh token that rotates on every use.
// https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens
type Grants struct {
	GrantsConfig
	http *http.Client
}

// NewGrants checks the configuration.
func NewGrants(c GrantsConfig) (*Grants, error) {
	if err := c.App.check(); err != nil {
		return nil, err
	}
	if c.Now == nil || c.Timeout <= 0 {
		return nil, errors.New("shopify: grants need Now and Timeout")
	}
	return &Grants{GrantsConfig: c, http: &http.Client{Transport: c.Base, CheckRedirect: refuseRedirect}}, nil
}

// refuseRedirect hands the redirect itself to the caller: following it would carry a client secret or an
// access token to whatever host it names.
func refuseRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Exchange implements acp.Grants: it turns the session token of a member of staff into the shop's offline access. Asking again with a
// fresh session token is safe. KindUnauthorized when Shopify does not accept the session token,
// KindThrottled or KindUnavailable when it could not answer, KindInternal when it does not know this app.
// https://shopify.dev/docs/apps/build/authentication-authorization/implement-token-exchange
func (g *Grants) Exchange(ctx context.Context, domain string, sessionToken acp.Secret) (acp.Installation, error) {
	shop, err := ParseShopDomain(domain)
	if err != nil {
		return acp.Installation{}, err
	}
	answer, err := g.ask(ctx, shop, map[string]string{
		"grant_type":           grantExchange,
		"subject_token":        sessionToken.Reveal(),
		"subject_token_type":   typeIDToken,
		"requested_token_type": typeOffline,
		"expiring":             "1",
	})
	var refused *grantRefusal
	if errors.As(err, &refused) {
		return acp.Installation{}, unauthorized("Shopify did not accept the session token", err)
	}
	if err != nil {
		return acp.Installation{}, fmt.Errorf("exchange session token of %s: %w", shop, err)
	}
	return g.installation(acp.Installation{Shop: string(shop)}, answer), nil
}

// Refresh renews both tokens of an installation; save the result before using it, because the first use
// ends the old pair. A lost answer may be asked for again: Shopify keeps the old refresh token usable until
// the new one is used (changelog of 2026-08-28). KindReauthorize when the refresh token is dead.
func (g *Grants) Refresh(ctx context.Context, inst acp.Installation) (acp.Installation, error) {
	shop, err := ParseShopDomain(inst.Shop)
	if err != nil {
		return acp.Installation{}, err
	}
	if inst.RefreshToken.Empty() {
		return acp.Installation{}, mustReopen(errors.New("there is no refresh token"))
	}
	answer, err := g.ask(ctx, shop, map[string]string{
		"grant_type":    "refresh_token",
		"refresh_token": inst.RefreshToken.Reveal(),
	})
	var refused *grantRefusal
	if errors.As(err, &refused) {
		return acp.Installation{}, mustReopen(err)
	}
	if err != nil {
		return acp.Installation{}, fmt.Errorf("refresh access of %s: %w", shop, err)
	}
	return g.installation(inst, answer), nil
}

func mustReopen(cause error) error {
	return &acp.Error{
		Kind: acp.KindReauthorize, Code: "reauthorize",
		Message: "the shop must open the app again", Err: cause,
	}
}

type grantAnswer struct {
	AccessToken      string      `json:"access_token"`
	Scope            string      `json:"scope"`
	ExpiresIn        json.Number `json:"expires_in"`
	RefreshToken     string      `json:"refresh_token"`
	RefreshExpiresIn json.Number `json:"refresh_token_expires_in"`
}

// installation lays an answer over what is known; an answer without lifetimes is a token that does not end.
func (g *Grants) installation(inst acp.Installation, a grantAnswer) acp.Installation {
	now := g.Now()
	inst.AccessToken = acp.Secret(a.AccessToken)
	inst.ExpiresAt = ends(now, a.ExpiresIn)
	inst.RefreshToken = acp.Secret(a.RefreshToken)
	inst.RefreshExpiresAt = ends(now, a.RefreshExpiresIn)
	inst.Scopes = strings.FieldsFunc(a.Scope, func(r rune) bool { return r == ',' || r == ' ' })
	return inst
}

func ends(now time.Time, seconds json.Number) time.Time {
	n, err := strconv.ParseInt(seconds.String(), 10, 64)
	if err != nil || n <= 0 {
		return time.Time{}
	}
	return now.Add(time.Duration(n) * time.Second)
}
