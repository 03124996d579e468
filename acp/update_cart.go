package acp

import "context"

// Replace gives a cart new contents and estimates them: the request is the
// whole of it, so a buyer that it leaves out is taken off (cart RFC, 4.4).
// KindNotFound when the cart is gone; errors as of Create, after which the
// cart is as it was.
func (c *Carts) Replace(ctx context.Context, who Caller, id CartID, r CartRequest) (SavedCart, error) {
	for attempt := 1; ; attempt++ {
		cart, err := c.replace(ctx, who, id, r)
		if KindOf(err) != KindStale || attempt == staleRetries {
			return cart, err
		}
	}
}

func (c *Carts) replace(ctx context.Context, who Caller, id CartID, r CartRequest) (SavedCart, error) {
	cart, err := c.Get(ctx, who, id)
	if err != nil {
		return SavedCart{}, err
	}
	cart.Buyer = r.Buyer
	if err := c.fill(ctx, who.Merchant, &cart, r.Items); err != nil {
		return SavedCart{}, err
	}
	if err := c.save(ctx, &cart); err != nil {
		return SavedCart{}, err
	}
	return cart, nil
}
