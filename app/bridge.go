package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/agent"
	"github.com/acp-bridge/acp-bridge/app/jobs"
	"github.com/acp-bridge/acp-bridge/app/store"
	"github.com/acp-bridge/acp-bridge/shopify"
)

// world is what surrounds the app and differs between production, the sandbox
// and tests: the clock, the wires to the outside, and who may embed the pages.
type world struct {
	Now            func() time.Time
	After          func(time.Duration) <-chan time.Time
	Shopify        http.RoundTripper // nil: the real one
	StripeURL      string            // empty: the real one
	OtherPayments  acp.Providers     // beside Stripe; only the sandbox has any
	AllowLoopback  bool              // order events may go to loopback addresses
	FrameAncestors []string
	OrderURL       func(shop, orderID string) string // nil: Shopify's admin
	AppPage        func(shop string) string          // nil: Shopify's admin
	PollJobs       time.Duration
	PollBulk       time.Duration
	Patience       time.Duration // how long a request waits for the shop and the payment; zero: requestBudget
	DatabaseDriver string        // of database/sql; empty: the engine's own
	Log            *slog.Logger
}

// bridge is the assembled app.
type bridge struct {
	config   Config
	world    world
	database *store.Database
	store    *store.Store
	queue    *jobs.Queue
	shop     *shopify.Client
	sessions *shopify.SessionTokens
	app      shopify.App

	checkout   *acp.Checkout
	carts      *acp.Carts
	settlement *acp.Settlement
	aftercare  *acp.Aftercare
	orphans    *acp.Orphans
	reconcile  *acp.Reconcile
	orders     *acp.Orders
	events     *acp.Events
	catalog    *acp.Catalog
	install    *acp.Install
	inbox      *acp.Inbox
	watch      *acp.PaymentWatch
	access     *acp.Access

	handler http.Handler
}

// build opens the database and puts the rooms together. Close gives
// everything back, also after an error.
func build(ctx context.Context, c Config, w world) (b *bridge, err error) {
	b = &bridge{config: c, world: w}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.close())
			b = nil
		}
	}()
	for _, step := range []func(context.Context) error{
		b.openStore, b.openShopify, b.buildSales, b.buildShopSide, b.buildHandler,
	} {
		if err := step(ctx); err != nil {
			return b, err
		}
	}
	return b, nil
}

func (b *bridge) openStore(ctx context.Context) error {
	keys, err := b.config.keys()
	if err != nil {
		return err
	}
	sealer, err := store.NewSealer(keys...)
	if err != nil {
		return err
	}
	where := b.config.database(b.world.Log)
	where.Driver = b.world.DatabaseDriver
	b.database, err = store.Open(ctx, where)
	if err != nil {
		return err
	}
	if b.queue, err = b.openQueue(ctx); err != nil {
		return err
	}
	b.store, err = store.New(store.Config{
		Database: b.database, Enqueue: b.queue.Enqueue, Sealer: sealer, NewID: newID, Now: b.world.Now,
	})
	return err
}

func (b *bridge) openShopify(context.Context) error {
	b.app = shopify.App{ClientID: b.config.ShopifyClientID, Secrets: b.config.secrets()}
	var err error
	if b.sessions, err = shopify.NewSessionTokens(b.app, b.world.Now); err != nil {
		return err
	}
	grants, err := b.grants()
	if err != nil {
		return err
	}
	tokens, err := shopify.NewAccessTokens(shopify.AccessTokensConfig{
		Store: b.store.Tokens(), Grants: grants, Now: b.world.Now, After: b.world.After,
	})
	if err != nil {
		return err
	}
	b.shop, err = shopify.New(shopify.Config{
		ClientID: b.config.ShopifyClientID, Tokens: tokens, Base: b.world.Shopify,
		ReadTimeout: 15 * time.Second, WriteTimeout: 25 * time.Second,
		DownloadHosts: shopify.DefaultDownloadHosts(), DownloadLimit: 8 << 30,
		Now: b.world.Now, After: b.world.After, Log: b.world.Log,
	})
	return err
}

func (b *bridge) grants() (*shopify.Grants, error) {
	return shopify.NewGrants(shopify.GrantsConfig{App: b.app, Base: b.world.Shopify, Now: b.world.Now, Timeout: 10 * time.Second})
}

