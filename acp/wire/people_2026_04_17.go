package wire

// Shapes of who buys, where it goes and who led there, in 2026-04-17.

var address20260417 = object(
	must("name", text(maxName)),
	must("line_one", text(maxLine)),
	may("line_two", text(maxLine)),
	must("city", text(maxLine)),
	must("state", text(maxLine)),
	must("country", country),
	must("postal_code", text(maxLine)),
	may("company", text(maxName)),
)

var buyer20260417 = object(
	must("email", email),
	may("first_name", text(maxName)),
	may("last_name", text(maxName)),
	may("full_name", text(maxName)),
	may("phone_number", text(maxLine)),
	may("customer_id", text(maxID)),
	may("account_type", word("guest", "registered", "business")),
	may("authentication_status", word("authenticated", "guest", "requires_signin")),
	may("company", object(
		must("name", text(maxName)),
		may("tax_id", text(maxID)),
		may("department", text(maxName)),
		may("cost_center", text(maxID)),
	)),
	may("loyalty", object(
		may("tier", text(maxID)),
		may("points_balance", integer),
		may("member_since", timestamp),
	)),
	may("tax_exemption", object(
		must("certificate_id", text(maxID)),
		must("certificate_type", word("resale", "exempt_organization", "government")),
		may("exempt_regions", list(text(maxID))),
		may("expires_at", timestamp),
	)),
)

var (
	fulfillmentDetails20260417 = fulfillmentDetails(address20260417)
	fulfillmentGroup20260417   = fulfillmentGroup(fulfillmentDetails20260417)
)

func fulfillmentDetails(address rule) rule {
	return object(
		may("name", text(maxName)),
		may("phone_number", text(maxLine)),
		may("email", email),
		may("address", address),
	)
}

func fulfillmentGroup(details rule) rule {
	return object(
		must("id", text(maxID)),
		must("item_ids", list(text(maxID))),
		must("destination_type", word("shipping", "pickup", "local_delivery", "digital")),
		may("fulfillment_details", details),
		may("location_id", text(maxID)),
		may("instructions", text(maxNotes)),
	)
}

// The schema leaves the attribution open on purpose: servers should ignore
// what they do not know (affiliate RFC, 8.2).
var attribution20260417 = both(
	open(
		must("provider", filled(maxID)),
		may("token", filled(maxOpaque)),
		may("publisher_id", filled(maxID)),
		may("campaign_id", text(maxID)),
		may("creative_id", text(maxID)),
		may("sub_id", text(maxID)),
		may("source", object(must("type", word("url", "platform", "unknown")), may("url", uri))),
		may("issued_at", timestamp),
		may("expires_at", timestamp),
		may("metadata", mapOf(scalar)),
		may("touchpoint", word("first", "last")),
	),
	oneOfMembers("token", "publisher_id"),
)
