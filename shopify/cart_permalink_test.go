package shopify_test

import (
	"fmt"
	"math"
	"net/url"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify"
)

func storefront(address string) acp.Merchant {
	return acp.Merchant{Shop: "demo.myshopify.com", Profile: acp.Profile{StorefrontURL: address}}
}

func TestACartPermalinkFillsTheStorefrontsCart(t *testing.T) {
	link := shopify.CartPermalink(storefront("https://shop.example.com/"), acp.SavedCart{
		ID: "cart_1", Agent: " Parlor (test) é&", Buyer: &acp.Buyer{Email: "ada@example.com"},
		Sellable: []acp.CartLine{
			{VariantID: "gid://shopify/ProductVariant/9007199254740993", Quantity: 2},
			{VariantID: "gid://shopify/ProductVariant/42", Quantity: 9999},
		},
	})
	u, err := url.Parse(link)
	if err != nil || u.Scheme+"://"+u.Host+u.Path != "https://shop.example.com/cart/9007199254740993:2,42:9999" {
		t.Fatalf("%s %v", link, err)
	}
	q := u.Query()
	for name, want := range map[string]string{
		"attributes[acp_cart_id]": "cart_1", "attributes[acp_agent]": "Parlor (test) é&",
		"utm_source": "parlor-test", "utm_medium": "acp", "ref": "parlor-test",
	} {
		if q.Get(name) != want {
			t.Errorf("%s is %q", name, q.Get(name))
		}
	}
	if len(q) != 5 || strings.Contains(link, "ada") {
		t.Errorf("the link says too much: %s", link)
	}
}

func TestThereIsNoPermalinkWithoutSomethingToPutIntoIt(t *testing.T) {
	sellable := []acp.CartLine{{VariantID: "gid://shopify/ProductVariant/42", Quantity: 1}}
	for name, c := range map[string]struct {
		storefront string
		lines      []acp.CartLine
	}{
		"no lines":         {"https://shop.example.com", nil},
		"no storefront":    {"", sellable},
		"no address":       {"shop.example.com", sellable},
		"a wrong scheme":   {"javascript://shop.example.com", sellable},
		"an unknown id":    {"https://shop.example.com", append(sellable, acp.CartLine{VariantID: "gid://shopify/ProductVariant/4?2", Quantity: 1})},
		"a link too long ": {"https://" + strings.Repeat("a", 4000) + ".example.com", sellable},
	} {
		if link := shopify.CartPermalink(storefront(c.storefront), acp.SavedCart{ID: "cart_1", Sellable: c.lines}); link != "" {
			t.Errorf("%s: %s", name, link)
		}
	}
}

func TestTheLargestCartFitsIntoALink(t *testing.T) {
	c := acp.SavedCart{ID: acp.CartID("cart_" + strings.Repeat("A", 26)), Agent: strings.Repeat("漢", 100)}
	for range acp.MaxLines {
		id := fmt.Sprint("gid://shopify/ProductVariant/", uint64(math.MaxUint64))
		c.Sellable = append(c.Sellable, acp.CartLine{VariantID: id, Quantity: acp.MaxQuantity})
	}
	if link := shopify.CartPermalink(storefront("https://"+strings.Repeat("a", 60)+".example.com"), c); link == "" {
		t.Error("it does not")
	}
}

// The credit of whoever led the buyer to a checkout that ended goes along; the
// buyer does not.
func TestASessionsPermalinkKeepsItsAttribution(t *testing.T) {
	s := acp.Session{
		ID: "cs_1", Agent: "Parlor", Buyer: &acp.Buyer{Email: "ada@example.com"}, Note: "for Ada",
		FirstTouch: &acp.Attribution{Provider: "first.example", PublisherID: "p 1", Token: "secret", SubID: "ada"},
		LastTouch:  &acp.Attribution{Provider: "last.example", CampaignID: strings.Repeat("c", 300)},
	}
	link := shopify.SessionPermalink(storefront("https://shop.example.com/"), s, []acp.CartLine{{VariantID: "gid://shopify/ProductVariant/42", Quantity: 3}})
	u, err := url.Parse(link)
	if err != nil || u.Path != "/cart/42:3" {
		t.Fatalf("%s %v", link, err)
	}
	q := u.Query()
	for name, want := range map[string]string{
		"attributes[acp_session_id]": "cs_1", "attributes[acp_agent]": "Parlor", "utm_source": "parlor", "utm_medium": "acp", "ref": "parlor",
		"attributes[acp_affiliate_first_provider]": "first.example", "attributes[acp_affiliate_first_publisher]": "p 1",
		"attributes[acp_affiliate_last_provider]": "last.example", "attributes[acp_affiliate_last_campaign]": strings.Repeat("c", 254) + "…",
	} {
		if q.Get(name) != want {
			t.Errorf("%s is %q", name, q.Get(name))
		}
	}
	if strings.Contains(link, "ada") || strings.Contains(link, "Ada") || strings.Contains(link, "secret") || q.Get("attributes[acp_affiliate_first_token_sha256]") == "" {
		t.Errorf("the link says %s", link)
	}
	if link := shopify.SessionPermalink(storefront("https://shop.example.com"), s, nil); link != "" {
		t.Errorf("a link to nothing: %s", link)
	}
}
