package wire

import (
	"slices"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

var errorCodes20260116 = []string{
	"missing", "invalid", "out_of_stock", "payment_declined", "requires_sign_in", "requires_3ds",
}

// toldInMessages says what the version has neither a member nor a status for:
// where the buyer goes on, while that is open. What it could not offer, a
// pickup, is not asked for.
func toldInMessages(w View) View {
	link := webAddress(w.ContinueURL)
	messages := []acp.Message{}
	for _, m := range w.Session.Messages {
		switch {
		case m.Text == acp.TextHandedOver:
		case m.Text == acp.TextPickupOnly && m.Type == acp.Problem:
			messages = append(messages, notDelivered())
		default:
			messages = append(messages, m)
		}
	}
	if w.Session.Status == acp.Escalated && link != "" {
		messages = append(messages, handedOverAt(link))
	}
	w.Session.Messages = messages
	return w
}

func handedOverAt(link string) acp.Message {
	return acp.Message{Type: acp.Info, Text: acp.TextHandedOverAt, Args: []acp.Argument{{Name: "url", Text: link}}}
}

// notDelivered is what an address is where the buyer could only fetch the goods,
// to an agent that cannot choose that.
func notDelivered() acp.Message {
	return acp.Message{
		Type: acp.Problem, Code: acp.CodeRegionRestricted, Param: "$.fulfillment_details.address", Text: acp.TextRegionRestricted,
	}
}

func lowerMessages(messages []messageBody) []message20260116 {
	older := make([]message20260116, len(messages))
	for i, m := range messages {
		older[i] = lowerMessage(m)
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
	case m.Code == acp.CodeInterventionRequired:
		older.Code = acp.CodeRequires3DS
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
	{"$.continue_url", ""},
	{"$.coupons", ""},
	{"$.currency", ""},
	{"$.discounts", ""},
	{"$.expires_at", ""},
	{"$.fulfillment_groups", ""},
	{"$.locale", ""},
	{"$.marketing_consents", ""},
	{"$.metadata", ""},
	{"$.order_notes", ""},
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
