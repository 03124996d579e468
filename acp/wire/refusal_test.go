package wire_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
)

// createWith is a valid create body in which one member is replaced or added.
func createWith(name, value string) string {
	members := map[string]string{"line_items": `[{"id":"41"}]`, "currency": `"usd"`, "capabilities": `{}`}
	if name != "" {
		members[name] = value
	}
	var list []string
	for n, v := range members {
		if v != "-" {
			list = append(list, `"`+n+`":`+v)
		}
	}
	return "{" + strings.Join(list, ",") + "}"
}

func deep(levels int) string {
	return createWith("metadata", `{"a":`+strings.Repeat("[", levels)+strings.Repeat("]", levels)+`}`)
}

const austin = `"name":"A","line_one":"1","city":"Austin","state":"TX","postal_code":"78701"`

func TestCreateNamesTheCulprit(t *testing.T) {
	for name, c := range map[string]struct{ body, code, param string }{
		"no body":                {"", wire.CodeMalformedJSON, "$"},
		"blank body":             {" \n", wire.CodeMalformedJSON, "$"},
		"not JSON":               {`{"line_items":`, wire.CodeMalformedJSON, "$"},
		"a trailing comma":       {`{"line_items":[{"id":"41"},]}`, wire.CodeMalformedJSON, "$"},
		"trailing data":          {createWith("", "") + "{}", wire.CodeMalformedJSON, "$"},
		"invalid UTF-8":          {createWith("locale", "\"\xff\""), wire.CodeMalformedJSON, "$"},
		"not an object":          {`[]`, acp.CodeInvalid, "$"},
		"null":                   {`null`, acp.CodeInvalid, "$"},
		"a member twice":         {createWith("locale", `"a","locale":"b"`), wire.CodeMalformedJSON, "$.locale"},
		"twice, escaped":         {createWith("locale", `"a","\u006cocale":"b"`), wire.CodeMalformedJSON, "$.locale"},
		"twice, deep down":       {createWith("metadata", `{"a":[{"b":1,"b":1}]}`), wire.CodeMalformedJSON, "$.metadata.a[0].b"},
		"the character zero":     {createWith("order_notes", `"a\u0000"`), wire.CodeMalformedJSON, "$.order_notes"},
		"half a character":       {createWith("order_notes", `"\ud83d!"`), wire.CodeMalformedJSON, "$.order_notes"},
		"its other half":         {createWith("metadata", `{"a":["\\\ude00"]}`), wire.CodeMalformedJSON, "$.metadata.a[0]"},
		"half a name":            {createWith("metadata", `{"\ud83d":1}`), wire.CodeMalformedJSON, "$.metadata"},
		"far too deep":           {deep(20_000), wire.CodeMalformedJSON, "$.metadata.a" + strings.Repeat("[0]", 30)},
		"an unknown field":       {createWith("foo", "1"), wire.CodeUnknownField, "$.foo"},
		"an unknown odd field":   {createWith(`it's`, "1"), wire.CodeUnknownField, `$['it\'s']`},
		"an unknown empty field": {createWith("", "") /* replaced below */, wire.CodeUnknownField, "$['']"},
		"an unknown long field":  {createWith(strings.Repeat("x", 65), "1"), wire.CodeUnknownField, "$"},
		"unknown, deep down":     {createWith("line_items", `[{"id":"41"},{"id":"42","price":1}]`), wire.CodeUnknownField, "$.line_items[1].price"},
		"no items":               {createWith("line_items", "-"), acp.CodeMissing, "$.line_items"},
		"an empty list of items": {createWith("line_items", "[]"), acp.CodeMissing, "$.line_items"},
		"items of null":          {createWith("line_items", "null"), acp.CodeInvalid, "$.line_items"},
		"no currency":            {createWith("currency", "-"), acp.CodeMissing, "$.currency"},
		"an unknown currency":    {createWith("currency", `"us"`), acp.CodeInvalid, "$.currency"},
		"no capabilities":        {createWith("capabilities", "-"), acp.CodeMissing, "$.capabilities"},
		"an item without id":     {createWith("line_items", `[{}]`), acp.CodeMissing, "$.line_items[0].id"},
		"an item of blanks":      {createWith("line_items", `[{"id":" "}]`), acp.CodeMissing, "$.line_items[0].id"},
		"a numeric id":           {createWith("line_items", `[{"id":41}]`), acp.CodeInvalid, "$.line_items[0].id"},
		"a long id":              {createWith("line_items", `[{"id":"`+strings.Repeat("ä", 256)+`"}]`), acp.CodeInvalid, "$.line_items[0].id"},
		"half an item":           {createWith("line_items", `[{"id":"41","quantity":1.5}]`), acp.CodeInvalid, "$.line_items[0].quantity"},
		"a quantity in words":    {createWith("line_items", `[{"id":"41","quantity":"1"}]`), acp.CodeInvalid, "$.line_items[0].quantity"},
		"a huge quantity":        {createWith("line_items", `[{"id":"41","quantity":9223372036854775808}]`), acp.CodeInvalid, "$.line_items[0].quantity"},
		"an absurd quantity":     {createWith("line_items", `[{"id":"41","quantity":1e999999999999}]`), acp.CodeInvalid, "$.line_items[0].quantity"},
		"a buyer without e-mail": {createWith("buyer", `{}`), acp.CodeMissing, "$.buyer.email"},
		"no e-mail address":      {createWith("buyer", `{"email":"ada"}`), acp.CodeInvalid, "$.buyer.email"},
		"a dressed-up address":   {createWith("buyer", `{"email":"Ada <ada@example.com>"}`), acp.CodeInvalid, "$.buyer.email"},
		"a spelled-out country":  {createWith("fulfillment_details", `{"address":{`+austin+`,"country":"USA"}}`), acp.CodeInvalid, "$.fulfillment_details.address.country"},
		"no country":             {createWith("fulfillment_details", `{"address":{`+austin+`}}`), acp.CodeMissing, "$.fulfillment_details.address.country"},
		"long notes":             {createWith("order_notes", `"`+strings.Repeat("x", 5001)+`"`), acp.CodeInvalid, "$.order_notes"},
		"too many codes":         {createWith("discounts", `{"codes":["a"`+strings.Repeat(`,"a"`, 25)+`]}`), acp.CodeInvalid, "$.discounts.codes"},
		"a blank coupon":         {createWith("coupons", `[""]`), acp.CodeMissing, "$.coupons[0]"},
		"metadata in a list":     {createWith("metadata", `[]`), acp.CodeInvalid, "$.metadata"},
		"a numeric intervention": {createWith("capabilities", `{"interventions":{"supported":["3ds",3]}}`), acp.CodeInvalid, "$.capabilities.interventions.supported[1]"},
		"negative redirects":     {createWith("capabilities", `{"interventions":{"max_redirects":-1}}`), acp.CodeInvalid, "$.capabilities.interventions.max_redirects"},
		"an untraceable partner": {createWith("affiliate_attribution", `{"provider":"p"}`), acp.CodeMissing, "$.affiliate_attribution.token"},
		"a partner's relative URL": {
			createWith("affiliate_attribution", `{"provider":"p","token":"t","source":{"type":"url","url":"/x"}}`),
			acp.CodeInvalid, "$.affiliate_attribution.source.url",
		},
		"a partner's odd time": {
			createWith("affiliate_attribution", `{"provider":"p","token":"t","issued_at":"today"}`),
			acp.CodeInvalid, "$.affiliate_attribution.issued_at",
		},
		"nested too deep": {deep(31), wire.CodeMalformedJSON, "$.metadata.a" + strings.Repeat("[0]", 30)},
	} {
		t.Run(name, func(t *testing.T) {
			body := c.body
			if name == "an unknown empty field" {
				body = strings.Replace(body, "{", `{"":1,`, 1)
			}
			_, err := wire.DecodeCreate(v, []byte(body))
			refused(t, err, c.code, c.param)
		})
	}
}

