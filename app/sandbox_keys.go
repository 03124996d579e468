package app

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"path/filepath"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

// sandboxKeys are the secrets and addresses of one sandbox; they are kept in
// its folder, so that it comes back as it was. They are worth nothing outside
// of it.
type sandboxKeys struct {
	ClientSecret  string `json:"client_secret"`
	EncryptionKey string `json:"encryption_key"`
	StripeKey     string `json:"stripe_key"`
	TillKey       string `json:"till_key"`
	BearerToken   string `json:"bearer_token"`
	HandoffToken  string `json:"handoff_bearer_token"`
	WebhookSecret string `json:"webhook_secret"`
	EventSecret   string `json:"event_secret"` // of the stand-in for Stripe
	Shopify       string `json:"shopify"`      // addresses of the last run
	Stripe        string `json:"stripe"`
	Till          string `json:"till"`
	Agent         string `json:"agent"`
	App           string `json:"app"`
}

func keysPath(dir string) string { return filepath.Join(dir, "sandbox.json") }

// loadKeys reads the folder's keys, or makes some for a new one.
func loadKeys(dir string) (sandboxKeys, error) {
	var k sandboxKeys
	found, err := standin.Load(keysPath(dir), &k)
	if err != nil || found {
		k.TillKey = cmp.Or(k.TillKey, "till_"+newID())          // a folder of before the till
		k.EventSecret = cmp.Or(k.EventSecret, newEventSecret()) // folders from before it have none
		return k, err
	}
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return k, fmt.Errorf("make encryption key: %w", err)
	}
	return sandboxKeys{
		ClientSecret:  "shpss_" + newID(),
		EncryptionKey: "sandbox:" + base64.StdEncoding.EncodeToString(raw),
		StripeKey:     "sk_test_" + newID(),
		TillKey:       "till_" + newID(),
		BearerToken:   "acpb_" + newID() + newID(),
		HandoffToken:  "acpb_" + newID() + newID(),
		WebhookSecret: "whsec_" + newID() + newID(),
		EventSecret:   newEventSecret(),
	}, nil
}

func newEventSecret() string { return "whsec_" + newID() + newID() }
