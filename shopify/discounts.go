package shopify

import (
	"slices"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

type notApplied = admin.QuoteDraftOrderCalculateDraftOrderCalculatePayloadCalculatedDraftOrderWarningsDraftOrderDiscountNotAppliedWarning

// discountsOf lists what was taken off and which of the agent's codes were not accepted. Shopify skips an
// ineligible code and says so in a warning; a code that it passes over in silence is reported all the same.
func discountsOf(d *calculated, cart acp.Cart, read *amounts) []acp.Discount {
	var list []acp.Discount
	for _, p := range d.PlatformDiscounts {
		list = append(list, acp.Discount{
			Code: value(p.Code), Title: p.Title, Automatic: p.AutomaticDiscount, Amount: read.of(p.TotalAmountPriceSet),
		})
	}
	for _, warning := range d.Warnings {
		if w, ok := warning.(*notApplied); ok && w.DiscountCode != nil {
			list = append(list, acp.Discount{
				Code: asSent(*w.DiscountCode, cart), Title: value(w.DiscountTitle), Rejected: rejection(w.ErrorCode), Reason: w.Message,
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

// rejection names Shopify's reason in the protocol's words. Shopify does not publish its error codes for
// these warnings, so that they are told by the words they contain.
func rejection(code string) string {
	code = strings.ToLower(code)
	for _, known := range []struct{ contains, means string }{
		{"expired", "discount_code_expired"},
		{"usage", "discount_code_usage_limit_reached"},
		{"combin", "discount_code_combination_disallowed"},
		{"minimum", "discount_code_minimum_not_met"},
		{"already", "discount_code_already_applied"},
		{"customer", "discount_code_user_ineligible"},
	} {
		if strings.Contains(code, known.contains) {
			return known.means
		}
	}
	return acp.CodeDiscountInvalid
}
