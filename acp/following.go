package acp

// Following says which side of an order follows the other: Shopify, where the
// order is, or the provider, where its money is. Staff choose; it concerns only
// orders whose payment was taken here.
type Following struct {
	// ShopRefunds: what is refunded in Shopify is given back at the provider.
	// Shopify only notes such a refund, because it did not take the money.
	ShopRefunds bool
	// ProviderRefunds: what is refunded at the provider is recorded on the
	// order. That moves no money.
	ProviderRefunds bool
	// ShopCancels: money that was taken, but could not be recorded before the
	// order was canceled in Shopify, is given back.
	ShopCancels bool
	// ProviderCancels: an order whose reservation lapsed or was canceled at
	// the provider is canceled in Shopify.
	ProviderCancels bool
	// Disputes: a disputed order is tagged in Shopify.
	Disputes bool
}

// DefaultFollowing is what holds until staff choose. An order is not canceled
// by itself: the buyer may pay in another way, and a canceled order cannot be
// reopened.
func DefaultFollowing() Following {
	return Following{ShopRefunds: true, ProviderRefunds: true, ShopCancels: true, Disputes: true}
}

// where is what holds for such an order: one on which the payment does not
// stand cannot have its refunds recorded.
func (f Following) where(shop OrderMoney) Following {
	f.ProviderRefunds = f.ProviderRefunds && !shop.InShop
	return f
}