// The three times of a completion nest: an agent waits at most requestBudget,
// a run of the work may take runBudget, and nobody else takes it over before
// lease. A request's claim is extended while the request runs, so claimLease
// is only how long a key is blocked by a process that died.
const (
	requestBudget = 20 * time.Second
	runBudget     = 60 * time.Second
	lease         = 90 * time.Second
	claimLease    = 30 * time.Second
	claimTTL      = 48 * time.Hour
)

func (b *bridge) buildSales(context.Context) error {
	payments, err := b.payments()
	if err != nil {
		return err
	}
	b.checkout, err = acp.NewCheckout(acp.CheckoutConfig{
		Sessions: b.store, Finisher: b.store, Items: b.store, Merchants: b.store,
		Shop: b.shop, Drafts: b.shop, Orders: b.shop, Payments: payments, Deliveries: b.shop, Storefront: shopify.SessionPermalink, Vetting: b.store,
		SessionTTL: b.config.SessionTTL, Lease: lease, Budget: runBudget, AskFor: b.world.Patience,
		Now: b.world.Now, NewID: newID, Log: b.world.Log,
	})
	if err != nil {
		return err
	}
	b.carts, err = acp.NewCarts(acp.Carts{
		Book: b.store, Items: b.store, Shop: b.shop, Link: shopify.CartPermalink, TTL: b.config.CartTTL, Now: b.world.Now,
	})
	if err != nil {
		return err
	}
	if len(payments) > 0 {
		b.settlement, err = acp.NewSettlement(acp.Settlement{
			Book: b.store, Merchants: b.store, Payments: payments, Orders: b.shop, Now: b.world.Now,
		})
		if err != nil {
			return err
		}
		b.aftercare, err = acp.NewAftercare(acp.Aftercare{
			Settlement: b.settlement, Book: b.store, Sessions: b.store, Shop: b.shop, Lease: lease, NewID: newID, Log: b.world.Log,
		})
		if err != nil {
			return err
		}
	}
	b.watch, err = acp.NewPaymentWatch(acp.PaymentWatch{
		Sessions: b.store, Merchants: b.store, Rechecks: b.store, Payments: payments, Now: b.world.Now,
	})
	if err != nil {
		return err
	}
	if err = b.buildReconcile(payments); err != nil {
		return err
	}
	b.orders, err = acp.NewOrders(acp.Orders{
		Book: b.store, Shop: b.shop, Sessions: b.store, Merchants: b.store, Payments: b.store, Aftermath: b.store, Checkout: b.checkout, Now: b.world.Now,
	})
	if err != nil {
		return err
	}
	sender, err := agent.NewSender(agent.Config{Timeout: 10 * time.Second, Now: b.world.Now, UserAgent: "ACP-Bridge/1", AllowLoopback: b.world.AllowLoopback})
	if err != nil {
		return err
	}
	b.events, err = acp.NewEvents(acp.Events{Book: b.store, Sender: sender, Now: b.world.Now})
	return err
}

func (b *bridge) buildShopSide(context.Context) error {
	var err error
	b.catalog, err = acp.NewCatalog(acp.Catalog{
		Book: b.store, Source: b.shop, Merchants: b.store, Poll: b.world.PollBulk, Now: b.world.Now,
	})
	if err != nil {
		return err
	}
	grants, err := b.grants()
	if err != nil {
		return err
	}
	b.install, err = acp.NewInstall(acp.Install{
		Book: b.store, Grants: grants, Profiles: b.shop, Catalog: b.catalog, NewID: newID, Now: b.world.Now,
	})
	if err != nil {
		return err
	}
	b.inbox, err = acp.NewInbox(acp.Inbox{
		Book: b.store, Parse: parseDelivery, Install: b.install, Catalog: b.catalog,
		Orders: b.orders, Watch: b.watch, Shops: b.store, Now: b.world.Now,
	})
	if err != nil {
		return err
	}
	b.access, err = acp.NewAccess(acp.Access{Book: b.store, NewID: newID, Now: b.world.Now, MayDelegate: b.mayDelegate})
	return err
}

// run works tasks off and answers requests until the context ends, then lets
// both finish what they have in hand.
func (b *bridge) run(ctx context.Context, answer func(context.Context) error) error {
	if err := b.recover(ctx); err != nil {
		return fmt.Errorf("carry on: %w", err)
	}
	if err := b.queue.Start(ctx); err != nil {
		return fmt.Errorf("start tasks: %w", err)
	}
	err := answer(ctx)
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	return errors.Join(err, b.checkout.Wait(bounded), b.queue.Stop(bounded))
}

func (b *bridge) close() error {
	if b == nil || b.database == nil {
		return nil
	}
	return b.database.Close()
}
