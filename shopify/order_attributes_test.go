package shopify_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

func TestFurtherAttributesStayWithinLimitsAndTakeNoNameOfOurs(t *testing.T) {
	c, s, _ := run(t, body(200, `{"data":{"draftOrderCreate":{"draftOrder":`+draftJSON(false, "acp-1", created, "")+`,"userErrors":[]}}}`))
	further := []acp.NamedValue{
		{Name: "acp_session_id", Value: "cs_of_somebody_else"},
		{Name: "acp_affiliate_first_provider", Value: "one\n two\x00"},
		{Name: "acp_affiliate_first_campaign", Value: strings.Repeat("é", 300)},
		{Name: "empty", Value: " "},
	}
	for i := range 30 {
		further = append(further, acp.NamedValue{Name: fmt.Sprint("more_", i), Value: "x"})
	}
	_, err := c.CreateDraft(context.Background(), merchant, acp.DraftOrder{
		Cart:    acp.Cart{Currency: "usd", Lines: []acp.CartLine{{VariantID: "gid://shopify/ProductVariant/1", Quantity: 1}}},
		Session: "cs_1", Reference: "acp-1", Attributes: further,
	})
	if err != nil {
		t.Fatal(err)
	}
	var sent struct {
		Variables struct {
			Input struct {
				CustomAttributes []struct{ Key, Value string } `json:"customAttributes"`
			} `json:"input"`
		} `json:"variables"`
	}
	if err := json.Unmarshal([]byte(s.sent()[0].body), &sent); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, a := range sent.Variables.Input.CustomAttributes {
		if _, twice := got[a.Key]; twice {
			t.Errorf("%s is there twice", a.Key)
		}
		got[a.Key] = a.Value
	}
	if len(got) != 2+20 || got["acp_session_id"] != "cs_1" || got["acp_affiliate_first_provider"] != "one two" {
		t.Errorf("%d attributes: %v", len(got), got)
	}
	if n := len([]rune(got["acp_affiliate_first_campaign"])); n != 255 {
		t.Errorf("a value of %d characters", n)
	}
}
