package shopify

import (
	"encoding/base64"
)

// VerifyWebhook checks X-Shopify-Hmac-Sha256 over the raw bytes of a webhook's body. It fails with
// KindUnauthorized: answer 401. Parsing must come after it, because a parsed and rewritten body has other
// bytes. https://shopify.dev/docs/apps/build/webhooks/verify-deliveries
func (a App) VerifyWebhook(body []byte, header string) error {
	sum, err := base64.StdEncoding.DecodeString(header)
	if err != nil {
		return unauthorized("webhook signature is not valid", err)
	}
	if !a.signed(body, sum) {
		return unauthorized("webhook signature is not valid", nil)
	}
	return nil
}
