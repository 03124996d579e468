package app

import (
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/store"
)

// Config is the whole configuration; it is read from the environment once.
// .env.example describes each variable.
type Config struct {
	Listen string `env:"LISTEN" envDefault:":8080"`
	AppURL string `env:"APP_URL,required,notEmpty"`

	TLSCertFile   string `env:"TLS_CERT_FILE"`
	TLSKeyFile    string `env:"TLS_KEY_FILE"`
	TLSMinVersion string `env:"TLS_MIN_VERSION" envDefault:"1.3"`

	ShopifyClientID        string     `env:"SHOPIFY_CLIENT_ID,required,notEmpty"`
	ShopifyClientSecret    acp.Secret `env:"SHOPIFY_CLIENT_SECRET,required,notEmpty"`
	ShopifyClientSecretOld acp.Secret `env:"SHOPIFY_CLIENT_SECRET_OLD"`

	DatabaseURL   acp.Secret   `env:"DATABASE_URL"`
	DatabasePath  string       `env:"DATABASE_PATH" envDefault:"acp-bridge.db"`
	EncryptionKey []acp.Secret `env:"ENCRYPTION_KEYS,required,notEmpty" envSeparator:","`

	StripeSecretKey  acp.Secret `env:"STRIPE_SECRET_KEY"`
	StripeAccount    string     `env:"STRIPE_ACCOUNT"`
	StripeShop       string     `env:"STRIPE_SHOP"`
	StripeAPIVersion string     `env:"STRIPE_API_VERSION" envDefault:"2026-04-22.preview"`

	StripeWebhookSecret    acp.Secret `env:"STRIPE_WEBHOOK_SECRET"`
	StripeWebhookSecretOld acp.Secret `env:"STRIPE_WEBHOOK_SECRET_OLD"`

	AcquirerBIN          string `env:"STRIPE_ACQUIRER_BIN"`
	AcquirerCountry      string `env:"STRIPE_ACQUIRER_COUNTRY"`
	AcquirerMerchantID   string `env:"STRIPE_ACQUIRER_MERCHANT_ID"`
	AcquirerMerchantName string `env:"STRIPE_ACQUIRER_MERCHANT_NAME"`
	RequestorID          string `env:"STRIPE_REQUESTOR_ID"`

	SessionTTL        time.Duration `env:"SESSION_TTL" envDefault:"24h"`
	CartTTL           time.Duration `env:"CART_TTL" envDefault:"336h"`
	MirrorEvery       time.Duration `env:"MIRROR_EVERY" envDefault:"24h"`
	AppBridgeURL      string        `env:"APP_BRIDGE_URL" envDefault:"https://cdn.shopify.com/shopifycloud/app-bridge.js"`
	PolarisURL        string        `env:"POLARIS_URL" envDefault:"https://cdn.shopify.com/shopifycloud/polaris-1.js"`
	RatePerConnection int           `env:"RATE_PER_CONNECTION" envDefault:"50"`
	RatePerAddress    int           `env:"RATE_PER_ADDRESS" envDefault:"20"`
	TrustedProxies    []string      `env:"TRUSTED_PROXIES" envSeparator:","`
	MetricsListen     string        `env:"METRICS_LISTEN"`
	LogLevel          string        `env:"LOG_LEVEL" envDefault:"info"`
	LogFormat         string        `env:"LOG_FORMAT" envDefault:"json"`
	JobWorkers        int           `env:"JOB_WORKERS" envDefault:"8"`
}

// ReadConfig reads the environment and reports all faults at once, each with
// its variable's name.
func ReadConfig() (Config, error) {
	c, err := env.ParseAs[Config]()
	if err != nil {
		return Config{}, fmt.Errorf("configuration: %w", err)
	}
	return c, c.check()
}

