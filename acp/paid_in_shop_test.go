package acp_test

import (
	"slices"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Staff send the invoice of a draft that they have under review, and the buyer
// pays it. Whatever task comes first then, a restart's included, takes nothing.
func TestAnOrderThatIsPaidInShopifyWhenItIsPlacedIsNotCharged(t *testing.T) {
	w := openWorld(t)
	w.shop.sales = []acp.OrderSale{{ID: "card", Method: "shopify_payments", Amount: usd(500)}}
	id := w.complete(w.create(delegated))
	settlement, err := acp.NewSettlement(acp.Settlement{
		Book: w.store, Merchants: w.store, Payments: acp.Providers{w.payments}, Orders: w.shop, Now: w.now,
	})
	w.must(err)
	w.must(settlement.Settle(t.Context(), w.merchant.ID, id))
	if got, want := w.moved(id), []string{"authorize 5.00", "void 5.00"}; !slices.Equal(got, want) || len(w.matters()) != 0 {
		t.Errorf("ledger %q, want %q; staff are told of %+v", got, want, w.matters())
	}
}
