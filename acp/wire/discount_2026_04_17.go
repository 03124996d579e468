package wire

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/phrase"
)

var discountErrors20260417 = []string{
	"discount_code_expired", "discount_code_invalid", "discount_code_already_applied",
	"discount_code_combination_disallowed", "discount_code_minimum_not_met", "discount_code_user_not_logged_in",
	"discount_code_user_ineligible", "discount_code_usage_limit_reached",
}

type discountsBody struct {
	Codes    []string               `json:"codes"`
	Applied  []appliedDiscountBody  `json:"applied"`
	Rejected []rejectedDiscountBody `json:"rejected"`
}

type appliedDiscountBody struct {
	ID          string           `json:"id"`
	Code        string           `json:"code,omitempty"`
	Coupon      couponBody       `json:"coupon"`
	Amount      int64            `json:"amount"`
	Automatic   bool             `json:"automatic"`
	Method      string           `json:"method,omitempty"`
	Allocations []allocationBody `json:"allocations,omitempty"`
}

type allocationBody struct {
	Path   string `json:"path"` // JSONPath into the session
	Amount int64  `json:"amount"`
}

type couponBody struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type rejectedDiscountBody struct {
	Code    string `json:"code"`
	Reason  string `json:"reason"`
	Message string `json:"message,omitempty"`
}

// discountsOf is nil when there is nothing to say about discounts.
func discountsOf(l phrase.Language, s acp.Session) *discountsBody {
	if len(s.DiscountCodes) == 0 && len(s.Discounts) == 0 {
		return nil
	}
	body := discountsBody{
		Codes: orEmpty(s.DiscountCodes), Applied: []appliedDiscountBody{}, Rejected: []rejectedDiscountBody{},
	}
	for i, d := range s.Discounts {
		if d.Rejected != "" {
			body.Rejected = append(body.Rejected, rejectedOf(l, d))
		} else {
			body.Applied = append(body.Applied, appliedOf(l, d, i))
		}
	}
	return &body
}

// appliedOf names an automatic discount, which has no code, by its place in
// the list.
func appliedOf(l phrase.Language, d acp.Discount, i int) appliedDiscountBody {
	id := cmp.Or(d.Code, fmt.Sprintf("automatic_%d", i+1))
	name := cmp.Or(d.Title, d.Code, l.Say(phrase.TitleDiscount))
	return appliedDiscountBody{
		ID: id, Code: d.Code, Coupon: couponBody{ID: id, Name: name}, Amount: max(d.Amount, 0), Automatic: d.Automatic,
		Method: methodOf(d), Allocations: allocationsOf(d),
	}
}

// methodOf says whether a discount was taken off item by item or off the whole.
func methodOf(d acp.Discount) string {
	switch d.Level {
	case acp.LineDiscount:
		return "each"
	case acp.OrderDiscount:
		return "across"
	default:
		return ""
	}
}

// allocationsOf says where an amount went; a shipping discount is contained in
// the session's fulfillment total, as in the official example.
func allocationsOf(d acp.Discount) []allocationBody {
	if d.Level == acp.ShippingDiscount && d.Amount > 0 {
		return []allocationBody{{Path: "$.totals.fulfillment", Amount: d.Amount}}
	}
	parts := make([]allocationBody, len(d.Allocations))
	for i, a := range d.Allocations {
		parts[i] = allocationBody{Path: fmt.Sprintf("$.line_items[%d]", a.Line), Amount: a.Amount}
	}
	return parts
}

func rejectedOf(l phrase.Language, d acp.Discount) rejectedDiscountBody {
	reason := d.Rejected
	if !slices.Contains(discountErrors20260417, reason) {
		reason = acp.CodeDiscountInvalid
	}
	return rejectedDiscountBody{Code: d.Code, Reason: reason, Message: l.Message(d.Rejection())}
}
