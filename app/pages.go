package app

import (
	"cmp"
	"context"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/feed"
	"github.com/acp-bridge/acp-bridge/handlers"
)

func (b *bridge) buildHandler(context.Context) error {
	var err error
	b.handler, err = handlers.New(handlers.Config{
		Checkout: b.checkout, Carts: b.carts, Access: b.access, Claims: b.store, Install: b.install, Inbox: b.inbox,
		Catalog: b.catalog, Sales: b.store, Money: b.store, Matters: b.store, CompareSoon: b.compareSoon(), PaymentURL: b.paymentURL, Vetting: b.store,
		VerifyStaff: b.verifyStaff, VerifyQuery: b.verifyQuery, VerifyWebhook: b.app.VerifyWebhook,
		PaymentEvents: b.paymentEvents(), WriteFeed: b.writeFeed, Ready: b.store.Ready,
		PublicURL: b.config.AppURL, ClientID: b.config.ShopifyClientID,
		AppBridgeURL: b.config.AppBridgeURL, PolarisURL: b.config.PolarisURL,
		OrderURL: b.orderURL, AppURL: b.appPage, MayDelegate: b.mayDelegate,
		FrameAncestors: b.world.FrameAncestors, TrustedProxies: b.config.TrustedProxies,
		ClaimLease: claimLease, ClaimTTL: claimTTL, RequestBudget: cmp.Or(b.world.Patience, requestBudget),
		PerConnection: rate(b.config.RatePerConnection), PerAddress: rate(b.config.RatePerAddress),
		NewID: newID, Now: b.world.Now, After: b.world.After, Log: b.world.Log,
	})
	return err
}

// rate allows bursts of four seconds' worth.
func rate(perSecond int) handlers.Rate {
	return handlers.Rate{PerSecond: float64(perSecond), Burst: 4 * perSecond}
}

func (b *bridge) verifyStaff(token acp.Secret) (acp.Staff, error) {
	s, err := b.sessions.Verify(token.Reveal())
	if err != nil {
		return acp.Staff{}, err
	}
	return acp.Staff{Shop: string(s.Shop), UserID: s.UserID, ExpiresAt: s.ExpiresAt}, nil
}

func (b *bridge) verifyQuery(query url.Values) (string, error) {
	shop, err := b.app.VerifyQuery(query, b.world.Now())
	return string(shop), err
}

// orderURL is an order's page in the Shopify admin.
func (b *bridge) orderURL(shop, orderID string) string {
	if b.world.OrderURL != nil {
		return b.world.OrderURL(shop, orderID)
	}
	return "https://admin.shopify.com/store/" + storeHandle(shop) + "/orders/" + numericTail(orderID)
}

// appPage is the Shopify admin's page that embeds this app.
func (b *bridge) appPage(shop string) string {
	if b.world.AppPage != nil {
		return b.world.AppPage(shop)
	}
	return "https://admin.shopify.com/store/" + storeHandle(shop) + "/apps/" + b.config.ShopifyClientID
}

func storeHandle(shop string) string { return strings.TrimSuffix(shop, ".myshopify.com") }

func numericTail(gid string) string { return gid[strings.LastIndexByte(gid, '/')+1:] }

// writeFeed streams the feed of the merchant whose feed has this token.
func (b *bridge) writeFeed(ctx context.Context, token, format string, w io.Writer) error {
	m, err := b.store.MerchantByFeedToken(ctx, token)
	if err != nil {
		return err
	}
	if m.Status == acp.Uninstalled {
		return acp.NotFound("feed")
	}
	started := b.world.Now()
	report, err := feed.Write(ctx, w, feed.Options{Merchant: m, Format: feed.Format(format), Now: started, Checkout: true},
		func(yield func(acp.Item) error) error { return b.store.EachItem(ctx, m.ID, yield) })
	if err != nil {
		return err
	}
	b.world.Log.InfoContext(ctx, "feed written", "merchant", m.ID, "written", report.Written,
		"withdrawn", report.Withdrawn, "skipped", report.Skipped, "took", b.world.Now().Sub(started).Round(time.Millisecond))
	return nil
}

// paymentURL is a payment's page at its provider, where that has one.
func (b *bridge) paymentURL(provider, id string) string {
	p, err := b.checkout.Payments.Named(provider)
	if err != nil {
		return ""
	}
	if pages, ok := p.(interface{ PaymentPage(id string) string }); ok {
		return pages.PaymentPage(id)
	}
	return ""
}
