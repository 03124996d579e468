package shopify

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// TokenSource hands out access tokens; AccessTokens is one.
type TokenSource interface {
	Token(ctx context.Context, shop ShopDomain) (acp.Secret, error)
	Renew(ctx context.Context, shop ShopDomain, rejected acp.Secret) (acp.Secret, error)
}

// Config is what a Client needs. Base may be nil (the default transport), the rest is required.
type Config struct {
	ClientID string
	Tokens   TokenSource
	// Base carries requests to Shopify. The sandbox passes one that leads every host to a stand-in.
	Base http.RoundTripper
	// ReadTimeout and WriteTimeout limit one call, waits between its tries included.
	ReadTimeout  time.Duration
	WriteTimeout time.Duration
	// DownloadHosts are the hosts from which results of bulk operations are fetched; Shopify's are
	// DefaultDownloadHosts.
	DownloadHosts []string
	// DownloadLimit is the size in bytes that the result of a bulk operation may have.
	DownloadLimit int64
	Now           func() time.Time
	After         func(time.Duration) <-chan time.Time
	Log           *slog.Logger
}

// Client speaks Shopify's Admin GraphQL API for every installed shop. It is safe for concurrent use.
type Client struct {
	Config
	versionWarning sync.Once
	locations      pickupLocations
	terms          paymentTerms
}

// New checks the configuration.
func New(c Config) (*Client, error) {
	if c.ClientID == "" || c.Tokens == nil || c.Now == nil || c.After == nil || c.Log == nil {
		return nil, errors.New("shopify: ClientID, Tokens, Now, After and Log are required")
	}
	if c.ReadTimeout <= 0 || c.WriteTimeout <= 0 || c.DownloadLimit <= 0 || len(c.DownloadHosts) == 0 {
		return nil, errors.New("shopify: ReadTimeout, WriteTimeout, DownloadLimit and DownloadHosts are required")
	}
	if c.Base == nil {
		c.Base = http.DefaultTransport
	}
	return &Client{Config: c}, nil
}

// What the domain needs of a shop.
var (
	_ acp.Quoter        = (*Client)(nil)
	_ acp.Deliveries    = (*Client)(nil)
	_ acp.Drafts        = (*Client)(nil)
	_ acp.ShopOrders    = (*Client)(nil)
	_ acp.CatalogSource = (*Client)(nil)
	_ acp.Profiles      = (*Client)(nil)
	_ acp.Grants        = (*Grants)(nil)
)
