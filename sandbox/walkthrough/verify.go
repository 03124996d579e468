package walkthrough

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

// shopOrder is an order as Shopify's Admin API gives it.
type shopOrder struct {
	ID         string                        `json:"id"`
	Name       string                        `json:"name"`
	Financial  string                        `json:"displayFinancialStatus"`
	Total      moneyBag                      `json:"totalPriceSet"`
	Attributes []struct{ Key, Value string } `json:"customAttributes"`
	Lines      struct {
		Nodes []struct {
			Quantity int64 `json:"quantity"`
			Variant  struct {
				ID string `json:"id"`
			} `json:"variant"`
		} `json:"nodes"`
	} `json:"lineItems"`
}

type moneyBag struct {
	Presentment struct {
		Amount   string `json:"amount"`
		Currency string `json:"currencyCode"`
	} `json:"presentmentMoney"`
}

func (o shopOrder) session() string {
	for _, a := range o.Attributes {
		if a.Key == "acp_session_id" {
			return a.Value
		}
	}
	return ""
}

// ordered checks the order in the shop: one, with the right lines and total.
func (p *player) ordered(ctx context.Context, s session, financial string) error {
	var found shopOrder
	err := eventually(ctx, "the order in the shop is "+financial, func() error {
		var state struct {
			Orders []shopOrder `json:"orders"`
		}
		if err := p.state(ctx, p.ready.ShopifyURL, &state); err != nil {
			return err
		}
		count := 0
		for _, o := range state.Orders {
			if o.session() == s.ID {
				found = o
				count++
			}
		}
		if err := check(count == 1, "the shop has exactly one order for the session", "%d", count); err != nil {
			return err
		}
		if found.Financial != financial {
			return fmt.Errorf("%w: it is %s", errNotYet, found.Financial)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.orderMatches(s, found)
}

func (p *player) orderMatches(s session, o shopOrder) error {
	total, err := acp.ParseMoney(o.Total.Presentment.Amount, acp.Currency(strings.ToLower(o.Total.Presentment.Currency)))
	if err != nil {
		return err
	}
	if err := check(total.Amount == s.amount("total") && string(total.Currency) == s.Currency,
		"the order's total is the session's", "order %v, session %d", total, s.amount("total")); err != nil {
		return err
	}
	bought := map[string]int64{}
	for _, l := range s.LineItems {
		bought["gid://shopify/ProductVariant/"+l.Item.ID] = l.Quantity
	}
	for _, n := range o.Lines.Nodes {
		if err := check(bought[n.Variant.ID] == n.Quantity, "the order's lines are the session's", "%s: %d", n.Variant.ID, n.Quantity); err != nil {
			return err
		}
	}
	if err := check(len(o.Lines.Nodes) == len(s.LineItems), "the order has every line", "%d", len(o.Lines.Nodes)); err != nil {
		return err
	}
	p.step("Shopify: order %s, %s, %s, the right %d lines", o.Name, total, o.Financial, len(o.Lines.Nodes))
	return nil
}

// captured checks that the money was taken once.
func (p *player) captured(ctx context.Context, s session) error {
	err := eventually(ctx, "the payment is captured once", func() error {
		var state struct {
			Payments []struct {
				Status   string            `json:"status"`
				Received int64             `json:"amount_received"`
				Metadata map[string]string `json:"metadata"`
			} `json:"payments"`
		}
		if err := p.state(ctx, p.ready.StripeURL, &state); err != nil {
			return err
		}
		count, received := 0, int64(0)
		for _, pay := range state.Payments {
			if pay.Metadata["acp_session"] == s.ID {
				count++
				received += pay.Received
			}
		}
		if err := check(count == 1, "there is exactly one payment", "%d", count); err != nil {
			return err
		}
		if received == 0 {
			return errNotYet
		}
		return check(received == s.amount("total"), "the quoted total was captured", "%d, not %d", received, s.amount("total"))
	})
	if err == nil {
		p.step("Stripe: one payment, %s captured once", shown(s.amount("total"), s.Currency))
	}
	return err
}

// told checks that the agent got a signed order_create.
func (p *player) told(ctx context.Context, s session) error {
	err := eventually(ctx, "a signed order_create arrives", func() error {
		var state struct {
			Events []struct {
				Headers http.Header `json:"headers"`
				Body    string      `json:"body"`
			} `json:"events"`
		}
		if err := p.state(ctx, p.ready.AgentURL, &state); err != nil {
			return err
		}
		for _, e := range state.Events {
			var event struct {
				Type string `json:"type"`
				Data struct {
					ID      string `json:"id"`
					Session string `json:"checkout_session_id"`
				} `json:"data"`
			}
			if err := decode([]byte(e.Body), &event); err != nil {
				return err
			}
			if event.Data.Session == s.ID && event.Type == "order_create" {
				return p.signed(e.Headers.Get("Merchant-Signature"), e.Body)
			}
		}
		return errNotYet
	})
	if err == nil {
		p.step("the agent hears of it: order_create, signature right")
	}
	return err
}

// signed computes the signature by itself, as a receiver would.
func (p *player) signed(header, body string) error {
	stamp, rest, _ := strings.Cut(strings.TrimPrefix(header, "t="), ",v1=")
	mac := hmac.New(sha256.New, []byte(p.ready.WebhookSecret))
	mac.Write([]byte(stamp + "." + body))
	return check(hex.EncodeToString(mac.Sum(nil)) == rest, "the event's signature is right", "%q", header)
}

var appFrame = regexp.MustCompile(`<iframe[^>]*\ssrc="([^"]+)"`)

// listed opens the app in the miniature admin, as staff do.
func (p *player) listed(ctx context.Context, s session) error {
	got, err := fetch(ctx, p.http, http.MethodGet, p.ready.AdminURL, nil, http.Header{})
	if err != nil {
		return err
	}
	frame := appFrame.FindSubmatch(got.Body)
	if err := check(frame != nil, "the admin embeds the app", "%.300s", got.Body); err != nil {
		return err
	}
	page, err := fetch(ctx, p.http, http.MethodGet, html.UnescapeString(string(frame[1])), nil, http.Header{})
	if err != nil {
		return err
	}
	var order struct {
		Name string
	}
	if order.Name, err = p.orderName(ctx, s); err != nil {
		return err
	}
	if err := check(page.Status == 200 && strings.Contains(string(page.Body), html.EscapeString(order.Name)),
		"the dashboard lists the sale", "status %d, no %s in %d bytes", page.Status, order.Name, len(page.Body)); err != nil {
		return err
	}
	p.step("the dashboard in the Shopify admin lists %s", order.Name)
	return nil
}

func (p *player) orderName(ctx context.Context, s session) (string, error) {
	var state struct {
		Orders []shopOrder `json:"orders"`
	}
	if err := p.state(ctx, p.ready.ShopifyURL, &state); err != nil {
		return "", err
	}
	for _, o := range state.Orders {
		if o.session() == s.ID {
			return o.Name, nil
		}
	}
	raw, err := json.Marshal(state.Orders)
	return "", check(err != nil, "the order is in the shop", "%.300s", raw)
}
