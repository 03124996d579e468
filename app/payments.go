package app

import (
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/stripe"
)

// payments is the provider that delegated checkouts are charged with, nil when
// none is configured: then every buyer is handed over to Shopify's checkout.
func (b *bridge) payments() (acp.Payments, error) {
	if b.config.StripeSecretKey.Empty() {
		return nil, nil
	}
	return stripe.New(stripe.Config{
		SecretKey: b.config.StripeSecretKey, Account: b.config.StripeAccount, Shop: b.config.StripeShop,
		APIVersion: b.config.StripeAPIVersion, BaseURL: b.world.StripeURL, Timeout: 15 * time.Second,
		Sandbox: b.world.StripeURL != "", Now: b.world.Now, Log: b.world.Log,
	})
}

// mayDelegate: a Stripe account takes the payments of one shop, its owner's.
func (b *bridge) mayDelegate(m acp.Merchant) bool {
	return !b.config.StripeSecretKey.Empty() && m.Shop == b.config.StripeShop
}
