package shopify

import (
	"slices"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

type allocation = admin.QuoteDraftOrderCalculateDraftOrderCalculatePayloadCalculatedDraftOrderPlatformDiscountsDraftOrderPlatformDiscountAllocationsDraftOrderPlatformDiscountAllocation

// discountsOf lists what was taken off and which of the agent's codes were not accepted. Shopify skips an
// ineligible code and says so in a warning; a code that it passes over in silence is reported all the same.
func discountsOf(d *calculated, cart acp.Cart, places map[string]int, read *amounts) []acp.Discount {
	var list []acp.Discount
	for _, p := range d.PlatformDiscounts {
		list = append(list, acp.Discount{
			Code: asSent(value(p.Code), cart), Title: p.Title, Automatic: p.AutomaticDiscount, Amount: read.of(p.TotalAmountPriceSet),
			Level: discountLevel(p.DiscountClasses), Allocations: allocationsOf(p.Allocations, places, read),
		})
	}
	for _, w := range d.Warnings {
		if w.DiscountCode != nil {
			list = append(list, acp.Discount{
				Code: asSent(*w.DiscountCode, cart), Title: value(w.DiscountTitle), Rejected: rejection(w.ErrorCode, w.Message), Reason: w.Message,
			})
		}
	}
	for _, code := range cart.DiscountCodes {
		told := slices.ContainsFunc(list, func(known acp.Discount) bool { return strings.EqualFold(known.Code, code) })
		if !told {
			list = append(list, acp.Discount{
				Code: code, Rejected: acp.CodeDiscountInvalid, Reason: "The code is not valid for this cart.",
			})
		}
	}
	return list
}

// asSent gives a code back in the agent's spelling: Shopify does not care for case, agents may.
func asSent(code string, cart acp.Cart) string {
	for _, sent := range cart.DiscountCodes {
		if strings.EqualFold(sent, code) {
			return sent
		}
	}
	return code
}

// discountLevel is what a discount is taken off. One of several classes counts as the widest of them.
func discountLevel(classes []admin.DiscountClass) acp.DiscountLevel {
	switch {
	case slices.Contains(classes, admin.DiscountClassOrder):
		return acp.OrderDiscount
	case slices.Contains(classes, admin.DiscountClassProduct):
		return acp.LineDiscount
	case slices.Contains(classes, admin.DiscountClassShipping):
		return acp.ShippingDiscount
	default:
		return ""
	}
}

// allocationsOf are the parts that Shopify says belong to lines of the cart.
func allocationsOf(list []allocation, places map[string]int, read *amounts) []acp.Allocation {
	var parts []acp.Allocation
	for _, a := range list {
		if a.Target == nil {
			continue
		}
		if at, known := places[a.Target.Uuid]; known {
			parts = append(parts, acp.Allocation{Line: at, Amount: read.of(a.ReductionAmountSet)})
		}
	}
	return parts
}

// rejection names Shopify's reason in the protocol's words. Shopify does not publish its error codes for
// these warnings, so that they are told by the words they contain, and where the code says nothing by those
// of the sentence that goes with it.
func rejection(code, sentence string) string {
	for _, text := range []string{strings.ToLower(code), strings.ToLower(sentence)} {
		for _, known := range []struct{ contains, means string }{
			{"expired", "discount_code_expired"},
			{"usage", "discount_code_usage_limit_reached"},
			{"combin", "discount_code_combination_disallowed"},
			{"minimum", "discount_code_minimum_not_met"},
			{"already", "discount_code_already_applied"},
			{"sign in", "discount_code_user_not_logged_in"},
			{"sign_in", "discount_code_user_not_logged_in"},
			{"logged", "discount_code_user_not_logged_in"},
			{"customer", "discount_code_user_ineligible"},
		} {
			if strings.Contains(text, known.contains) {
				return known.means
			}
		}
	}
	return acp.CodeDiscountInvalid
}
