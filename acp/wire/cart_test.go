package wire_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/acp/wire/wiretest"
)

const permalink = "https://demo.example.com/cart/41:2?attributes%5Bacp_cart_id%5D=cart_1&ref=parlor"

// savedCart has a line that can be sold and one that cannot.
func savedCart() acp.SavedCart {
	s := readySession()
	for i := range s.Lines {
		s.Lines[i].Tax, s.Lines[i].Discount = 0, 0
	}
	return acp.SavedCart{
		ID: "cart_1", Merchant: "m_1", Connection: "con_1", Agent: "Parlor", Currency: "usd",
		Lines: s.Lines, Buyer: s.Buyer, Totals: acp.Totals{ItemsBase: 4498, Total: 4498}, ExpiresAt: noon,
		Sellable: []acp.CartLine{{VariantID: "gid://shopify/ProductVariant/41", Quantity: 2}},
		Messages: []acp.Message{
			{Type: acp.Problem, Code: acp.CodeOutOfStock, Param: "$.line_items[1]", Content: "E-Book is out of stock.", Resolution: acp.ResolveByBuyerInput},
			{Type: acp.Problem, Code: acp.CodeNotFound, Param: "$.line_items", Content: `"43" is not sold here and was left out of the cart.`},
		},
	}
}

func TestCartsReadAsTheVersionWantsThem(t *testing.T) {
	taxed := savedCart()
	taxed.Buyer, taxed.Messages, taxed.Sellable, taxed.Lines = nil, nil, nil, taxed.Lines[:1]
	taxed.Lines[0].Base, taxed.Lines[0].Tax = 3700, 298
	taxed.Totals = acp.Totals{ItemsBase: 3700, Tax: 298, Total: 3998}
	for name, view := range map[string]wire.CartView{
		"partly_available": {Cart: savedCart(), ContinueURL: permalink},
		"tax_included":     {Cart: taxed},
	} {
		t.Run(name, func(t *testing.T) {
			body, err := wire.EncodeCart(v, view)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, v, "cart."+name+".response.json", body)
			wiretest.Validate(t, string(v), "cart/Cart", body)
		})
	}
}

func TestAnyCartIsValidAndAddsUp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := anySession(r)
		// An estimate has no delivery.
		s.Totals.Fulfillment, s.Totals.Total = 0, s.Totals.Total-s.Totals.Fulfillment
		body, err := wire.EncodeCart(v, wire.CartView{
			Cart: acp.SavedCart{
				ID: "cart_1", Currency: s.Currency, Lines: s.Lines, Totals: s.Totals, Messages: s.Messages, Buyer: s.Buyer, ExpiresAt: s.ExpiresAt,
			},
			ContinueURL: rapid.SampledFrom([]string{"", permalink, "nowhere"}).Draw(r, "continue"),
		})
		if err != nil {
			r.Fatal(err)
		}
		wiretest.Validate(r, string(v), "cart/Cart", body)
		var shown struct {
			Totals []total `json:"totals"`
			Lines  []struct {
				Totals []total `json:"totals"`
			} `json:"line_items"`
		}
		if err := json.Unmarshal(body, &shown); err != nil {
			r.Fatal(err)
		}
		addsUp(r, shown.Totals, s.Totals.Total)
		for i, l := range shown.Lines {
			addsUp(r, l.Totals, s.Lines[i].Total())
		}
	})
}

func TestCartRequestsNameTheCulprit(t *testing.T) {
	for name, c := range map[string]struct{ operation, body, code, param string }{
		"no items":               {"cart_create", `{}`, acp.CodeMissing, "$.line_items"},
		"an empty list":          {"cart_replace", `{"line_items":[]}`, acp.CodeMissing, "$.line_items"},
		"an item without id":     {"cart_create", `{"line_items":[{"quantity":1}]}`, acp.CodeMissing, "$.line_items[0].id"},
		"half an item":           {"cart_create", `{"line_items":[{"id":"41","quantity":1.5}]}`, acp.CodeInvalid, "$.line_items[0].quantity"},
		"a currency":             {"cart_create", `{"line_items":[{"id":"41"}],"currency":"usd"}`, wire.CodeUnknownField, "$.currency"},
		"a discount":             {"cart_create", `{"line_items":[{"id":"41"}],"discounts":{"codes":["A"]}}`, wire.CodeUnknownField, "$.discounts"},
		"a checkout from a cart": {"cart_create", `{"line_items":[{"id":"41"}],"cart_id":"cart_1"}`, wire.CodeUnknownField, "$.cart_id"},
		"a locale of an update":  {"cart_replace", `{"line_items":[{"id":"41"}],"locale":"de"}`, wire.CodeUnknownField, "$.locale"},
		"a buyer without e-mail": {"cart_replace", `{"line_items":[{"id":"41"}],"buyer":{}}`, acp.CodeMissing, "$.buyer.email"},
		"a locale in numbers":    {"cart_create", `{"line_items":[{"id":"41"}],"locale":49}`, acp.CodeInvalid, "$.locale"},
		"a list":                 {"cart_create", `[]`, acp.CodeInvalid, "$"},
		"trailing data":          {"cart_replace", `{"line_items":[{"id":"41"}]}{}`, wire.CodeMalformedJSON, "$"},
		"a canceling text":       {"cart_cancel", `"now"`, acp.CodeInvalid, "$"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decode(v, c.operation, []byte(c.body))
			refused(t, err, c.code, c.param)
		})
	}
	for _, empty := range []string{"", "  ", "{}", `{"reason":"open object"}`} {
		if err := wire.DecodeCartCancel(v, []byte(empty)); err != nil {
			t.Errorf("cancel with %q: %v", empty, err)
		}
	}
}

func TestVersionsWithoutCartsSaySo(t *testing.T) {
	older := wire.Version("2026-01-30")
	_, creating := wire.DecodeCartCreate(older, []byte(`{"line_items":[{"id":"41"}]}`))
	_, replacing := wire.DecodeCartReplace(older, []byte(`{"line_items":[{"id":"41"}]}`))
	_, encoding := wire.EncodeCart(older, wire.CartView{Cart: savedCart()})
	for _, err := range []error{creating, replacing, encoding, wire.DecodeCartCancel(older, nil)} {
		refused(t, err, wire.CodeUnsupportedVersion, "")
	}
	if got := fmt.Sprint(wire.CartVersions()); got != "[2026-04-17]" || wire.HasCarts(older) || !wire.HasCarts(v) {
		t.Errorf("versions with carts: %s", got)
	}
}

func FuzzDecodeCart(f *testing.F) {
	f.Add([]byte(`{"line_items":[{"id":"41","quantity":2}],"buyer":{"email":"ada@example.com"},"locale":"de"}`))
	f.Add([]byte(`{"line_items":[{"id":"` + strings.Repeat("a", 300) + `"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if err := wire.DecodeCartCancel(v, body); err != nil {
			onlyDomainErrors(t, err)
		}
		replaced, err := wire.DecodeCartReplace(v, body)
		if err != nil {
			onlyDomainErrors(t, err)
		}
		created, failure := wire.DecodeCartCreate(v, body)
		if failure != nil {
			onlyDomainErrors(t, failure)
			return
		}
		if created.Locale == "" && err == nil && len(replaced.Items) != len(created.Items) {
			t.Fatalf("read as %v and as %v", created, replaced)
		}
		shown, err := wire.EncodeCart(v, wire.CartView{Cart: acp.SavedCart{ID: "cart_1", Currency: "usd", Buyer: created.Buyer}})
		if err != nil {
			t.Fatal(err)
		}
		wiretest.Validate(t, string(v), "cart/Cart", shown)
	})
}
