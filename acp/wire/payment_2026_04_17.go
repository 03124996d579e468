package wire

import (
	"slices"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Shapes of how it is paid and what the agent can do, in 2026-04-17.

var capabilities20260417 = capabilities(open(slices.Concat(paymentHandler20260130, []field{
	may("display_name", text(maxName)),
	may("display_order", integer),
})...))

// capabilities are open throughout, members and words: what is not known is
// ignored, so that an agent that can do more than this app has heard of is
// served (capability RFC, 4.6.2, 6.4 and 7.3, against the schema).
func capabilities(handler rule) rule {
	return open(
		may("payment", open(must("handlers", list(handler)))),
		may("interventions", open(
			may("supported", list(text(maxID))),
			may("required", list(text(maxID))),
			may("enforcement", text(maxID)),
			may("display_context", text(maxID)),
			may("redirect_context", text(maxID)),
			may("max_redirects", whole(0)),
			may("max_interaction_depth", whole(1)),
		)),
		may("extensions", list(extension20260417)),
	)
}

// extension20260417 is a name, or a declaration as sessions answer it.
func extension20260417(at *place, n *node) *acp.Error {
	if n.kind != objectKind {
		return text(maxID)(at, n)
	}
	return extensionDeclaration20260417(at, n)
}

var extensionDeclaration20260417 = open(
	must("name", text(maxID)),
	may("extends", list(text(maxID))),
	may("schema", uri),
	may("spec", uri),
)

// paymentHandler20260130 are the members of a handler that both versions know.
var paymentHandler20260130 = []field{
	must("id", text(maxID)),
	must("name", text(maxName)),
	must("version", text(maxID)),
	must("spec", uri),
	must("requires_delegate_payment", truth),
	must("requires_pci_compliance", truth),
	must("psp", text(maxID)),
	must("config_schema", uri),
	must("instrument_schemas", list(uri)),
	must("config", mapOf(anything)),
}

var paymentData20260417 = paymentData(address20260417)

// paymentData takes the form of the version and the older one; which one it is
// shows in the members that it has.
func paymentData(address rule) rule {
	older, current := olderPaymentData(filled(maxID), address), currentPaymentData(address)
	return func(at *place, n *node) *acp.Error {
		if n.kind == objectKind && olderPayment(n) {
			return older(at, n)
		}
		return current(at, n)
	}
}

func olderPayment(n *node) bool {
	return n.get("handler_id") == nil && n.get("instrument") == nil &&
		(n.get("token") != nil || n.get("provider") != nil)
}

// olderPaymentData is the only form before 2026-01-30.
func olderPaymentData(provider, address rule) rule {
	return object(
		must("token", filled(maxOpaque)),
		must("provider", provider),
		may("billing_address", address),
	)
}

// instrument20260417 is open, as its schema is: each handler adds members of
// its own. The token is opaque; the published pattern refuses the published
// examples.
var instrument20260417 = open(
	must("type", text(maxID)),
	must("credential", open(
		must("type", text(maxID)),
		must("token", filled(maxOpaque)),
	)),
)

func currentPaymentData(address rule) rule {
	return both(
		object(
			may("handler_id", text(maxID)),
			may("instrument", instrument20260417),
			may("billing_address", address),
			may("purchase_order_number", text(maxID)),
			may("payment_terms", word("immediate", "net_15", "net_30", "net_60", "net_90")),
			may("due_date", timestamp),
			may("approval_required", truth),
		),
		handlerOrPurchaseOrder,
	)
}

func handlerOrPurchaseOrder(at *place, n *node) *acp.Error {
	if n.get("purchase_order_number") != nil {
		return nil
	}
	for _, name := range []string{"handler_id", "instrument"} {
		if n.get(name) == nil {
			return at.member(name).missing()
		}
	}
	return nil
}

var authenticationResult20260417 = both(
	object(
		must("outcome", word("abandoned", "attempt_acknowledged", "authenticated", "canceled", "denied",
			"informational", "internal_error", "not_supported", "processing_error", "rejected")),
		may("outcome_details", object(
			must("three_ds_cryptogram", text(maxOpaque)),
			must("electronic_commerce_indicator", word("01", "02", "05", "06", "07")),
			must("transaction_id", text(maxID)),
			must("version", text(maxID)),
		)),
	),
	func(at *place, n *node) *acp.Error {
		switch n.get("outcome").text {
		case "authenticated", "informational", "attempt_acknowledged":
			if n.get("outcome_details") == nil {
				return at.member("outcome_details").missing()
			}
		}
		return nil
	},
)
