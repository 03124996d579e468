package shopify

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"

	"github.com/acp-bridge/acp-bridge/acp"
)

// App is this app's identity towards Shopify, as the Dev Dashboard shows it.
type App struct {
	ClientID string
	// Secrets are the client secrets, newest first. Only the first one is sent; the others are accepted
	// on signatures while a rotation lasts (Shopify may sign webhooks with the old one for an hour).
	Secrets []acp.Secret
}

func (a App) check() error {
	if a.ClientID == "" {
		return errors.New("shopify: client id is missing")
	}
	if len(a.Secrets) == 0 {
		return errors.New("shopify: client secret is missing")
	}
	for _, secret := range a.Secrets {
		if secret.Empty() {
			return errors.New("shopify: a client secret is empty")
		}
	}
	return nil
}

// signed reports whether sum is the HMAC-SHA256 of message under any of the secrets. Every comparison takes
// the same time, whichever byte differs. An app without secrets signs nothing.
func (a App) signed(message, sum []byte) bool {
	found := false
	for _, secret := range a.Secrets {
		if secret.Empty() {
			continue
		}
		mac := hmac.New(sha256.New, []byte(secret.Reveal()))
		mac.Write(message)
		if hmac.Equal(mac.Sum(nil), sum) {
			found = true
		}
	}
	return found
}

func unauthorized(message string, cause error) error {
	return &acp.Error{Kind: acp.KindUnauthorized, Code: "unauthorized", Message: message, Err: cause}
}
