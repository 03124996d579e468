package shopify_test

import (
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
	"github.com/acp-bridge/acp-bridge/shopify/schema"
)

const appTOML = `
[access_scopes]
scopes = "read_products, write_orders"
[webhooks]
api_version = "2026-10"
  [[webhooks.subscriptions]]
  compliance_topics = ["shop/redact"]
  uri = "/webhooks/compliance"
  [[webhooks.subscriptions]]
  topics = ["products/create", "products/update"]
  uri = "/webhooks/catalog"
  include_fields = ["id"]
`

func TestTheAppsConfigurationIsRead(t *testing.T) {
	got, err := shopify.ParseAppConfig([]byte(appTOML))
	if err != nil {
		t.Fatal(err)
	}
	if got.APIVersion != "2026-10" || len(got.Scopes) != 2 || got.Scopes[1] != "write_orders" || len(got.Subscriptions) != 3 {
		t.Fatalf("configuration: %+v", got)
	}
	if s := got.Subscriptions[0]; !s.Compliance || s.Topic != "shop/redact" || s.URI != "/webhooks/compliance" {
		t.Errorf("compliance: %+v", s)
	}
	if s := got.Subscriptions[2]; s.Compliance || s.Topic != "products/update" || len(s.IncludeFields) != 1 {
		t.Errorf("catalog: %+v", s)
	}
}

func TestAConfigurationThatShopifyRefusesIsRefused(t *testing.T) {
	for name, file := range map[string]string{
		"not TOML":        `[webhooks`,
		"legacy install":  strings.Replace(appTOML, "[webhooks]", "use_legacy_install_flow = true\n[webhooks]", 1),
		"the same twice":  appTOML + "\n[[webhooks.subscriptions]]\ntopics = [\"products/update\"]\nuri = \"/webhooks/catalog\"\n",
		"scopes as lists": `access_scopes = { scopes = ["read_products"] }`,
	} {
		if _, err := shopify.ParseAppConfig([]byte(file)); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestAStandInIsNotMadeOfHalfAConfiguration(t *testing.T) {
	whole := shopify.Config{ClientID: "a", ClientSecret: "b", Shop: testShop, AppURL: func() string { return "" }, SDL: schema.SDL}
	for name, spoil := range map[string]func(*shopify.Config){
		"no client":     func(c *shopify.Config) { c.ClientID = "" },
		"no secret":     func(c *shopify.Config) { c.ClientSecret = "" },
		"foreign shop":  func(c *shopify.Config) { c.Shop = "evil.com/?x=.myshopify.com" },
		"no app":        func(c *shopify.Config) { c.AppURL = nil },
		"no schema":     func(c *shopify.Config) { c.SDL = "" },
		"broken schema": func(c *shopify.Config) { c.SDL = "type {" },
	} {
		c := whole
		spoil(&c)
		if _, err := shopify.New(c); err == nil {
			t.Errorf("%s: a stand-in was made", name)
		}
	}
}
