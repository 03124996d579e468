package wire

import (
	"slices"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/phrase"
)

// messageBody is MessageInfo, MessageWarning or MessageError.
type messageBody struct {
	Type        acp.MessageType `json:"type"`
	Code        string          `json:"code,omitempty"` // not of info
	Severity    string          `json:"severity"`
	Resolution  string          `json:"resolution,omitempty"`
	Param       string          `json:"param,omitempty"`
	ContentType string          `json:"content_type"`
	Content     string          `json:"content"`
}

var warningCodes20260417 = append([]string{
	"low_stock", "high_demand", "shipping_delay", "price_change", "expiring_promotion", "limited_availability",
}, discountErrors20260417...)

var errorCodes20260417 = []string{
	"missing", "invalid", "out_of_stock", "payment_declined", "requires_sign_in", "requires_3ds", "low_stock",
	"quantity_exceeded", "coupon_invalid", "coupon_expired", "minimum_not_met", "maximum_exceeded",
	"region_restricted", "age_verification_required", "approval_required", "unsupported", "not_found", "conflict",
	"rate_limited", "expired", "intervention_required",
}

func messagesOf(l phrase.Language, messages []acp.Message) []messageBody {
	bodies := make([]messageBody, len(messages))
	for i, m := range messages {
		bodies[i] = messageOf(l, m)
	}
	return bodies
}

// messageOf says the message as loudly as the version allows: a warning whose
// code it does not list becomes an info, an error's becomes a conflict.
func messageOf(l phrase.Language, m acp.Message) messageBody {
	body := messageBody{Type: m.Type, Resolution: m.Resolution, Param: m.Param, ContentType: "plain", Content: l.Message(m)}
	switch {
	case m.Type == acp.Problem:
		body.Severity, body.Code = "high", m.Code
		if !slices.Contains(errorCodes20260417, m.Code) {
			body.Code = acp.CodeConflict
		}
	case m.Type == acp.Warning && slices.Contains(warningCodes20260417, m.Code):
		body.Severity, body.Code = "medium", m.Code
	default:
		body.Type, body.Severity = acp.Info, "info"
	}
	switch m.Resolution {
	case acp.ResolveRecoverable, acp.ResolveByBuyerInput, acp.ResolveByBuyerReview:
	default:
		body.Resolution = ""
	}
	return body
}
