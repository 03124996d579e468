package acp

import (
	"context"
	"errors"
	"time"
)

// CartBook keeps saved carts. Every method takes or carries the merchant; a
// cart of another merchant does not exist. Canceled and expired carts are rows
// like others until they are purged.
type CartBook interface {
	// CreateCart inserts c. It fails with KindStale when the ID exists.
	CreateCart(ctx context.Context, c SavedCart) error
	// Cart reads one, KindNotFound when this merchant's connection has none
	// such.
	Cart(ctx context.Context, m MerchantID, c ConnectionID, id CartID) (SavedCart, error)
	// SaveCart writes c if its Revision is still the stored one and raises
	// Revision. KindStale when somebody else saved first.
	SaveCart(ctx context.Context, c *SavedCart) error
}

// Carts is the use case of agents that fill a basket: create, read, replace
// and cancel. Its methods fail with the kinds of errors.go; what is wrong with
// single items is in the cart's messages. Every field is required.
type Carts struct {
	Book  CartBook
	Items Items
	Shop  Quoter
	// Link is the address at which a buyer finds the cart's sellable lines in
	// the storefront, "" when there is none.
	Link func(Merchant, SavedCart) string
	TTL  time.Duration // how long an untouched cart is kept
	Now  func() time.Time
}

// NewCarts checks that nothing is missing.
func NewCarts(c Carts) (*Carts, error) {
	if c.Book == nil || c.Items == nil || c.Shop == nil || c.Link == nil || c.Now == nil {
		return nil, errors.New("carts: Book, Items, Shop, Link and Now are required")
	}
	if c.TTL <= 0 {
		return nil, errors.New("carts: TTL must be positive")
	}
	return &c, nil
}

// Get reads a cart as it was last estimated. It asks nobody and changes
// nothing. KindNotFound when it is gone.
func (c *Carts) Get(ctx context.Context, who Caller, id CartID) (SavedCart, error) {
	cart, err := c.Book.Cart(ctx, who.Merchant.ID, who.Connection.ID, id)
	if err != nil {
		return SavedCart{}, err
	}
	if !cart.exists(c.Now()) {
		return SavedCart{}, NotFound("cart")
	}
	return cart, nil
}

// save stores a changed cart, which lives on for another TTL (cart RFC, 4.4).
func (c *Carts) save(ctx context.Context, cart *SavedCart) error {
	cart.UpdatedAt = c.Now()
	cart.ExpiresAt = cart.UpdatedAt.Add(c.TTL)
	return c.Book.SaveCart(ctx, cart)
}
