package wire

import (
	"bytes"
	"slices"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/phrase"
)

// cartDialect is what a version that has carts makes of their bodies.
type cartDialect struct {
	create, replace, cancel rule

	readCreate  func(*node) acp.CartRequest
	readReplace func(*node) acp.CartRequest
	cart        func(CartView) any
}

func cartDialectOf(v Version) (cartDialect, *acp.Error) {
	if v == V20260417 {
		return cart20260417(), nil
	}
	return cartDialect{}, unsupported()
}

// CartVersions are the versions that have carts, newest first.
func CartVersions() []string {
	return slices.DeleteFunc(SupportedNewestFirst(), func(v string) bool { return !HasCarts(Version(v)) })
}

// HasCarts reports whether the version knows carts.
func HasCarts(v Version) bool {
	_, unknown := cartDialectOf(v)
	return unknown == nil
}

// DecodeCartCreate reads the body of a request to create a cart. Errors are
// those of DecodeCreate, also of the other functions for carts; in versions
// without carts the code is unsupported_api_version.
func DecodeCartCreate(v Version, body []byte) (acp.CartRequest, error) {
	d, unknown := cartDialectOf(v)
	if unknown != nil {
		return acp.CartRequest{}, unknown
	}
	root, err := held(d.create, body)
	if err != nil {
		return acp.CartRequest{}, err
	}
	return d.readCreate(root), nil
}

// DecodeCartReplace reads the body of a request to replace a cart's contents.
func DecodeCartReplace(v Version, body []byte) (acp.CartRequest, error) {
	d, unknown := cartDialectOf(v)
	if unknown != nil {
		return acp.CartRequest{}, unknown
	}
	root, err := held(d.replace, body)
	if err != nil {
		return acp.CartRequest{}, err
	}
	return d.readReplace(root), nil
}

// DecodeCartCancel checks the body of a request to cancel a cart, which may be
// empty. Nothing in it changes what is done.
func DecodeCartCancel(v Version, body []byte) error {
	d, unknown := cartDialectOf(v)
	if unknown != nil {
		return unknown
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	_, err := held(d.cancel, body)
	return err
}

// CartView is a cart as it is shown to an agent.
type CartView struct {
	Cart acp.SavedCart
	// ContinueURL is where a buyer finds the cart in the shop; empty when
	// nothing of it can be bought there.
	ContinueURL string
	Language    phrase.Language // as of View
}

// EncodeCart writes the body that answers every request about a cart (Cart).
func EncodeCart(v Version, w CartView) ([]byte, error) {
	d, unknown := cartDialectOf(v)
	if unknown != nil {
		return nil, unknown
	}
	return encode(d.cart(w))
}
