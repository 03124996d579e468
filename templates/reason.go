package templates

import "github.com/acp-bridge/acp-bridge/acp"

// reason is why a buyer left, in staff's words.
func reason(r acp.Reason) string {
	switch r {
	case acp.LeftForPrice:
		return "Price too high"
	case acp.LeftForShipping:
		return "Shipping too expensive"
	case acp.LeftForSpeed:
		return "Shipping too slow"
	case acp.LeftForFit:
		return "Not the right product"
	case acp.LeftForTrust:
		return "Doubts about trust or security"
	case acp.LeftForReturns:
		return "Returns policy"
	case acp.LeftForPayment:
		return "Ways to pay"
	case acp.LeftToCompare:
		return "Comparing with other shops"
	case acp.LeftForLater:
		return "Buying later"
	default:
		return "Another reason"
	}
}