func (c Config) check() error {
	var faults []error
	fault := func(variable, why string) { faults = append(faults, fmt.Errorf("%s %s", variable, why)) }
	if u, err := url.Parse(c.AppURL); err != nil || u.Host == "" || (u.Scheme != "https" && !loopback(u)) {
		fault("APP_URL", "must be an https address such as https://app.example.com")
	} else if strings.HasSuffix(c.AppURL, "/") || u.Path != "" {
		fault("APP_URL", "must not have a path or end in a slash")
	}
	if (c.TLSCertFile == "") != (c.TLSKeyFile == "") {
		fault("TLS_CERT_FILE and TLS_KEY_FILE", "go together")
	}
	if _, known := tlsVersions[c.TLSMinVersion]; c.TLSCertFile != "" && !known {
		fault("TLS_MIN_VERSION", "must be 1.3 or 1.2")
	}
	if _, err := c.keys(); err != nil {
		fault("ENCRYPTION_KEYS", err.Error())
	}
	if !c.StripeSecretKey.Empty() && (c.StripeShop == "" || c.StripeAccount == "") {
		fault("STRIPE_SHOP and STRIPE_ACCOUNT", "are required with STRIPE_SECRET_KEY: a Stripe account takes the payments of one shop")
	}
	if c.StripeSecretKey.Empty() && !c.StripeWebhookSecret.Empty() {
		fault("STRIPE_WEBHOOK_SECRET", "needs STRIPE_SECRET_KEY: what Stripe tells is read again before it is believed")
	}
	if c.StripeWebhookSecret.Empty() && !c.StripeWebhookSecretOld.Empty() {
		fault("STRIPE_WEBHOOK_SECRET_OLD", "is only for a rotation: set STRIPE_WEBHOOK_SECRET, too")
	}
	if a := c.acquirer(); a != nil {
		if err := a.Check(); err != nil {
			fault("STRIPE_ACQUIRER_BIN, _COUNTRY, _MERCHANT_ID and _MERCHANT_NAME", "belong together: "+strings.ReplaceAll(err.Error(), "\n", ", "))
		}
	}
	if c.SessionTTL < 5*time.Minute {
		fault("SESSION_TTL", "must be at least 5m")
	}
	if c.CartTTL < time.Hour {
		fault("CART_TTL", "must be at least 1h")
	}
	if c.MirrorEvery < time.Hour {
		fault("MIRROR_EVERY", "must be at least 1h")
	}
	if c.RatePerConnection <= 0 || c.RatePerAddress <= 0 {
		fault("RATE_PER_CONNECTION and RATE_PER_ADDRESS", "must be positive")
	}
	if c.JobWorkers < 1 {
		fault("JOB_WORKERS", "must be at least 1")
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	return nil
}

// acquirer is what agents need to have card holders authenticated, nil where
// nothing of it is set.
func (c Config) acquirer() *acp.Acquirer {
	a := acp.Acquirer{
		BIN: c.AcquirerBIN, Country: c.AcquirerCountry, MerchantID: c.AcquirerMerchantID,
		MerchantName: c.AcquirerMerchantName, RequestorID: c.RequestorID,
	}
	if a == (acp.Acquirer{}) {
		return nil
	}
	return &a
}

// database is PostgreSQL where it has an address, else the SQLite file, whose
// path has a default and is therefore always there.
func (c Config) database(log *slog.Logger) store.OpenConfig {
	if !c.DatabaseURL.Empty() {
		return store.OpenConfig{URL: c.DatabaseURL.Reveal(), Log: log}
	}
	return store.OpenConfig{Path: c.DatabasePath, Log: log}
}

// keys decodes ENCRYPTION_KEYS: "id:base64 of 32 bytes", the first one
// encrypts, all of them decrypt.
func (c Config) keys() ([]store.Key, error) {
	if len(c.EncryptionKey) == 0 {
		return nil, errors.New("must name at least one key")
	}
	keys := make([]store.Key, 0, len(c.EncryptionKey))
	for _, k := range c.EncryptionKey {
		id, encoded, found := strings.Cut(k.Reveal(), ":")
		raw, err := base64.StdEncoding.DecodeString(encoded)
		if !found || id == "" || err != nil || len(raw) != 32 {
			return nil, errors.New("must be id:base64 with 32 bytes each, for example k1:$(openssl rand -base64 32)")
		}
		keys = append(keys, store.Key{ID: id, Bytes: acp.Secret(raw)})
	}
	return keys, nil
}

func (c Config) secrets() []acp.Secret {
	if c.ShopifyClientSecretOld.Empty() {
		return []acp.Secret{c.ShopifyClientSecret}
	}
	return []acp.Secret{c.ShopifyClientSecret, c.ShopifyClientSecretOld}
}

func loopback(u *url.URL) bool {
	return u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost" || u.Hostname() == "::1"
}
