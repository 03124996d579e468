package wire

import "github.com/acp-bridge/acp-bridge/acp"

// The shapes of the request bodies of 2025-09-29, the first release.

var create20250929 = object(
	must("items", nonEmpty(list(item20250929))),
	may("buyer", buyer20250929),
	may("fulfillment_address", address20250929),
)

var update20250929 = object(
	may("buyer", buyer20250929),
	may("items", list(item20250929)),
	may("fulfillment_address", address20250929),
	may("fulfillment_option_id", filled(maxID)),
)

var complete20250929 = object(
	must("payment_data", paymentData20250929),
	may("buyer", buyer20250929),
)

// cancel20250929 takes any object: the version describes no body, so nothing in
// one can be wrong.
var cancel20250929 = open()

var item20250929 = object(must("id", filled(maxID)), must("quantity", wholePieces))

// wholePieces is a quantity. The version alone lets it be a fraction, and says
// nothing about what half a piece would cost.
func wholePieces(at *place, n *node) *acp.Error {
	if n.kind == numberKind {
		if d, sane := takeApart(n.text); sane && d.exponent < 0 {
			return at.invalid("must be a whole number: this shop sells by the piece and cannot price a fraction of one")
		}
	}
	return integer(at, n)
}

var buyer20250929 = object(
	must("first_name", text(maxName)),
	must("last_name", text(maxName)),
	must("email", email),
	may("phone_number", text(maxLine)),
)

var address20250929 = object(
	must("name", text(maxName)),
	must("line_one", text(maxLine)),
	may("line_two", text(maxLine)),
	must("city", text(maxLine)),
	must("state", text(maxLine)),
	must("country", country),
	must("postal_code", text(maxLine)),
)

// paymentData20250929 names the one provider that the schema knows until
// 2026-01-16.
var paymentData20250929 = olderPaymentData(word("stripe"), address20250929)
