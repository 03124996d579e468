package shopify

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

// AttributeCart is the custom attribute by which an order of the storefront is recognised as an agent's cart.
const AttributeCart = "acp_cart_id"

// The longest name of an agent in a link, in characters, and the longest link: browsers and servers take
// more, chats and messengers often do not. 100 lines of the longest ids fit.
const (
	longestAgent = 60
	longestLink  = 4000
)

// CartPermalink is the address that fills the storefront's cart and opens Shopify's checkout, with
// attributes that end up on the order. It is empty when nothing can be put into it. It holds nothing about
// the buyer: links are passed on, and stay in histories and logs.
// https://shopify.dev/docs/apps/build/checkout/create-cart-permalinks
func CartPermalink(m acp.Merchant, c acp.SavedCart) string {
	return permalink(m, c.Sellable, c.Agent, []acp.NamedValue{{Name: AttributeCart, Value: string(c.ID)}})
}

// SessionPermalink is the same for lines of a checkout session that has ended: the agent that opened it and
// the affiliates who led to it keep their credit.
func SessionPermalink(m acp.Merchant, s acp.Session, lines []acp.CartLine) string {
	return permalink(m, lines, s.Agent, append([]acp.NamedValue{{Name: AttributeSession, Value: string(s.ID)}}, s.Touches()...))
}

func permalink(m acp.Merchant, sellable []acp.CartLine, agent string, attributes []acp.NamedValue) string {
	store, err := url.Parse(m.StorefrontURL)
	if err != nil || store.Host == "" || (store.Scheme != "https" && store.Scheme != "http") {
		return ""
	}
	lines := make([]string, 0, len(sellable))
	for _, l := range sellable {
		id := l.VariantID[strings.LastIndexByte(l.VariantID, '/')+1:]
		if _, err := strconv.ParseUint(id, 10, 64); err != nil {
			return "" // half a cart would mislead
		}
		lines = append(lines, id+":"+strconv.FormatInt(l.Quantity, 10))
	}
	if len(lines) == 0 {
		return ""
	}
	link := url.URL{
		Scheme: store.Scheme, Host: store.Host, Path: "/cart/" + strings.Join(lines, ","),
		RawQuery: attribution(agent, attributes).Encode(),
	}
	if address := link.String(); len(address) <= longestLink {
		return address
	}
	return ""
}

// attribution says whose cart it is: in the order's attributes for this app and the staff, as a referral for
// Shopify's reports, and as campaign parameters for the shop's own analytics.
func attribution(agent string, attributes []acp.NamedValue) url.Values {
	q := url.Values{"utm_medium": {"acp"}, "utm_source": {"agent"}}
	for _, a := range attributes {
		q.Set("attributes["+a.Name+"]", clip(a.Value, maxAttributeValue))
	}
	if name := shortened(agent); name != "" {
		q.Set("attributes["+AttributeAgent+"]", name)
	}
	if name := slug(agent); name != "" {
		q.Set("utm_source", name)
		q.Set("ref", name)
	}
	return q
}

func shortened(name string) string {
	if letters := []rune(strings.TrimSpace(name)); len(letters) > longestAgent {
		return string(letters[:longestAgent])
	}
	return strings.TrimSpace(name)
}

// slug is a name as campaign parameters are written: "Parlor (test)" is parlor-test.
func slug(name string) string {
	words := strings.FieldsFunc(strings.ToLower(shortened(name)), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '.'
	})
	return strings.Join(words, "-")
}
