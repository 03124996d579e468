package wire_test

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
)

func onlyDomainErrors(t *testing.T, err error) {
	t.Helper()
	e, ok := errors.AsType[*acp.Error](err)
	if !ok || e.Kind != acp.KindInvalid || e.Code == "" || e.Param == "" || e.Message == "" {
		t.Fatalf("not an error that an agent can use: %#v", err)
	}
}

// mustEncode shows a session made of what was decoded, in every version: an
// agent may read in one date what was opened in another.
func mustEncode(t *testing.T, s acp.Session) {
	t.Helper()
	for _, version := range wire.Supported() {
		body, err := wire.EncodeSession(version, wire.View{Session: s, Merchant: demoMerchant()})
		if err != nil {
			t.Fatal(err)
		}
		validSession(t, version, body)
	}
}

// seed adds the golden requests of an operation, of all versions.
func seed(f *testing.F, operation string) {
	f.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "*", operation+".*.request.json"))
	if err != nil || len(files) < len(wire.Supported()) {
		f.Fatalf("%d requests: %v", len(files), err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
}

// Every body is read in every version: what one of them refuses for its names
// another may take.
func FuzzDecodeCreate(f *testing.F) {
	seed(f, "create")
	f.Add([]byte(createWith("metadata", `{"a":[1e5,{"b":null}]}`)))
	f.Add([]byte(createWith("fulfillment_details", `{"email":"a@b.c","address":{`+austin+`,"country":"us"}}`)))
	f.Add([]byte(createWith("discounts", `{"codes":["A","a"]}`)))
	f.Add([]byte(`{"items":[{"id":"41","quantity":2.5}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, version := range wire.Supported() {
			r, err := wire.DecodeCreate(version, body)
			if err != nil {
				onlyDomainErrors(t, err)
				continue
			}
			if len(r.Items) == 0 {
				t.Fatalf("%s lost the items", version)
			}
			mustEncode(t, acp.Session{
				ID: "cs_1", Status: acp.NotReady, Currency: cmp.Or(r.Currency, "usd"), Buyer: r.Buyer, Fulfillment: r.Fulfillment,
				DiscountCodes: r.DiscountCodes, Locale: r.Locale, Metadata: r.Metadata,
			})
		}
	})
}

func FuzzDecodeUpdate(f *testing.F) {
	seed(f, "update")
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, version := range wire.Supported() {
			r, err := wire.DecodeUpdate(version, body)
			if err != nil {
				onlyDomainErrors(t, err)
				continue
			}
			s := acp.Session{ID: "cs_1", Status: acp.NotReady, Currency: "usd", Buyer: r.Buyer, Fulfillment: r.Fulfillment}
			if r.DiscountCodes != nil {
				s.DiscountCodes = *r.DiscountCodes
			}
			for _, chosen := range r.Selected {
				if chosen.OptionID == "" {
					t.Fatalf("%s lost the choice", version)
				}
			}
			mustEncode(t, s)
		}
	})
}

func FuzzDecodeComplete(f *testing.F) {
	seed(f, "complete")
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, version := range wire.Supported() {
			r, err := wire.DecodeComplete(version, body)
			if err != nil {
				onlyDomainErrors(t, err)
				continue
			}
			mustEncode(t, acp.Session{ID: "cs_1", Status: acp.Ready, Currency: "usd", Buyer: r.Buyer})
		}
	})
}

func FuzzDecodeCancel(f *testing.F) {
	seed(f, "cancel")
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, version := range wire.Supported() {
			if _, err := wire.DecodeCancel(version, body); err != nil {
				onlyDomainErrors(t, err)
			}
		}
	})
}

// Whatever decodes has a fingerprint, or is refused for a number or a text
// that has no canonical form.
func FuzzFingerprint(f *testing.F) {
	f.Add([]byte(`{"a":[1,2.5,"x",null,true]}`))
	f.Add([]byte(`{"a":1e-400}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		first, err := wire.Fingerprint("POST", "/", body)
		if err != nil {
			onlyDomainErrors(t, err)
			return
		}
		if second, err := wire.Fingerprint("POST", "/", append(body, '\n')); err != nil || second != first {
			t.Fatalf("a line break changes the fingerprint: %v", err)
		}
	})
}

// Whatever header and locale are sent, the answer is in a language of ours.
func FuzzLanguageFor(f *testing.F) {
	f.Add("fr-CH, fr;q=0.9, en;q=0.8, *;q=0.5", "ja-JP")
	f.Add("de-u-co-phonebk;q=1.0000000000000000001", "x-klingon")
	f.Fuzz(func(t *testing.T, header, locale string) {
		if got := wire.LanguageFor(header, locale); !slices.Contains(wire.Locales(), string(got)) {
			t.Fatalf("%q for %q and %q", got, header, locale)
		}
	})
}
