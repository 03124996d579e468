package acp

import "time"

// MerchantID identifies one installed shop. Every store method takes it, so
// that two tenants never meet.
type MerchantID string

// Completion is how a checkout is finished.
type Completion string

const (
	// HandOff sends the buyer to Shopify's own checkout by a link. It is the
	// default and the only way that Shopify's App Store policy allows (App
	// Store requirement 1.1.2, "Use Shopify checkout").
	HandOff Completion = "handoff"
	// Delegated charges a shared payment token and completes the draft order
	// here. It takes the payment outside Shopify's checkout and is therefore
	// for apps of custom distribution only.
	Delegated Completion = "delegated"
)

// MerchantStatus tells whether a shop can be served.
type MerchantStatus string

const (
	// Installed shops are served.
	Installed MerchantStatus = "installed"
	// NeedsStaff shops have lost their access token: staff must open the app.
	NeedsStaff MerchantStatus = "needs_staff"
	// Uninstalled shops are answered as if they had never existed.
	Uninstalled MerchantStatus = "uninstalled"
)

// Merchant is one installed shop.
type Merchant struct {
	ID     MerchantID
	Shop   string // permanent domain: demo.myshopify.com
	Status MerchantStatus
	Profile
	Completion  Completion
	Acceptance  Acceptance
	Following   Following
	FeedToken   string // unguessable part of the feed's address; names the merchant there
	InstalledAt time.Time
	UpdatedAt   time.Time
}

// Profile is what the shop says of itself; it is read again on every change.
type Profile struct {
	Name          string
	Email         string
	StorefrontURL string
	Currency      Currency
	Country       string // ISO 3166-1 alpha-2
	Timezone      string // IANA
	TaxesIncluded bool   // prices contain the tax
	TaxShipping   bool   // shipping is taxed
	// SignInRequired: buyers must sign in to the shop before they pay. Nobody
	// can do that for them, so nothing is sold here by payment token.
	SignInRequired bool
	Policies       []Link
}

// Link is a page that the buyer may want to read before buying.
type Link struct {
	Type  string // privacy_policy, terms_of_use, return_policy, shipping_policy, contact_us …
	Title string
	URL   string
}

// ConnectionID identifies an agent's access to one merchant.
type ConnectionID string

// Connection is an agent's access to one merchant: its bearer token (kept as
// a hash elsewhere), where its order events go, and how it may finish.
type Connection struct {
	ID          ConnectionID
	Merchant    MerchantID
	Name        string
	Completion  Completion // may narrow the merchant's choice, never widen it
	TokenHint   string     // last four characters of the bearer token
	EventURL    string     // empty: the agent receives no order events
	EventSecret Secret     // key of the HMAC over order events
	Signing                // of the agent's requests
	CreatedAt   time.Time
	RevokedAt   time.Time // zero while it is valid
}

// Completes is how this connection finishes a checkout of m: delegated only
// when both the merchant and the connection say so, and the shop lets buyers
// pay who have not signed in.
func (c Connection) Completes(m Merchant) Completion {
	if m.Completion == Delegated && c.Completion == Delegated && !m.SignInRequired {
		return Delegated
	}
	return HandOff
}

// Caller is who asks: the merchant that the bearer token names, and through
// which connection. It never comes from a path, a query or a body.
type Caller struct {
	Merchant   Merchant
	Connection Connection
	// Claim identifies the idempotent request that is being carried out. A
	// retry after a crash carries the same claim, so that the use case
	// recognises its own half-done work. Empty for reads.
	Claim ClaimID
	// FirstTry says that nobody has carried this claim before, so that there
	// is no half-done work to look for.
	FirstTry bool
	// Tell makes the answer that tells a session, as it is kept for replays.
	// A use case that does nothing but save that session puts it into the
	// session's Told. Nil where there is no claim, and then Told stays empty.
	Tell func(Session) (*Claim, error)
}

// told is the answer to keep with a session.
func (c Caller) told(s Session) (*Claim, error) {
	if c.Tell == nil {
		return nil, nil
	}
	return c.Tell(s)
}

// Installation is the shop's grant: its tokens and scopes. Tokens are
// encrypted at rest.
type Installation struct {
	Shop             string
	AccessToken      Secret
	ExpiresAt        time.Time
	RefreshToken     Secret
	RefreshExpiresAt time.Time
	Scopes           []string
	Revision         int64 // rises with every save; a refresh is a compare-and-swap on it
}
