package stripe_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp/stripe"
)

func TestAFaultyConfigurationIsToldAtOnce(t *testing.T) {
	_, err := stripe.New(stripe.Config{})
	for _, name := range []string{"SecretKey", "Account", "Shop", "Now", "Log"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in %v", name, err)
		}
	}
	for name, change := range map[string]func(*stripe.Config){
		"Account":   func(c *stripe.Config) { c.Account = "acct_1" },
		"SecretKey": func(c *stripe.Config) { c.SecretKey = "sk_live_1" },
		"Timeout":   func(c *stripe.Config) { c.Timeout = -1 },
		"BaseURL":   func(c *stripe.Config) { c.BaseURL = "http://stripe.example" },
	} {
		c := stripe.Config{
			SecretKey: "sk_test_1", Account: "profile_1", Shop: "demo.myshopify.com", Sandbox: true,
			Now: time.Now, Log: slog.New(slog.DiscardHandler),
		}
		if _, err := stripe.New(c); err != nil {
			t.Fatalf("a good configuration: %v", err)
		}
		change(&c)
		if _, err := stripe.New(c); err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "_live_1") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
