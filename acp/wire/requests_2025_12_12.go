package wire

import "github.com/acp-bridge/acp-bridge/acp"

// The shapes of the request bodies of 2025-12-12. Those of 2026-01-16 differ
// from them by one word list, at the end.

var create20251212 = object(
	must("items", nonEmpty(list(item20251212))),
	may("buyer", buyer20250929),
	may("fulfillment_details", fulfillmentDetails20260130),
	may("affiliate_attribution", attribution20260417),
)

var update20251212 = object(
	may("buyer", buyer20250929),
	may("items", list(item20251212)),
	may("fulfillment_details", fulfillmentDetails20260130),
	may("selected_fulfillment_options", list(selection20251212)),
)

var (
	complete20251212 = completeWith(authenticationResult20260417)
	complete20260116 = completeWith(authenticationResult20260116)
)

func completeWith(authenticationResult rule) rule {
	return object(
		must("payment_data", paymentData20250929),
		may("buyer", buyer20250929),
		may("authentication_result", authenticationResult),
		may("affiliate_attribution", attribution20260417),
	)
}

var item20251212 = object(must("id", filled(maxID)), must("quantity", integer))

// selection20251212 keeps what is chosen in the member that the type names.
var selection20251212 = both(
	object(
		must("type", word("shipping", "digital")),
		may("shipping", chosen20251212),
		may("digital", chosen20251212),
	),
	func(at *place, n *node) *acp.Error {
		if kind := n.get("type").text; n.get(kind) == nil {
			return at.member(kind).missing()
		}
		return nil
	},
)

var chosen20251212 = object(must("option_id", filled(maxID)), must("item_ids", list(text(maxID))))

var authenticationResult20260116 = object(
	must("outcome", word("authenticated", "failed", "unavailable", "rejected", "attempt")),
	may("outcome_details", object(
		must("three_ds_cryptogram", text(maxOpaque)),
		must("electronic_commerce_indicator", text(maxID)),
		must("transaction_id", text(maxID)),
		must("version", text(maxID)),
	)),
)
