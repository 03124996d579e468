package wire

import "github.com/acp-bridge/acp-bridge/acp"

// The shapes of the request bodies of 2026-04-17 (CheckoutSessionCreateRequest
// and the like). A field that the domain does not use yet is checked all the
// same, so that an agent hears of its mistake now and not on the day that the
// field begins to matter.
//
// Two tolerances go beyond the schema: line items take a quantity, because the
// version has no other place for it, and payment_data is also taken in the
// older form {token, provider, billing_address}, which agents still send.

// Limits of texts, in characters. The schema sets those of order_notes and
// trace_summary; the others keep a body from filling a database.
const (
	maxID     = 255
	maxName   = 256
	maxLine   = 255
	maxURI    = 2048
	maxOpaque = 8192
	maxNotes  = 5000
	maxTrace  = 500
	maxCodes  = 25
)

var create20260417 = object(
	must("line_items", nonEmpty(list(lineItem20260417))),
	must("currency", currency),
	must("capabilities", capabilities20260417),
	may("buyer", buyer20260417),
	may("fulfillment_details", fulfillmentDetails20260417),
	may("fulfillment_groups", list(fulfillmentGroup20260417)),
	may("affiliate_attribution", attribution20260417),
	may("coupons", codes),
	may("discounts", discounts20260417),
	may("locale", text(maxID)),
	may("timezone", text(maxID)),
	may("quote_id", text(maxID)),
	may("metadata", mapOf(anything)),
	may("order_notes", text(maxNotes)),
)

var update20260417 = object(
	may("buyer", buyer20260417),
	may("line_items", list(lineItem20260417)),
	may("fulfillment_details", fulfillmentDetails20260417),
	may("fulfillment_groups", list(fulfillmentGroup20260417)),
	may("selected_fulfillment_options", list(selection20260417)),
	may("coupons", codes),
	may("discounts", discounts20260417),
	may("order_notes", text(maxNotes)),
)

var complete20260417 = object(
	must("payment_data", paymentData20260417),
	may("buyer", buyer20260417),
	may("authentication_result", authenticationResult20260417),
	may("affiliate_attribution", attribution20260417),
	may("risk_signals", riskSignals20260417),
	may("marketing_consents", list(object(must("channel", text(maxID)), must("opted_in", truth)))),
	may("order_notes", text(maxNotes)),
)

// The reason code is any text: its enumeration may grow, and what is not known
// means other (checkout RFC, 7.2).
var cancel20260417 = open(
	may("intent_trace", open(
		must("reason_code", text(maxID)),
		may("trace_summary", text(maxTrace)),
		may("metadata", mapOf(scalar)),
	)),
)

var lineItem20260417 = object(
	must("id", filled(maxID)),
	may("quantity", integer),
	may("name", text(maxName)),
	may("unit_amount", integer),
)

var selection20260417 = object(
	must("type", word("shipping", "digital", "pickup", "local_delivery")),
	must("option_id", filled(maxID)),
	must("item_ids", list(text(maxID))),
)

var discounts20260417 = object(may("codes", codes))

// codes are discount codes: at most maxCodes, none of them blank.
func codes(at *place, n *node) *acp.Error {
	if n.kind == listKind && len(n.items) > maxCodes {
		return at.invalid("must not hold more than 25 codes")
	}
	return list(filled(maxID))(at, n)
}

var riskSignals20260417 = object(
	may("ip_address", text(maxID)),
	may("user_agent", text(maxURI)),
	may("accept_language", text(maxURI)),
	may("session_id", text(maxID)),
	may("device_fingerprint", text(maxOpaque)),
)
