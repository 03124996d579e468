package handlers

import (
	"regexp"
	"strings"

	"github.com/gin-gonic/gin"
)

// shopDomain is a shop's permanent domain, whole and anchored: what passes may
// stand in a header.
var shopDomain = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9-]*\.myshopify\.com$`)

// secureHeaders sets what every answer carries. Pages loosen the policy for
// what they need.
func (a *app) secureHeaders(c *gin.Context) {
	c.Header("X-Content-Type-Options", "nosniff")
	c.Header("Referrer-Policy", "no-referrer")
	c.Header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	if strings.HasPrefix(a.PublicURL, "https://") {
		c.Header("Strict-Transport-Security", "max-age=31536000")
	}
}

// publicPage is the policy of pages that stand alone in a browser: our own
// style sheet and nothing else. A redirect target is no form action, so none is
// allowed.
func (a *app) publicPage(c *gin.Context) {
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Security-Policy",
		"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
}

// embeddedPage is the policy of pages inside the Shopify admin: they may be
// framed by this one shop and the admin, by nobody else (Shopify refuses apps
// that leave this open), and run our script and Shopify's. Shopify's components
// style themselves with inline styles and report to Shopify's own hosts.
// X-Frame-Options is never sent, because it cannot name two ancestors.
func (a *app) embeddedPage(c *gin.Context, shop string) {
	ancestors := append([]string{"https://admin.shopify.com"}, a.FrameAncestors...)
	if shopDomain.MatchString(shop) {
		ancestors = append([]string{"https://" + strings.ToLower(shop)}, ancestors...)
	}
	scripts := strings.Join(unique(origin(a.AppBridgeURL), origin(a.PolarisURL)), " ")
	c.Header("Cache-Control", "no-store")
	c.Header("Referrer-Policy", "strict-origin-when-cross-origin")
	c.Header("Content-Security-Policy", strings.Join([]string{
		"default-src 'none'",
		"script-src 'self' " + scripts,
		"style-src 'self' 'unsafe-inline' " + scripts,
		"img-src 'self' data: " + scripts,
		"font-src 'self' " + scripts,
		"connect-src 'self' https://*.shopifysvc.com " + scripts,
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors " + strings.Join(ancestors, " "),
	}, "; "))
}

func unique(values ...string) []string {
	var kept []string
	seen := map[string]bool{}
	for _, v := range values {
		if !seen[v] {
			seen[v] = true
			kept = append(kept, v)
		}
	}
	return kept
}
