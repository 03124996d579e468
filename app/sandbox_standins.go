package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/sandbox/agent"
	"github.com/acp-bridge/acp-bridge/sandbox/catalog"
	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
	"github.com/acp-bridge/acp-bridge/sandbox/stripe"
	"github.com/acp-bridge/acp-bridge/sandbox/till"
	"github.com/acp-bridge/acp-bridge/sandbox/till/pay"
	"github.com/acp-bridge/acp-bridge/shopify/schema"
)

// sandboxShop is the demo shop; sandboxClientID the app's id at the stand-in.
const (
	sandboxShop     = "demo-shop.myshopify.com"
	sandboxClientID = "sandbox-client-id"
	sandboxProfile  = "profile_test_sandbox"
	sandboxTill     = "till_sandbox"
)

// standIns are the remote services of a sandbox, each on its own address.
type standIns struct {
	shopify, stripe, till, agent net.Listener
	shop                         *shopify.Server
	pay                          *stripe.Server
	counter                      *till.Server
	platform                     *agent.Server
}

func (s *standIns) shopifyURL() string { return "http://" + s.shopify.Addr().String() }
func (s *standIns) stripeURL() string  { return "http://" + s.stripe.Addr().String() }
func (s *standIns) tillURL() string    { return "http://" + s.till.Addr().String() }
func (s *standIns) agentURL() string   { return "http://" + s.agent.Addr().String() }

// eventURL is where the agent platform takes order events.
func (s *standIns) eventURL() string { return s.agentURL() + "/agentic_checkout/webhooks/order_events" }

// listenAgain binds the address of the last run when the flag leaves the port
// open, so that links handed out then still work; else what the flag says.
func listenAgain(ctx context.Context, flag, last string) (net.Listener, error) {
	if strings.HasSuffix(flag, ":0") && last != "" {
		if l, err := listen(ctx, last); err == nil {
			return l, nil
		}
	}
	return listen(ctx, flag)
}

func openStandIns(ctx context.Context, f sandboxFlags, k *sandboxKeys, appURL string, appConfig []byte, log *slog.Logger) (s *standIns, err error) {
	s = &standIns{}
	for _, l := range []struct {
		into *net.Listener
		flag string
		last *string
	}{
		{&s.shopify, f.ListenShopify, &k.Shopify},
		{&s.stripe, f.ListenStripe, &k.Stripe},
		{&s.till, f.ListenTill, &k.Till},
		{&s.agent, f.ListenAgent, &k.Agent},
	} {
		if *l.into, err = listenAgain(ctx, l.flag, *l.last); err != nil {
			return s, err
		}
		*l.last = (*l.into).Addr().String()
	}
	if s.shop, err = openShopifyStandIn(f, *k, appURL, appConfig, log); err != nil {
		return s, err
	}
	s.shop.SetBaseURL(s.shopifyURL())
	s.pay, err = stripe.New(stripe.Config{
		SecretKey: k.StripeKey, Dir: filepath.Join(f.Data, "stripe"), Now: time.Now, Log: log,
		WebhookURL: func() string { return appURL + "/payments/stripe/events" }, WebhookSecret: k.EventSecret,
	})
	if err != nil {
		return s, err
	}
	if s.counter, err = till.New(till.Config{Key: k.TillKey, Dir: filepath.Join(f.Data, "till"), Now: time.Now, Log: log}); err != nil {
		return s, err
	}
	s.platform, err = agent.New(agent.Config{Secret: k.WebhookSecret, Dir: filepath.Join(f.Data, "agent"), Now: time.Now, Log: log})
	return s, err
}

func openShopifyStandIn(f sandboxFlags, k sandboxKeys, appURL string, appConfig []byte, log *slog.Logger) (*shopify.Server, error) {
	declared, err := shopify.ParseAppConfig(appConfig)
	if err != nil {
		return nil, err
	}
	products, err := sandboxProducts(f, log)
	if err != nil {
		return nil, err
	}
	return shopify.New(shopify.Config{
		ClientID: sandboxClientID, ClientSecret: k.ClientSecret, Shop: sandboxShop,
		AppURL:        func() string { return appURL },
		Subscriptions: declared.Subscriptions, Scopes: declared.Scopes, SDL: schema.SDL,
		Products: products, Settings: shopify.Settings{Currency: strings.ToUpper(f.Currency), TaxesIncluded: f.TaxesIncluded},
		Dir: filepath.Join(f.Data, "shopify"), SearchLags: f.searchLags, Log: log,
	})
}

// sandboxProducts are what the demo shop sells. They seed a new shop; one that
// was kept in a folder keeps its own.
func sandboxProducts(f sandboxFlags, log *slog.Logger) ([]shopify.Product, error) {
	c, err := acp.ParseCurrency(f.Currency)
	if err != nil {
		return nil, fmt.Errorf("--currency: %w", err)
	}
	currency := catalog.Currency{Code: c.Upper(), Exponent: c.Exponent()}
	if f.Catalog == "" {
		return catalog.Generate(f.Products, f.Seed, currency), nil
	}
	products, warnings, err := catalog.FromFile(f.Catalog, currency)
	for _, w := range warnings {
		log.Warn("catalog", "warning", w)
	}
	if err != nil {
		return nil, fmt.Errorf("--catalog: %w", err)
	}
	return products, nil
}

// serving lists what has to be answered where.
func (s *standIns) serving() map[net.Listener]http.Handler {
	return map[net.Listener]http.Handler{
		s.shopify: s.shop.Handler(), s.stripe: s.pay.Handler(), s.till: s.counter.Handler(), s.agent: s.platform.Handler(),
	}
}

// close lets the stand-ins write their books.
func (s *standIns) close(ctx context.Context) error {
	if s == nil {
		return nil
	}
	var errs []error
	if s.shop != nil {
		errs = append(errs, s.shop.Close(ctx))
	}
	if s.pay != nil {
		errs = append(errs, s.pay.Close(ctx))
	}
	if s.counter != nil {
		errs = append(errs, s.counter.Close(ctx))
	}
	if s.platform != nil {
		errs = append(errs, s.platform.Close(ctx))
	}
	return errors.Join(errs...)
}

// payAtTill charges with the second provider of the demo shop.
func (s *standIns) payAtTill(key string) (*pay.Payments, error) {
	return pay.New(pay.Config{
		BaseURL: s.tillURL(), Key: acp.Secret(key), Account: sandboxTill, Shop: sandboxShop, Timeout: 15 * time.Second,
		Transport: newLoopbackTransport(), Now: time.Now,
	})
}
