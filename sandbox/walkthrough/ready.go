// Package walkthrough plays an agent and a buyer against a running sandbox,
// over HTTP only, and checks at every step what a real one would rely on. It
// knows nothing of the product's inside.
package walkthrough

// Ready is what a sandbox that is up tells about itself; it is also the
// content of the file that --ready names.
type Ready struct {
	AppURL             string `json:"app_url"`
	ACPBaseURL         string `json:"acp_base_url"`
	BearerToken        string `json:"bearer_token"`         // a connection that pays by token
	HandoffBearerToken string `json:"handoff_bearer_token"` // a connection that hands the buyer over
	WebhookSecret      string `json:"webhook_secret"`
	Shop               string `json:"shop"`
	AdminURL           string `json:"admin_url"` // the miniature Shopify admin with the app in it
	ShopifyURL         string `json:"shopify_url"`
	StripeURL          string `json:"stripe_url"`
	TillURL            string `json:"till_url"` // the second payment provider
	AgentURL           string `json:"agent_url"`
	FeedURL            string `json:"feed_url"`
	Items              []Item `json:"items"`
	PID                int    `json:"pid"`
}

// Item is something to buy.
type Item struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Price     int64  `json:"price_minor"`
	Currency  string `json:"currency"`
	Available bool   `json:"available"`
}
