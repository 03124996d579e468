package shopify

import (
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

const (
	idTokenLife   = time.Minute
	idTokenLeeway = 10 * time.Second
)

type idClaims struct {
	jwt.RegisteredClaims
	Dest    string `json:"dest"`
	Session string `json:"sid"`
}

// newIDToken makes the token that the admin gives to an embedded app; it lives a minute.
func (s *Server) newIDToken() (string, error) {
	now := s.cfg.Now()
	shop := "https://" + s.cfg.Shop
	claims := idClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: shop + "/admin", Subject: "42", Audience: jwt.ClaimStrings{s.cfg.ClientID}, ID: uuid.NewString(),
			ExpiresAt: jwt.NewNumericDate(now.Add(idTokenLife)), NotBefore: jwt.NewNumericDate(now), IssuedAt: jwt.NewNumericDate(now),
		},
		Dest: shop, Session: uuid.NewString(),
	}
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
	signed, err := token.SignedString([]byte(s.cfg.ClientSecret))
	if err != nil {
		return "", fmt.Errorf("sign id token: %w", err)
	}
	return signed, nil
}

// checkIDToken accepts what newIDToken made and nothing else, as Shopify's exchange does.
func (s *Server) checkIDToken(raw string) error {
	var claims idClaims
	_, err := jwt.ParseWithClaims(raw, &claims, func(*jwt.Token) (any, error) { return []byte(s.cfg.ClientSecret), nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithAudience(s.cfg.ClientID), jwt.WithExpirationRequired(),
		jwt.WithIssuer("https://"+s.cfg.Shop+"/admin"), jwt.WithLeeway(idTokenLeeway), jwt.WithTimeFunc(s.cfg.Now))
	if err != nil {
		return fmt.Errorf("check id token: %w", err)
	}
	if claims.Dest != "https://"+s.cfg.Shop {
		return errors.New("check id token: dest is another shop")
	}
	return nil
}
