package wire

// The shapes of the request bodies of 2026-01-30. It knows no order notes, no
// marketing consents and no company in an address; the rest is as in
// 2026-04-17, tolerances included.

var create20260130 = object(
	must("line_items", nonEmpty(list(lineItem20260417))),
	must("currency", currency),
	must("capabilities", capabilities(open(paymentHandler20260130...))),
	may("buyer", buyer20260417),
	may("fulfillment_details", fulfillmentDetails20260130),
	may("fulfillment_groups", list(fulfillmentGroup20260130)),
	may("affiliate_attribution", attribution20260417),
	may("coupons", codes),
	may("discounts", discounts20260417),
	may("locale", text(maxID)),
	may("timezone", text(maxID)),
	may("quote_id", text(maxID)),
	may("metadata", mapOf(anything)),
)

var update20260130 = object(
	may("buyer", buyer20260417),
	may("line_items", list(lineItem20260417)),
	may("fulfillment_details", fulfillmentDetails20260130),
	may("fulfillment_groups", list(fulfillmentGroup20260130)),
	may("selected_fulfillment_options", list(selection20260417)),
	may("coupons", codes),
	may("discounts", discounts20260417),
)

var complete20260130 = object(
	must("payment_data", paymentData(address20250929)),
	may("buyer", buyer20260417),
	may("authentication_result", authenticationResult20260417),
	may("affiliate_attribution", attribution20260417),
	may("risk_signals", riskSignals20260417),
)

var (
	fulfillmentDetails20260130 = fulfillmentDetails(address20250929)
	fulfillmentGroup20260130   = fulfillmentGroup(fulfillmentDetails20260130)
)
