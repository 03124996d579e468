package acp

import "context"

// Destination is where a buyer who followed our link can go on.
type Destination struct {
	URL    string // the payment page, or the order's; empty: neither
	Locale string // of the session
	Shop   string // its name
	// Where a buyer whose checkout has ended can buy all the same; empty where
	// that is not possible.
	Storefront string
	Cart       string // fills the storefront's cart with the same goods
}

// sameGoods is the address that fills the storefront's cart with what of the
// session it sells at the moment; "" when that is nothing, or not known.
func (c *Checkout) sameGoods(ctx context.Context, m Merchant, s Session) string {
	if c.Storefront == nil {
		return ""
	}
	wanted := make([]ItemRequest, len(s.Lines))
	for i, l := range s.Lines {
		wanted[i] = ItemRequest{ID: l.Item, Quantity: l.Quantity}
	}
	var f filling
	if err := f.lookUp(ctx, c.Items, m.ID, wanted); err != nil {
		c.Log.WarnContext(ctx, "the cart of an ended checkout is not offered", "session", s.ID, "error", err)
		return ""
	}
	return c.Storefront(m, s, f.sellable())
}
