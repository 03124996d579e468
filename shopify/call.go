package shopify

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/Khan/genqlient/graphql"
	goshopify "github.com/bold-commerce/go-shopify/v4"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/schema"
)

// effect says what a call may leave behind in the shop, and with it what may be tried again.
type effect int

const (
	// reads leave nothing behind; draftOrderCalculate is one, although GraphQL calls it a mutation.
	reads effect = iota
	// changes may have taken effect although their answer was lost.
	changes
)

// call carries genqlient's operations to one shop through go-shopify.
type call struct {
	client  *Client
	shop    string
	effect  effect
	spare   bool
	timeout time.Duration
}

// reading is for operations that may be repeated.
func (c *Client) reading(shop string) graphql.Client {
	return call{client: c, shop: shop, effect: reads, timeout: c.ReadTimeout}
}

// sparing is for reads that can be done without. They do not wait for the shop's budget of calls when it is spent:
// the pricing that a buyer waits for needs the next points.
func (c *Client) sparing(shop string) graphql.Client {
	return call{client: c, shop: shop, effect: reads, spare: true, timeout: c.ReadTimeout}
}

// changing is for operations that must not run twice.
func (c *Client) changing(shop string) graphql.Client {
	return call{client: c, shop: shop, effect: changes, timeout: c.WriteTimeout}
}

// MakeRequest implements graphql.Client. Its errors carry the kinds of failureOf.
//
// go-shopify's client writes to itself without a lock, so that each call has its own. Its retry stays off
// (it sleeps through cancelled contexts) and its errors are not used (they lose Shopify's error codes): the
// transport under it does both.
func (c call) MakeRequest(ctx context.Context, req *graphql.Request, resp *graphql.Response) error {
	shop, err := ParseShopDomain(c.shop)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	token, err := c.client.Tokens.Token(ctx, shop)
	if err != nil {
		return fmt.Errorf("get access token: %w", err)
	}
	variables, err := withoutNulls(req.Variables)
	if err != nil {
		return acp.Failed(acp.KindInternal, "encode variables", err)
	}
	t := &transport{client: c.client, shop: shop, token: token, effect: c.effect, spare: c.spare, operation: req.OpName, into: resp.Data}
	shopify, err := goshopify.NewClient(goshopify.App{ApiKey: c.client.ClientID}, string(shop), token.Reveal(),
		goshopify.WithVersion(schema.APIVersion), goshopify.WithRetry(0), goshopify.WithLogger(silent{}),
		goshopify.WithHTTPClient(&http.Client{Transport: t, CheckRedirect: refuseRedirect}))
	if err != nil {
		return acp.Failed(acp.KindInternal, "set up go-shopify", err)
	}
	err = shopify.GraphQL.Query(ctx, req.Query, variables, resp.Data)
	if t.failure != nil {
		return t.failure
	}
	if err != nil { // the transport let it pass, so the data does not fit the operation's types
		return acp.Failed(t.ambiguous(), "read Shopify's answer to "+req.OpName, err)
	}
	return nil
}

// silent takes go-shopify's log, which would print bodies and therefore buyers.
type silent struct{}

func (silent) Debugf(string, ...any) {}
func (silent) Infof(string, ...any)  {}
func (silent) Warnf(string, ...any)  {}
func (silent) Errorf(string, ...any) {}
