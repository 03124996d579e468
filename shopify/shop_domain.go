package shopify

import (
	"regexp"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

// ShopDomain is a shop's permanent domain, lower case: demo.myshopify.com. Only ParseShopDomain makes one,
// so whoever holds it may send secrets there.
type ShopDomain string

// The anchors matter: without them evil.example/?x=.myshopify.com would receive the client secret.
var shopDomain = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}\.myshopify\.com$`)

// ParseShopDomain accepts a permanent shop domain in any case and nothing else: no scheme, port, path or
// custom domain. Anything else is an error of KindInvalid.
func ParseShopDomain(s string) (ShopDomain, error) {
	domain := strings.ToLower(s)
	if !shopDomain.MatchString(domain) {
		return "", acp.Invalid("invalid", "", "shop must be a domain such as example.myshopify.com")
	}
	return ShopDomain(domain), nil
}

// Handle is the shop's name in the admin's addresses: demo.
func (d ShopDomain) Handle() string { return strings.TrimSuffix(string(d), ".myshopify.com") }
