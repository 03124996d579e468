package wire_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
)

func TestOlderVersionsNameTheCulpritInTheirOwnNames(t *testing.T) {
	choice := `{"selected_fulfillment_options":[{"type":"shipping",%s}]}`
	for name, c := range map[string]struct {
		version                      wire.Version
		operation, body, code, param string
	}{
		"newer items":           {wire.V20260116, "create", `{"line_items":[{"id":"41"}]}`, acp.CodeMissing, "$.items"},
		"both items":            {wire.V20250929, "create", `{"items":[{"id":"41","quantity":1}],"line_items":[]}`, wire.CodeUnknownField, "$.line_items"},
		"no quantity":           {wire.V20251212, "create", `{"items":[{"id":"41"}]}`, acp.CodeMissing, "$.items[0].quantity"},
		"half a piece":          {wire.V20250929, "create", `{"items":[{"id":"41","quantity":1},{"id":"42","quantity":2.5}]}`, acp.CodeInvalid, "$.items[1].quantity"},
		"half a piece later":    {wire.V20260116, "update", `{"items":[{"id":"41","quantity":0.5}]}`, acp.CodeInvalid, "$.items[0].quantity"},
		"a currency":            {wire.V20260116, "create", `{"items":[{"id":"41","quantity":1}],"currency":"usd"}`, wire.CodeUnknownField, "$.currency"},
		"an address too early":  {wire.V20250929, "update", `{"fulfillment_details":{}}`, wire.CodeUnknownField, "$.fulfillment_details"},
		"an address too late":   {wire.V20251212, "update", `{"fulfillment_address":{}}`, wire.CodeUnknownField, "$.fulfillment_address"},
		"half an address":       {wire.V20250929, "update", `{"fulfillment_address":{` + austin + `}}`, acp.CodeMissing, "$.fulfillment_address.country"},
		"a company":             {wire.V20260130, "update", `{"fulfillment_details":{"address":{` + austin + `,"country":"US","company":"x"}}}`, wire.CodeUnknownField, "$.fulfillment_details.address.company"},
		"notes":                 {wire.V20260130, "update", `{"order_notes":"x"}`, wire.CodeUnknownField, "$.order_notes"},
		"consents":              {wire.V20260130, "complete", `{"payment_data":{"token":"t","provider":"stripe"},"marketing_consents":[]}`, wire.CodeUnknownField, "$.marketing_consents"},
		"a nameless buyer":      {wire.V20260116, "update", `{"buyer":{"email":"ada@example.com","first_name":"Ada"}}`, acp.CodeMissing, "$.buyer.last_name"},
		"a full name":           {wire.V20251212, "update", `{"buyer":{"email":"ada@example.com","full_name":"Ada"}}`, acp.CodeMissing, "$.buyer.first_name"},
		"a blank option":        {wire.V20250929, "update", `{"fulfillment_option_id":" "}`, acp.CodeMissing, "$.fulfillment_option_id"},
		"a flat choice":         {wire.V20260116, "update", fmt.Sprintf(choice, `"option_id":"x","item_ids":[]`), wire.CodeUnknownField, "$.selected_fulfillment_options[0].option_id"},
		"a choice of the other": {wire.V20251212, "update", fmt.Sprintf(choice, `"digital":{"option_id":"x","item_ids":[]}`), acp.CodeMissing, "$.selected_fulfillment_options[0].shipping"},
		"a deep choice":         {wire.V20260130, "update", fmt.Sprintf(choice, `"shipping":{"option_id":"x","item_ids":[]}`), acp.CodeMissing, "$.selected_fulfillment_options[0].option_id"},
		"pickup too early":      {wire.V20260116, "update", `{"selected_fulfillment_options":[{"type":"pickup"}]}`, acp.CodeInvalid, "$.selected_fulfillment_options[0].type"},
		"another provider":      {wire.V20260116, "complete", `{"payment_data":{"token":"t","provider":"adyen"}}`, acp.CodeInvalid, "$.payment_data.provider"},
		"a handler too early":   {wire.V20260116, "complete", `{"payment_data":{"handler_id":"h"}}`, acp.CodeMissing, "$.payment_data.token"},
		"3DS too early":         {wire.V20250929, "complete", `{"payment_data":{"token":"t","provider":"stripe"},"authentication_result":{}}`, wire.CodeUnknownField, "$.authentication_result"},
		"3DS in other words":    {wire.V20260116, "complete", `{"payment_data":{"token":"t","provider":"stripe"},"authentication_result":{"outcome":"denied"}}`, acp.CodeInvalid, "$.authentication_result.outcome"},
		"a reasonless trace":    {wire.V20251212, "cancel", `{"intent_trace":{}}`, acp.CodeMissing, "$.intent_trace.reason_code"},
		"nested too deep":       {wire.V20250929, "create", `{"items":` + strings.Repeat("[", 33) + strings.Repeat("]", 33) + `}`, wire.CodeMalformedJSON, "$.items" + strings.Repeat("[0]", 31)},
		"trailing data":         {wire.V20250929, "update", `{}{}`, wire.CodeMalformedJSON, "$"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decode(c.version, c.operation, []byte(c.body))
			refused(t, err, c.code, c.param)
		})
	}
}

