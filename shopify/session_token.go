package shopify

import (
	"errors"
	"net/url"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// A session token lives for a minute; more leeway than this would be a noticeable part of that.
const sessionTokenLeeway = 5 * time.Second

// StaffSession says which member of staff of which shop is looking at the app.
type StaffSession struct {
	Shop      ShopDomain
	UserID    string
	SessionID string
	ExpiresAt time.Time
}

// SessionTokens verifies the tokens by which Shopify's admin vouches for staff.
// https://shopify.dev/docs/apps/build/authentication-authorization/id-tokens
type SessionTokens struct {
	app    App
	parser *jwt.Parser
}

// NewSessionTokens verifies tokens made for app; now is the clock.
func NewSessionTokens(app App, now func() time.Time) (*SessionTokens, error) {
	if err := app.check(); err != nil {
		return nil, err
	}
	if now == nil {
		return nil, errors.New("shopify: session tokens need a clock")
	}
	return &SessionTokens{app: app, parser: jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithAudience(app.ClientID),
		jwt.WithExpirationRequired(),
		jwt.WithLeeway(sessionTokenLeeway),
		jwt.WithTimeFunc(now),
	)}, nil
}

type sessionClaims struct {
	jwt.RegisteredClaims
	Destination string `json:"dest"`
	SessionID   string `json:"sid"`
}

// Verify checks signature, audience, validity and that issuer and destination name the same shop. Every
// fault is KindUnauthorized: answer 401 with X-Shopify-Retry-Invalid-Session-Request, so that the admin
// fetches a fresh token. The shop is the one that was signed, never one from a query or a body.
func (s *SessionTokens) Verify(raw string) (StaffSession, error) {
	var claims sessionClaims
	if _, err := s.parser.ParseWithClaims(raw, &claims, s.keys); err != nil {
		return StaffSession{}, unauthorized("session token is not valid", err)
	}
	if claims.NotBefore == nil || claims.Subject == "" {
		return StaffSession{}, unauthorized("session token is not valid", errors.New("nbf or sub is missing"))
	}
	shop, err := shopOf(claims)
	if err != nil {
		return StaffSession{}, unauthorized("session token is not valid", err)
	}
	return StaffSession{
		Shop: shop, UserID: claims.Subject, SessionID: claims.SessionID, ExpiresAt: claims.ExpiresAt.Time,
	}, nil
}

func (s *SessionTokens) keys(*jwt.Token) (any, error) {
	var set jwt.VerificationKeySet
	for _, secret := range s.app.Secrets {
		set.Keys = append(set.Keys, []byte(secret.Reveal()))
	}
	return set, nil
}

// shopOf reads the shop from dest (https://{shop}) and holds iss (https://{shop}/admin) against it.
func shopOf(claims sessionClaims) (ShopDomain, error) {
	destination, err := url.Parse(claims.Destination)
	if err != nil {
		return "", err
	}
	issuer, err := url.Parse(claims.Issuer)
	if err != nil {
		return "", err
	}
	if destination.Scheme != "https" || issuer.Scheme != "https" || destination.Host != issuer.Host {
		return "", errors.New("iss and dest name different shops")
	}
	if issuer.Path != "/admin" || (destination.Path != "" && destination.Path != "/") {
		return "", errors.New("iss or dest has another path than Shopify's")
	}
	return ParseShopDomain(destination.Host)
}
