package walkthrough

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
)

// notSold is an item that no shop has.
const notSold = "no-such-item"

// fillACart collects what the buyer may want, before anybody speaks of a
// checkout. A cart reads as a session does, as far as it goes.
func (p *player) fillACart(ctx context.Context) error {
	p.chapter("The agent fills a cart")
	a := p.agent(p.ready.BearerToken)
	c, err := p.openCart(ctx, a)
	if err != nil {
		return err
	}
	if c, err = p.replaceCart(ctx, a, c); err != nil {
		return err
	}
	if err := p.lookAtCart(ctx, c); err != nil {
		return err
	}
	return p.dropCart(ctx, a, c)
}

// openCart asks for something that is not sold, too: the rest is a cart.
func (p *player) openCart(ctx context.Context, a *agent) (session, error) {
	items := map[string]any{"line_items": []map[string]any{{"id": p.cart[0].ID, "quantity": 1}, {"id": notSold, "quantity": 1}}}
	got, key, err := a.post(ctx, "/carts", items)
	if err != nil {
		return session{}, err
	}
	c, err := read(got, 201, "a cart is created")
	if err != nil {
		return c, err
	}
	if err := check(len(c.LineItems) == 1 && c.says("not_found") && bytes.Contains(got.Body, []byte(notSold)),
		"what is not sold is left out and told", "%s", got.Body); err != nil {
		return c, err
	}
	if err := p.estimates(c, p.cart[0].Price); err != nil {
		return c, err
	}
	p.step("create: %s, %s; %q is not sold and left out", c.ID, shown(p.cart[0].Price, c.Currency), notSold)
	again, err := a.postWithKey(ctx, "/carts", key, items)
	if err != nil {
		return c, err
	}
	if err := check(bytes.Equal(again.Body, got.Body) && again.Header.Get("Idempotent-Replayed") == "true",
		"the same key gives the same cart", "%d %s", again.Status, again.Body); err != nil {
		return c, err
	}
	p.step("create again with the same key: replayed, still one cart")
	return c, nil
}

func (p *player) replaceCart(ctx context.Context, a *agent, c session) (session, error) {
	got, err := a.put(ctx, "/carts/"+c.ID, map[string]any{
		"line_items": []map[string]any{{"id": p.cart[0].ID, "quantity": 1}, {"id": p.cart[1].ID, "quantity": 1}},
	})
	if err != nil {
		return c, err
	}
	id := c.ID
	if c, err = read(got, 200, "the cart is replaced"); err != nil {
		return c, err
	}
	if err := check(c.ID == id && len(c.LineItems) == 2 && !c.says("not_found"), "the new contents are the whole cart", "%s", got.Body); err != nil {
		return c, err
	}
	want := p.cart[0].Price + p.cart[1].Price
	if err := p.estimates(c, want); err != nil {
		return c, err
	}
	seen, err := a.get(ctx, "/carts/"+c.ID)
	if err != nil {
		return c, err
	}
	if err := check(seen.Status == 200 && bytes.Equal(seen.Body, got.Body), "the cart reads as it was answered", "%d %s", seen.Status, seen.Body); err != nil {
		return c, err
	}
	p.step("replace: two items, %s; read again, it is the same", shown(want, c.Currency))
	return c, nil
}

// estimates checks that a cart adds up to what the feed said.
func (p *player) estimates(c session, want int64) error {
	if err := c.addsUp(); err != nil {
		return err
	}
	return check(c.amount("items_base_amount")-c.amount("items_discount")+taxInside(c) == want, "the cart costs what the feed said",
		"feed %d, cart %v", want, c.Totals)
}

// lookAtCart follows the cart's link, as a buyer does.
func (p *player) lookAtCart(ctx context.Context, c session) error {
	lines := fmt.Sprintf("%s/cart/%s:1,%s:1?", p.ready.ShopifyURL, p.cart[0].ID, p.cart[1].ID)
	if err := check(strings.HasPrefix(c.ContinueURL, lines), "the cart's link fills the storefront's cart", "%s, not %s…", c.ContinueURL, lines); err != nil {
		return err
	}
	page, err := fetch(ctx, p.http, http.MethodGet, c.ContinueURL, nil, http.Header{})
	if err != nil {
		return err
	}
	if err := check(page.Status == 200 && bytes.Contains(page.Body, []byte(c.ID)), "the storefront shows it, and whose cart it is",
		"%d %.300s", page.Status, page.Body); err != nil {
		return err
	}
	p.step("the buyer follows the link: both items are in the shop's own cart")
	return nil
}

func (p *player) dropCart(ctx context.Context, a *agent, c session) error {
	got, _, err := a.post(ctx, "/carts/"+c.ID+"/cancel", map[string]any{})
	if err != nil {
		return err
	}
	last, err := read(got, 200, "the cart is canceled")
	if err != nil {
		return err
	}
	gone, err := a.get(ctx, "/carts/"+c.ID)
	if err != nil {
		return err
	}
	if err := check(last.ID == c.ID && gone.Status == 404, "a canceled cart is answered once more, and then is none", "%d %s", gone.Status, gone.Body); err != nil {
		return err
	}
	p.step("cancel: the cart as it was, and from then on 404")
	return nil
}
