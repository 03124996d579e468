package handlers

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
)

// cartWork is an operation on a cart before its answer is encoded.
type cartWork func(ctx context.Context, c *gin.Context, who acp.Caller, body []byte) (acp.SavedCart, error)

// cart makes an operation of it; success is the status of a cart.
func (a *app) cart(success int, do cartWork) operation {
	return func(ctx context.Context, c *gin.Context, who acp.Caller, body []byte) answer {
		cart, err := do(ctx, c, who, body)
		return a.cartAnswer(c, who, success, cart, err)
	}
}

func (a *app) createCart(ctx context.Context, c *gin.Context, who acp.Caller, body []byte) (acp.SavedCart, error) {
	r, err := wire.DecodeCartCreate(versionOf(c), body)
	if err != nil {
		return acp.SavedCart{}, err
	}
	return a.Carts.Create(ctx, who, r)
}

func (a *app) replaceCart(ctx context.Context, c *gin.Context, who acp.Caller, body []byte) (acp.SavedCart, error) {
	r, err := wire.DecodeCartReplace(versionOf(c), body)
	if err != nil {
		return acp.SavedCart{}, err
	}
	return a.Carts.Replace(ctx, who, cartID(c), r)
}

func (a *app) cancelCart(ctx context.Context, c *gin.Context, who acp.Caller, body []byte) (acp.SavedCart, error) {
	if err := wire.DecodeCartCancel(versionOf(c), body); err != nil {
		return acp.SavedCart{}, err
	}
	return a.Carts.Cancel(ctx, who, cartID(c))
}

func (a *app) getCart(c *gin.Context) {
	who, _ := callerOf(c)
	cart, err := a.Carts.Get(c.Request.Context(), who, cartID(c))
	a.cartAnswer(c, who, http.StatusOK, cart, err).write(c)
}

func cartID(c *gin.Context) acp.CartID { return acp.CartID(c.Param("id")) }

// cartAnswer encodes a cart, or the error that came instead.
func (a *app) cartAnswer(c *gin.Context, who acp.Caller, status int, cart acp.SavedCart, err error) answer {
	var body []byte
	language := wire.LanguageFor(c.GetHeader("Accept-Language"), cart.Locale)
	if err == nil {
		body, err = wire.EncodeCart(versionOf(c), wire.CartView{
			Cart: cart, ContinueURL: a.Carts.Link(who.Merchant, cart), Language: language,
		})
	}
	if err != nil {
		return a.problemOf(c, err).answer(versionOf(c))
	}
	return answer{status: status, body: body, language: string(language)}
}

// requireCarts refuses versions of the protocol that have no carts, and lists
// those that do.
func (a *app) requireCarts(c *gin.Context) {
	if wire.HasCarts(versionOf(c)) {
		return
	}
	a.refuse(c, problem{
		Status: http.StatusBadRequest, Type: invalidRequest, Code: wire.CodeUnsupportedVersion, Versions: wire.CartVersions(),
		Message: "there are no carts in this API-Version; they came with " + wire.CartVersions()[0] + ". Open a checkout session instead.",
	})
}