func refused(t *testing.T, err error, code, param string) {
	t.Helper()
	e, ok := errors.AsType[*acp.Error](err)
	if !ok || e.Kind != acp.KindInvalid || e.Code != code || e.Param != param || e.Message == "" {
		t.Errorf("want %s at %s, got %#v", code, param, err)
	}
}

func TestTakesWhatLiesWithinTheLimits(t *testing.T) {
	for name, body := range map[string]string{
		"deep":        deep(30),
		"long id":     createWith("line_items", `[{"id":"`+strings.Repeat("ä", 255)+`"}]`),
		"long notes":  createWith("order_notes", `"`+strings.Repeat("ß", 5000)+`"`),
		"whole float": createWith("line_items", `[{"id":"41","quantity":10e-1}]`),
		"a pair":      createWith("order_notes", `"\ud83d\ude00 \\ud83d \ufffd"`),
		"upper case":  createWith("currency", `"EUR"`),
		"declaration": createWith("capabilities", `{"extensions":[{"name":"discount","extends":["$.A.b"]}]}`),
	} {
		if _, err := wire.DecodeCreate(v, []byte(body)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What an agent can do beyond what is known here is no reason to refuse it, nor
// is it kept.
func TestUnknownCapabilitiesAreIgnored(t *testing.T) {
	for _, version := range []wire.Version{wire.V20260130, wire.V20260417} {
		for name, capabilities := range map[string]string{
			"a word":             `{"interventions":{"supported":["dance","3ds"],"required":["dance"]}}`,
			"ways to show it":    `{"interventions":{"supported":["3ds"],"display_context":"hologram","redirect_context":"post","enforcement":"never"}}`,
			"a member":           `{"interventions":{"supported":["3ds"],"max_dances":2}}`,
			"a capability":       `{"interventions":{"supported":["3ds"]},"identity":{"passkeys":true}}`,
			"an extension":       `{"interventions":{"supported":["3ds"]},"extensions":["dancing",{"name":"singing","since":2027}]}`,
			"a member of paying": `{"interventions":{"supported":["3ds"]},"payment":{"handlers":[],"wallets":["x"]}}`,
		} {
			r, err := wire.DecodeCreate(version, []byte(createWith("capabilities", capabilities)))
			if err != nil || !slices.Equal(r.Interventions, []string{"3ds"}) {
				t.Errorf("%s, %s: %v %v", version, name, r.Interventions, err)
			}
		}
	}
}

func TestTellsEmailAddressesFromOtherTexts(t *testing.T) {
	for address, good := range map[string]bool{
		"ada@example.com": true, "a.b+c@x-y.example.co.uk": true, "o'hara@1and1.com": true,
		"": false, "ada": false, "ada@": false, "@example.com": false, "ada@localhost": false, "ada@example..com": false,
		"ada@-x.com": false, "ada@ex_ample.com": false, "ada@[192.0.2.1]": false, "a b@example.com": false,
		`\"a b\"@example.com`: false, " ada@example.com": false, "ada@example.com, eve@example.com": false,
		"ädä@example.com": false, "ada@\u212aelvin.com": false, strings.Repeat("a", 65) + "@example.com": false,
	} {
		_, err := wire.DecodeUpdate(v, []byte(`{"buyer":{"email":"`+address+`"}}`))
		if (err == nil) != good {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestUpdateCompleteAndCancelNameTheCulprit(t *testing.T) {
	instrument := `"instrument":{"type":"card","credential":{"type":"spt","token":"t"}}`
	for name, c := range map[string]struct{ operation, body, code, param string }{
		"currency cannot change": {"update", `{"currency":"usd"}`, wire.CodeUnknownField, "$.currency"},
		"an unknown kind":        {"update", `{"selected_fulfillment_options":[{"type":"drone","option_id":"x","item_ids":[]}]}`, acp.CodeInvalid, "$.selected_fulfillment_options[0].type"},
		"a choice of nothing":    {"update", `{"selected_fulfillment_options":[{"type":"shipping","item_ids":[]}]}`, acp.CodeMissing, "$.selected_fulfillment_options[0].option_id"},
		"no payment":             {"complete", `{}`, acp.CodeMissing, "$.payment_data"},
		"an empty payment":       {"complete", `{"payment_data":{}}`, acp.CodeMissing, "$.payment_data.handler_id"},
		"no handler":             {"complete", `{"payment_data":{` + instrument + `}}`, acp.CodeMissing, "$.payment_data.handler_id"},
		"no instrument":          {"complete", `{"payment_data":{"handler_id":"h"}}`, acp.CodeMissing, "$.payment_data.instrument"},
		"no token":               {"complete", `{"payment_data":{"handler_id":"h","instrument":{"type":"card","credential":{"type":"spt"}}}}`, acp.CodeMissing, "$.payment_data.instrument.credential.token"},
		"both forms at once":     {"complete", `{"payment_data":{"handler_id":"h","token":"t",` + instrument + `}}`, wire.CodeUnknownField, "$.payment_data.token"},
		"the older form, halved": {"complete", `{"payment_data":{"token":"t"}}`, acp.CodeMissing, "$.payment_data.provider"},
		"3DS without its proof":  {"complete", `{"payment_data":{"handler_id":"h",` + instrument + `},"authentication_result":{"outcome":"authenticated"}}`, acp.CodeMissing, "$.authentication_result.outcome_details"},
		"a consent in words":     {"complete", `{"payment_data":{"handler_id":"h",` + instrument + `},"marketing_consents":[{"channel":"email","opted_in":"yes"}]}`, acp.CodeInvalid, "$.marketing_consents[0].opted_in"},
		"a reasonless trace":     {"cancel", `{"intent_trace":{}}`, acp.CodeMissing, "$.intent_trace.reason_code"},
		"a long trace":           {"cancel", `{"intent_trace":{"reason_code":"other","trace_summary":"` + strings.Repeat("x", 501) + `"}}`, acp.CodeInvalid, "$.intent_trace.trace_summary"},
		"a nested trace":         {"cancel", `{"intent_trace":{"reason_code":"other","metadata":{"a":{}}}}`, acp.CodeInvalid, "$.intent_trace.metadata.a"},
		"cancel with half JSON":  {"cancel", `{`, wire.CodeMalformedJSON, "$"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decode(v, c.operation, []byte(c.body))
			refused(t, err, c.code, c.param)
		})
	}
	if _, err := wire.DecodeCancel(v, nil); err != nil {
		t.Errorf("cancel without a body: %v", err)
	}
}

func TestAnErrorShowsNoToken(t *testing.T) {
	body := `{"payment_data":{"handler_id":"h","instrument":{"type":"card","credential":{"type":"spt","token":"spt_secret"}},"due_date":"spt_secret"}}`
	_, err := wire.DecodeComplete(v, []byte(body))
	if err == nil || strings.Contains(err.Error(), "spt_secret") {
		t.Fatalf("got %v", err)
	}
}
