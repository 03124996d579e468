package acp_test

import (
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

// What of the payments on an order is ours, and whether the buyer has paid it in
// Shopify, by a payment of 5.00 dollars.
func TestWhatStandsOnAnOrderForAPayment(t *testing.T) {
	p := acp.Payment{ProviderID: "pi_1", Amount: usd(500)}
	ours := acp.OrderSale{ID: "ours", Method: "Stripe (pi_1)", Manual: true, Amount: usd(500)}
	cash := func(amount int64) acp.OrderSale {
		return acp.OrderSale{ID: "cash", Method: "manual", Manual: true, Amount: usd(amount)}
	}
	card := acp.OrderSale{ID: "card", Method: "shopify_payments", Amount: usd(500)}
	pending, back := card, card
	pending.Pending, back.GivenBack = true, true
	unnamed, unread := ours, cash(0)
	unnamed.Manual, unread.Amount = false, acp.Money{}
	for name, test := range map[string]struct {
		sales  []acp.OrderSale
		ours   string
		inShop bool
	}{
		"nothing yet":                         {nil, "", false},
		"recorded":                            {[]acp.OrderSale{ours}, "ours", false},
		"recorded, if Shopify calls it its":   {[]acp.OrderSale{unnamed}, "ours", false},
		"recorded, after cash of the same":    {[]acp.OrderSale{cash(500), ours}, "ours", false},
		"marked paid by staff":                {[]acp.OrderSale{cash(500)}, "cash", false},
		"edited, then marked paid by staff":   {[]acp.OrderSale{cash(650)}, "cash", false},
		"edited, and cash for what was added": {[]acp.OrderSale{cash(150)}, "", false},
		"paid in Shopify":                     {[]acp.OrderSale{card}, "", true},
		"paid in Shopify, then recorded":      {[]acp.OrderSale{card, ours}, "ours", false},
		"paid in Shopify, and cash":           {[]acp.OrderSale{card, cash(150)}, "", true},
		"paid in Shopify, and cash unread":    {[]acp.OrderSale{card, unread}, "", true},
		"about to be paid in Shopify":         {[]acp.OrderSale{pending}, "", true},
		"paid in Shopify, and given back":     {[]acp.OrderSale{back}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			if s, _ := acp.SaleOf(test.sales, p); s.ID != test.ours || acp.PaidInShop(test.sales, p) != test.inShop {
				t.Errorf("ours is %q, paid in Shopify: %t", s.ID, acp.PaidInShop(test.sales, p))
			}
		})
	}
}
