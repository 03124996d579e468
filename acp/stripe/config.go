package stripe

import (
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

const (
	defaultVersion = "2026-04-22.preview"
	defaultTimeout = 20 * time.Second
	defaultURL     = "https://api.stripe.com"
)

// Config is what Payments needs. SecretKey, Account, Shop, Now and Log are
// required.
type Config struct {
	// SecretKey may be a restricted key: write on payment intents, read on
	// shared payment tokens.
	SecretKey acp.Secret
	// Account is the merchant's network profile (profile_…), to which agents
	// grant their tokens; not the account id.
	Account string
	// Shop is the one shop domain whose payments this key takes. A Stripe
	// account belongs to one merchant.
	Shop string
	// APIVersion is sent where tokens are used; empty: 2026-04-22.preview.
	APIVersion string
	// Acquirer lets agents have card holders authenticated (3DS); nil: Stripe
	// and the agent do that between them.
	Acquirer  *acp.Acquirer
	BaseURL   string            // empty: Stripe's own; http only on loopback
	Transport http.RoundTripper // nil: the standard one
	Timeout   time.Duration     // of one call to Stripe; zero: 20 seconds
	Sandbox   bool              // tells agents that no real money moves
	Now       func() time.Time
	Log       *slog.Logger
}

// complete fills in the defaults and reports every fault at once.
func (c Config) complete() (Config, error) {
	if c.APIVersion == "" {
		c.APIVersion = defaultVersion
	}
	if c.BaseURL == "" {
		c.BaseURL = defaultURL
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.Transport == nil {
		c.Transport = http.DefaultTransport
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	return c, errors.Join(c.missing(), c.contradictory())
}

func (c Config) missing() error {
	var faults []error
	for name, absent := range map[string]bool{
		"SecretKey": c.SecretKey.Empty(), "Account": c.Account == "", "Shop": c.Shop == "", "Now": c.Now == nil, "Log": c.Log == nil,
	} {
		if absent {
			faults = append(faults, errors.New(name+" is missing"))
		}
	}
	return errors.Join(faults...)
}

func (c Config) contradictory() error {
	var faults []error
	if c.Account != "" && !strings.HasPrefix(c.Account, "profile_") {
		faults = append(faults, errors.New("Account must be a network profile (profile_…)"))
	}
	if c.Sandbox && strings.Contains(c.SecretKey.Reveal(), "k_live_") {
		faults = append(faults, errors.New("a live SecretKey contradicts Sandbox"))
	}
	if c.Acquirer != nil {
		faults = append(faults, c.Acquirer.Check())
	}
	if c.Timeout < 0 {
		faults = append(faults, errors.New("Timeout must be positive"))
	}
	if !safeForKeys(c.BaseURL) {
		faults = append(faults, errors.New("BaseURL must be https, or http on loopback: the key travels with every call"))
	}
	return errors.Join(faults...)
}

func safeForKeys(base string) bool {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return false
	}
	if u.Scheme == "https" {
		return true
	}
	addr, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "http" && (u.Hostname() == "localhost" || err == nil && addr.IsLoopback())
}
