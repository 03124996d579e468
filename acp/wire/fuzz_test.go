package wire_test

import (
	"errors"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/acp/wire/wiretest"
)

func onlyDomainErrors(t *testing.T, err error) {
	t.Helper()
	e, ok := errors.AsType[*acp.Error](err)
	if !ok || e.Kind != acp.KindInvalid || e.Code == "" || e.Param == "" || e.Message == "" {
		t.Fatalf("not an error that an agent can use: %#v", err)
	}
}

// mustEncode shows a session made of what was decoded.
func mustEncode(t *testing.T, s acp.Session) {
	t.Helper()
	body, err := wire.EncodeSession(v, wire.View{Session: s, Merchant: demoMerchant()})
	if err != nil {
		t.Fatal(err)
	}
	wiretest.Validate(t, string(v), "CheckoutSession", body)
}

func FuzzDecodeCreate(f *testing.F) {
	f.Add([]byte(createWith("buyer", `{"email":"ada@example.com"}`)))
	f.Add([]byte(createWith("metadata", `{"a":[1e5,{"b":null}]}`)))
	f.Add([]byte(createWith("fulfillment_details", `{"email":"a@b.c","address":{`+austin+`,"country":"us"}}`)))
	f.Add([]byte(createWith("discounts", `{"codes":["A","a"]}`)))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := wire.DecodeCreate(v, body)
		if err != nil {
			onlyDomainErrors(t, err)
			return
		}
		mustEncode(t, acp.Session{
			ID: "cs_1", Status: acp.NotReady, Currency: r.Currency, Buyer: r.Buyer, Fulfillment: r.Fulfillment,
			DiscountCodes: r.DiscountCodes, Locale: r.Locale, Metadata: r.Metadata,
		})
	})
}

func FuzzDecodeUpdate(f *testing.F) {
	f.Add([]byte(`{"line_items":[{"id":"41","quantity":2}],"order_notes":""}`))
	f.Add([]byte(`{"selected_fulfillment_options":[{"type":"shipping","option_id":"x","item_ids":["41"]}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := wire.DecodeUpdate(v, body)
		if err != nil {
			onlyDomainErrors(t, err)
			return
		}
		s := acp.Session{ID: "cs_1", Status: acp.NotReady, Currency: "usd", Buyer: r.Buyer, Fulfillment: r.Fulfillment}
		if r.DiscountCodes != nil {
			s.DiscountCodes = *r.DiscountCodes
		}
		mustEncode(t, s)
	})
}

func FuzzDecodeComplete(f *testing.F) {
	f.Add([]byte(`{"payment_data":{"token":"spt_1","provider":"stripe"}}`))
	f.Add([]byte(`{"payment_data":{"handler_id":"h","instrument":{"type":"card","credential":{"type":"spt","token":"t"}}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := wire.DecodeComplete(v, body)
		if err != nil {
			onlyDomainErrors(t, err)
			return
		}
		mustEncode(t, acp.Session{ID: "cs_1", Status: acp.Ready, Currency: "usd", Buyer: r.Buyer})
	})
}

func FuzzDecodeCancel(f *testing.F) {
	f.Add([]byte(`{"intent_trace":{"reason_code":"other","metadata":{"a":1}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if err := wire.DecodeCancel(v, body); err != nil {
			onlyDomainErrors(t, err)
		}
	})
}

// Whatever decodes has a fingerprint, or is refused for a number or a text
// that has no canonical form.
func FuzzFingerprint(f *testing.F) {
	f.Add([]byte(`{"a":[1,2.5,"x",null,true]}`))
	f.Add([]byte(`{"a":1e-400}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		first, err := wire.Fingerprint(v, "POST", "/", body)
		if err != nil {
			onlyDomainErrors(t, err)
			return
		}
		if second, err := wire.Fingerprint(v, "POST", "/", append(body, '\n')); err != nil || second != first {
			t.Fatalf("a line break changes the fingerprint: %v", err)
		}
	})
}
