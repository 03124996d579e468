package app

import (
	"slices"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/stripe"
	"github.com/acp-bridge/acp-bridge/handlers"
	"github.com/acp-bridge/acp-bridge/shopify"
)

// payments are the providers that delegated checkouts are charged with, none
// when none is configured: then every buyer is handed over to Shopify's checkout.
func (b *bridge) payments() (acp.Providers, error) {
	if b.config.StripeSecretKey.Empty() {
		return b.world.OtherPayments, nil
	}
	account, err := stripe.New(stripe.Config{
		SecretKey: b.config.StripeSecretKey, Account: b.config.StripeAccount, Shop: b.config.StripeShop,
		Acquirer: b.config.acquirer(), APIVersion: b.config.StripeAPIVersion, BaseURL: b.world.StripeURL, Timeout: 15 * time.Second,
		Sandbox: b.world.StripeURL != "", Now: b.world.Now, Log: b.world.Log,
	})
	if err != nil {
		return nil, err
	}
	return slices.Concat(acp.Providers{account}, b.world.OtherPayments), nil
}

// paymentEvents are taken where the endpoint's secret is configured.
func (b *bridge) paymentEvents() map[string]handlers.PaymentEvents {
	if b.config.StripeWebhookSecret.Empty() {
		return nil
	}
	events := stripe.Events{Secrets: []acp.Secret{b.config.StripeWebhookSecret, b.config.StripeWebhookSecretOld}}
	return map[string]handlers.PaymentEvents{
		"stripe": {Shop: b.config.StripeShop, Header: "Stripe-Signature", Verify: events.Verify},
	}
}

// parseDelivery reads a delivery in the words of whoever sent it.
func parseDelivery(topic string, body []byte) (acp.News, error) {
	if stripe.IsEvent(topic) {
		return stripe.ParseEvent(topic, body)
	}
	return shopify.ParseWebhook(topic, body)
}

// mayDelegate: an account at a provider takes the payments of one shop, its
// owner's.
func (b *bridge) mayDelegate(m acp.Merchant) bool { return len(b.checkout.Payments.Handlers(m)) > 0 }
