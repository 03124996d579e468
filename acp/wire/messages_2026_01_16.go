package wire

import (
	"slices"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

// handOffMember is how messages of the newest version point to the link that
// leads the buyer on.
const handOffMember = "continue_url"

var errorCodes20260116 = []string{
	"missing", "invalid", "out_of_stock", "payment_declined", "requires_sign_in", "requires_3ds",
}

// lowerMessages says everything as loudly as the version can, and says the
// hand-off with its link, for which the version has no member.
func lowerMessages(s session20260130) []message20260116 {
	older, told := []message20260116{}, s.ContinueURL == ""
	for _, m := range s.Messages {
		if s.ContinueURL != "" && strings.Contains(m.Content, handOffMember) {
			m.Content, told = strings.ReplaceAll(m.Content, handOffMember, s.ContinueURL), true
		}
		older = append(older, lowerMessage(m))
	}
	if !told && s.Status == acp.Escalated {
		older = append(older, message20260116{
			Type: "info", ContentType: "plain", Content: "The buyer finishes this purchase here: " + s.ContinueURL,
		})
	}
	if s.Status == acp.Expired {
		older = append(older, message20260116{Type: "info", ContentType: "plain", Content: "This checkout session has expired."})
	}
	return older
}

// lowerMessage turns a warning into an info: the version has no lesser kind of
// error.
func lowerMessage(m messageBody) message20260116 {
	older := message20260116{Type: string(m.Type), ContentType: m.ContentType, Content: m.Content, Param: messageParam20260116(m.Param)}
	switch {
	case m.Type != acp.Problem:
		older.Type = string(acp.Info)
	case slices.Contains(errorCodes20260116, m.Code):
		older.Code = m.Code
	case m.Code == acp.CodeQuantityExceeded || m.Code == acp.CodeLowStock:
		older.Code = acp.CodeOutOfStock
	default:
		older.Code = acp.CodeInvalid
	}
	return older
}

// messageParam20260116 names a member of a session of 2026-01-30 as 2026-01-16
// does: quantities belong to the item, which the line holds.
func messageParam20260116(param string) string {
	if line, ok := strings.CutSuffix(param, ".quantity"); ok && strings.HasPrefix(line, "$.line_items[") {
		return line + ".item.quantity"
	}
	if strings.HasPrefix(param, "$.line_items") {
		return param
	}
	return param20260116(param)
}

// params20260116 are the members of 2026-01-30 that have another name before,
// or none. Longer ones come first.
var params20260116 = []struct{ newer, older string }{
	{"$.payment_data.instrument", "$.payment_data.token"},
	{"$.payment_data.handler_id", "$.payment_data.provider"},
	{"$.capabilities", ""},
	{"$.coupons", ""},
	{"$.currency", ""},
	{"$.discounts", ""},
	{"$.expires_at", ""},
	{"$.fulfillment_groups", ""},
	{"$.locale", ""},
	{"$.marketing_consents", ""},
	{"$.metadata", ""},
	{"$.order_notes", ""},
	{"$." + handOffMember, ""},
}

// param20260116 names a member of a request of 2026-01-30 as 2026-01-16 does.
func param20260116(param string) string {
	for _, p := range params20260116 {
		if strings.HasPrefix(param, p.newer) {
			return p.older
		}
	}
	if rest, ok := strings.CutPrefix(param, "$.line_items"); ok {
		return "$.items" + rest
	}
	if strings.HasPrefix(param, "$.selected_fulfillment_options[") {
		choice, _, _ := strings.Cut(param, "]")
		return choice + "]" // its inner object is called by its kind
	}
	return param
}
