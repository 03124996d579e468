package acp_test

import (
	"slices"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Staff send the invoice of a draft that they have under review, and the buyer
// pays it. Whatever task comes first then, a restart's included, takes nothing.
func TestAnOrderThatIsPaidInShopifyWhenItIsPlacedIsNotCharged(t *testing.T) {
	for name, pending := range map[string]bool{"paid": false, "about to be paid": true} {
		t.Run(name, func(t *testing.T) { notCharged(t, pending) })
	}
}

func notCharged(t *testing.T, pending bool) {
	w := openWorld(t)
	w.shop.sales = []acp.OrderSale{{ID: "card", Method: "shopify_payments", Amount: usd(500), Pending: pending}}
	id := w.complete(w.create(delegated))
	settlement, err := acp.NewSettlement(acp.Settlement{
		Book: w.store, Merchants: w.store, Payments: acp.Providers{w.payments}, Orders: w.shop, Now: w.now,
	})
	w.must(err)
	w.must(settlement.Settle(t.Context(), w.merchant.ID, id))
	if got, want := w.moved(id), []string{"authorize 5.00", "void 5.00"}; !slices.Equal(got, want) {
		t.Errorf("ledger %q, want %q", got, want)
	}
	// Staff need not know of an order that is paid, and of one that may not be.
	list := w.matters()
	if told := len(list) == 1 && list[0].Kind == acp.MatterUnpaidOrder && list[0].OrderName == "#1001"; told != pending || !told && len(list) > 0 {
		t.Errorf("staff are told of %+v", list)
	}
}
