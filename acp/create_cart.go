package acp

import "context"

// CartRequest is what a cart is to hold.
type CartRequest struct {
	Items  []ItemRequest
	Buyer  *Buyer
	Locale string // of new carts; a replacement keeps the cart's
}

// Create makes a cart and estimates it with one call to the shop. KindInvalid
// names a bad quantity; KindSoldOut says that nothing in it can be sold. Items
// that are not sold, or not in that quantity, are told in messages. Calling it
// again with the same claim returns the cart that it made the first time.
func (c *Carts) Create(ctx context.Context, who Caller, r CartRequest) (SavedCart, error) {
	id := CartID("cart_" + string(who.Claim))
	if !who.FirstTry {
		if made, err := c.Book.Cart(ctx, who.Merchant.ID, who.Connection.ID, id); KindOf(err) != KindNotFound {
			return made, err
		}
	}
	now := c.Now()
	cart := SavedCart{
		ID: id, Merchant: who.Merchant.ID, Connection: who.Connection.ID, Agent: who.Connection.Name, CreatedBy: who.Claim,
		Currency: who.Merchant.Currency, Buyer: r.Buyer, Locale: r.Locale,
		CreatedAt: now, UpdatedAt: now, ExpiresAt: now.Add(c.TTL),
	}
	if err := c.fill(ctx, who.Merchant, &cart, r.Items); err != nil {
		return SavedCart{}, err
	}
	if err := c.Book.CreateCart(ctx, cart); err != nil {
		return SavedCart{}, err
	}
	return cart, nil
}
