package acp

import "context"

// Cancel ends a cart and returns it as it last was (cart RFC, 4.5); from then
// on it is not found, except by this very request when it comes again after a
// crash. KindNotFound when the cart was gone before.
func (c *Carts) Cancel(ctx context.Context, who Caller, id CartID) (SavedCart, error) {
	for attempt := 1; ; attempt++ {
		cart, err := c.cancel(ctx, who, id)
		if KindOf(err) != KindStale || attempt == staleRetries {
			return cart, err
		}
	}
}

func (c *Carts) cancel(ctx context.Context, who Caller, id CartID) (SavedCart, error) {
	cart, err := c.Book.Cart(ctx, who.Merchant.ID, who.Connection.ID, id)
	if err != nil {
		return SavedCart{}, err
	}
	now := c.Now()
	switch {
	case who.Claim != "" && cart.CanceledBy == who.Claim:
		return cart, nil
	case !cart.exists(now):
		return SavedCart{}, NotFound("cart")
	}
	cart.CanceledAt, cart.CanceledBy = now, who.Claim
	if err := c.Book.SaveCart(ctx, &cart); err != nil {
		return SavedCart{}, err
	}
	return cart, nil
}
