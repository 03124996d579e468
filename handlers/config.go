package handlers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// minClaimTTL is how long a key must be remembered (checkout RFC, section 6).
const minClaimTTL = 24 * time.Hour

// Rate is how often somebody may call.
type Rate struct {
	PerSecond float64 // sustained
	Burst     int     // at once
}

// Config is what the handlers need. Every field is required unless its
// comment says otherwise.
type Config struct {
	Checkout *acp.Checkout
	Carts    *acp.Carts
	Access   *acp.Access
	Claims   acp.Claims
	Install  *acp.Install
	Inbox    *acp.Inbox
	Catalog  *acp.Catalog
	Sales    acp.SalesBook
	Vetting  acp.Vetting
	Money    acp.MoneyBook
	// CompareSoon has a merchant's payments compared at once; nil: there is no
	// payment provider to compare with.
	CompareSoon func(ctx context.Context, m acp.MerchantID) error
	Matters     acp.MatterBook

	// VerifyStaff reads a session token of Shopify's; KindUnauthorized when it
	// is forged, expired or for another app.
	VerifyStaff func(token acp.Secret) (acp.Staff, error)
	// VerifyQuery checks the hmac of a query that Shopify signed and returns
	// the shop that it names.
	VerifyQuery func(query url.Values) (shop string, err error)
	// VerifyWebhook checks the signature over a webhook's raw body.
	VerifyWebhook func(body []byte, signature string) error
	// PaymentEvents take what payment providers tell of payments, by the
	// provider's part of the path; may be empty.
	PaymentEvents map[string]PaymentEvents
	// WriteFeed streams a merchant's feed as "jsonl" or "csv". It fails with
	// KindNotFound, before anything is written, when no feed has this token.
	WriteFeed func(ctx context.Context, feedToken, format string, w io.Writer) error
	// Ready reports whether requests can be served (the database answers).
	Ready func(ctx context.Context) error
	// Metrics is served at /metrics; nil: there is no such page.
	Metrics http.Handler

	PublicURL    string // origin under which the world reaches this app: https://app.example.com
	ClientID     string // of the app at Shopify; public
	AppBridgeURL string // script that Shopify requires in embedded pages
	PolarisURL   string // script of Shopify's components; the pages are readable without it
	// OrderURL is an order's page in the Shopify admin, by its global id.
	OrderURL func(shop, orderID string) string
	// PaymentURL is a payment's page at its provider; empty where it has none.
	PaymentURL func(provider, paymentID string) string
	// AppURL is the Shopify admin's page that embeds this app.
	AppURL func(shop string) string
	// MayDelegate is Access.MayDelegate: whether delegated payment may be chosen.
	MayDelegate func(acp.Merchant) bool

	// FrameAncestors may embed the app beside the shop and admin.shopify.com;
	// for the sandbox only. May be empty.
	FrameAncestors []string
	// TrustedProxies are CIDRs whose X-Forwarded-For is believed. May be empty.
	TrustedProxies []string

	ClaimLease    time.Duration // how long a request whose process died blocks its idempotency key; 15 seconds or more
	ClaimTTL      time.Duration // how long an answer is replayed; 24 hours or more
	RequestBudget time.Duration // how long an agent is kept waiting
	PerConnection Rate          // per agent connection
	PerAddress    Rate          // per network address, where nobody is authenticated

	NewID func() string // unguessable, at least 128 random bits
	Now   func() time.Time
	After func(time.Duration) <-chan time.Time // of the same clock
	Log   *slog.Logger
}

func (c Config) check() error {
	var errs []error
	missing := func(name string, is bool) {
		if is {
			errs = append(errs, fmt.Errorf("handlers: %s is missing", name))
		}
	}
	missing("Checkout", c.Checkout == nil)
	missing("Carts", c.Carts == nil)
	missing("Access", c.Access == nil)
	missing("Claims", c.Claims == nil)
	missing("Install", c.Install == nil)
	missing("Inbox", c.Inbox == nil)
	missing("Catalog", c.Catalog == nil)
	missing("Sales", c.Sales == nil)
	missing("Vetting", c.Vetting == nil)
	missing("Money", c.Money == nil)
	missing("PaymentURL", c.PaymentURL == nil)
	missing("Matters", c.Matters == nil)
	missing("VerifyStaff", c.VerifyStaff == nil)
	missing("VerifyQuery", c.VerifyQuery == nil)
	missing("VerifyWebhook", c.VerifyWebhook == nil)
	missing("WriteFeed", c.WriteFeed == nil)
	missing("Ready", c.Ready == nil)
	missing("ClientID", c.ClientID == "")
	missing("OrderURL", c.OrderURL == nil)
	missing("AppURL", c.AppURL == nil)
	missing("MayDelegate", c.MayDelegate == nil)
	missing("NewID", c.NewID == nil)
	missing("Now", c.Now == nil)
	missing("After", c.After == nil)
	missing("Log", c.Log == nil)
	for name, rate := range map[string]Rate{"PerConnection": c.PerConnection, "PerAddress": c.PerAddress} {
		missing(name, rate.PerSecond <= 0 || rate.Burst <= 0)
	}
	return errors.Join(append(errs, c.checkURLs(), c.checkTimes())...)
}

func (c Config) checkURLs() error {
	var errs []error
	for name, raw := range map[string]string{"PublicURL": c.PublicURL, "AppBridgeURL": c.AppBridgeURL, "PolarisURL": c.PolarisURL} {
		if origin(raw) == "" {
			errs = append(errs, fmt.Errorf("handlers: %s must be an absolute http(s) URL", name))
		}
	}
	if c.PublicURL != origin(c.PublicURL) {
		errs = append(errs, errors.New("handlers: PublicURL must have no path and no trailing slash"))
	}
	return errors.Join(errs...)
}

func (c Config) checkTimes() error {
	switch {
	case c.RequestBudget <= 0:
		return errors.New("handlers: RequestBudget must be positive")
	case c.ClaimLease < shortestLease:
		return fmt.Errorf("handlers: ClaimLease must be %s or more", shortestLease)
	case c.ClaimTTL < minClaimTTL:
		return errors.New("handlers: ClaimTTL must be 24 hours or more")
	}
	return nil
}

// origin is scheme and host of an http(s) URL, or "".
func origin(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return ""
	}
	return strings.ToLower(u.Scheme + "://" + u.Host)
}