func TestAFractionIsRefusedWithItsReason(t *testing.T) {
	_, err := wire.DecodeCreate(wire.V20250929, []byte(`{"items":[{"id":"41","quantity":2.5}]}`))
	if err == nil || !strings.Contains(err.Error(), "by the piece") {
		t.Errorf("got %v", err)
	}
	for _, whole := range []string{"2", "2.0", "20e-1", "-0.0"} {
		if _, err := wire.DecodeCreate(wire.V20250929, []byte(`{"items":[{"id":"41","quantity":`+whole+`}]}`)); err != nil {
			t.Errorf("%s: %v", whole, err)
		}
	}
}

// Who pays in the older form is told about the members that it has.
func TestAPaymentInTheOlderFormIsRefusedInItsNames(t *testing.T) {
	const older = `{"payment_data":{"token":"t","provider":"nobody"}}`
	for _, c := range []struct {
		version           wire.Version
		body, param, want string
	}{
		{wire.V20260417, older, "$.payment_data.handler_id", "$.payment_data.provider"},
		{wire.V20260130, older, "$.payment_data.instrument.credential.token", "$.payment_data.token"},
		{wire.V20260417, older, "$.buyer.email", "$.buyer.email"},
		{wire.V20260417, older, "$.capabilities", "$.capabilities"},
		{wire.V20251212, older, "$.payment_data.handler_id", "$.payment_data.provider"},
		{wire.V20260417, `{"payment_data":{"handler_id":"nobody"}}`, "$.payment_data.handler_id", "$.payment_data.handler_id"},
		{wire.V20260417, `{`, "$.payment_data.handler_id", "$.payment_data.handler_id"},
	} {
		err := wire.InNamesOfPayment(c.version, []byte(c.body), acp.Invalid(acp.CodeInvalid, c.param, "wrong"))
		if e, ok := errors.AsType[*acp.Error](err); !ok || e.Param != c.want {
			t.Errorf("%s in %s of %s: %#v", c.param, c.version, c.body, err)
		}
	}
	if wire.InNamesOfPayment(wire.V20260417, []byte(older), nil) != nil {
		t.Error("an error out of nothing")
	}
}

// The domain speaks the newest names.
func TestDomainErrorsReachTheAgentInItsNames(t *testing.T) {
	for param, want := range map[string]map[wire.Version]string{
		"$.line_items[1].quantity": {
			wire.V20250929: "$.items[1].quantity", wire.V20250912: "$.items[1].quantity", wire.V20260116: "$.items[1].quantity",
			wire.V20260130: "$.line_items[1].quantity", wire.V20260417: "$.line_items[1].quantity",
		},
		"$.line_items": {wire.V20251212: "$.items"},
		"$.currency":   {wire.V20250929: "", wire.V20260116: "", wire.V20260130: "$.currency"},
		"$.payment_data.instrument.credential.token": {wire.V20250929: "$.payment_data.token", wire.V20260130: "$.payment_data.instrument.credential.token"},
		"$.payment_data.handler_id":                  {wire.V20251212: "$.payment_data.provider"},
		"$.payment_data":                             {wire.V20250929: "$.payment_data"},
		"$.buyer.email":                              {wire.V20250929: "$.buyer.email", wire.V20260417: "$.buyer.email"},
		"$.selected_fulfillment_options[0].option_id": {
			wire.V20250929: "$.fulfillment_option_id", wire.V20251212: "$.selected_fulfillment_options[0]",
			wire.V20260130: "$.selected_fulfillment_options[0].option_id",
		},
		"$.fulfillment_details.address.country": {
			wire.V20250929: "$.fulfillment_address.country", wire.V20251212: "$.fulfillment_details.address.country",
		},
		"$.fulfillment_details.email": {wire.V20250929: "$.fulfillment_address"},
	} {
		for version, renamed := range want {
			err := wire.InNamesOf(version, fmt.Errorf("create: %w", acp.Invalid(acp.CodeInvalid, param, "wrong")))
			if e, ok := errors.AsType[*acp.Error](err); !ok || e.Param != renamed || e.Code != acp.CodeInvalid || e.Message != "wrong" {
				t.Errorf("%s in %s: %#v", param, version, err)
			}
		}
	}
	if wire.InNamesOf(wire.V20250929, nil) != nil {
		t.Error("an error out of nothing")
	}
}
