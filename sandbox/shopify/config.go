package shopify

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify/pricing"
)

// Config is what a stand-in is made of. Only ClientID, ClientSecret, Shop, AppURL and SDL are required.
type Config struct {
	ClientID, ClientSecret string
	Shop                   string        // demo-shop.myshopify.com
	AppURL                 func() string // base URL of the app, "" while it does not listen yet
	Subscriptions          []Subscription
	Scopes                 []string // granted at installation
	SDL                    string   // schema text of the Admin API
	Products               []Product
	Settings               Settings
	Dir                    string                                 // keeps its books here; "" for memory only
	Now                    func() time.Time                       // time.Now when nil
	After                  func(d time.Duration) <-chan time.Time // time.After when nil
	SearchLags             func() bool                            // whether searches miss what is new; nil: for a second or two searches
	Webhooks               http.RoundTripper                      // how webhooks travel; a transport of its own when nil
	Log                    *slog.Logger                           // discarded when nil
}

// Settings is what the merchant of the demo shop has set. Zero values are a US shop in dollars.
type Settings struct {
	Name          string
	Email         string
	Currency      string // ISO 4217, "USD" when empty
	Country       string // ISO 3166 alpha-2, "US" when empty
	TaxesIncluded bool
	// ShippingTaxFree leaves taxes off shipping.
	ShippingTaxFree bool
	// ShipsTo are the countries beside Country; nil for the demo shop's own list.
	ShipsTo []string
	// FreeShippingOver is in minor units; 0 for 100.00, negative for never.
	FreeShippingOver int64
	Plus             bool
	// ShippingOnly leaves out pickup at the demo shop's location and local delivery around it.
	ShippingOnly bool
	// Automatic discounts; nil for the demo shop's own (15 % off products tagged "autumn-sale").
	Automatic []pricing.Automatic
	// Codes; nil for SAVE10, SHIPFREE, FIVEOFF, BIG100 and EXPIRED.
	Codes []pricing.Code
	// NotReadyReads is how often a new draft answers ready:false; 0 for twice, negative for never.
	NotReadyReads int
}

var shopDomain = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9-]*\.myshopify\.com$`)

func (c Config) check() error {
	var errs []error
	for name, value := range map[string]string{"ClientID": c.ClientID, "ClientSecret": c.ClientSecret, "SDL": c.SDL} {
		if value == "" {
			errs = append(errs, fmt.Errorf("%s is required", name))
		}
	}
	if !shopDomain.MatchString(c.Shop) {
		errs = append(errs, fmt.Errorf("shop %q is not a myshopify.com domain", c.Shop))
	}
	if c.AppURL == nil {
		errs = append(errs, errors.New("AppURL is required"))
	}
	return errors.Join(errs...)
}

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now //nolint:forbidigo // a stand-in is a program of its own, this is its wiring
	}
	if c.After == nil {
		c.After = time.After
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Webhooks == nil {
		c.Webhooks = &http.Transport{} // no proxy: the app is on loopback
	}
	c.Settings = c.Settings.withDefaults()
	return c
}

func (s Settings) withDefaults() Settings {
	fallback := func(v *string, d string) {
		if *v == "" {
			*v = d
		}
	}
	fallback(&s.Name, "Demo Shop")
	fallback(&s.Email, "owner@demo-shop.example")
	fallback(&s.Currency, "USD")
	fallback(&s.Country, "US")
	if s.ShipsTo == nil {
		s.ShipsTo = []string{"US", "CA", "GB", "IE", "FR", "DE", "AT", "NL", "BE", "ES", "IT", "JP", "AU", "MX"}
	}
	if s.FreeShippingOver == 0 {
		s.FreeShippingOver = pricing.Scaled(10_000, s.Currency)
	}
	if s.Automatic == nil {
		s.Automatic = []pricing.Automatic{{Title: "Autumn sale", Tag: "autumn-sale", PPM: 150_000}}
	}
	if s.Codes == nil {
		s.Codes = pricing.DefaultCodes(s.Currency)
	}
	if s.NotReadyReads == 0 {
		s.NotReadyReads = 2
	}
	return s
}

func (s Settings) pricing() pricing.Shop {
	shop := pricing.Shop{
		Currency: s.Currency, TaxesIncluded: s.TaxesIncluded, TaxShipping: !s.ShippingTaxFree, Country: s.Country,
		ShipsTo: s.ShipsTo, FreeShippingOver: max(s.FreeShippingOver, 0), Codes: s.Codes, Automatic: s.Automatic,
	}
	if !s.ShippingOnly {
		shop.Collection = pricing.DefaultCollection(s.Country)
		shop.LocalDelivery = pricing.DefaultLocalDelivery(s.Country, s.Currency)
	}
	return shop
}
