package wire

import "github.com/acp-bridge/acp-bridge/acp"

func dialect20260417() dialect {
	return dialect{
		create: create20260417, update: update20260417, complete: complete20260417, cancel: cancel20260417,
		readCancel: readCancel20260417,
		readCreate: readCreate20260417, readUpdate: readUpdate20260417, readComplete: readComplete20260417,
		session: shown(session20260417),
	}
}

func readCreate20260417(body *node) acp.CreateRequest {
	r := acp.CreateRequest{
		Items: readItems(body.get("line_items")), Currency: readCurrency(body.get("currency")),
		Buyer: readBuyer(body.get("buyer")), Fulfillment: readFulfillment(body.get("fulfillment_details")),
		Note: body.get("order_notes").str(), Locale: body.get("locale").str(),
		Timezone: body.get("timezone").str(), Attribution: readAttribution(body.get("affiliate_attribution")),
		Interventions: body.get("capabilities").get("interventions").get("supported").strings(),
	}
	if sent, present := readCodes(body); present {
		r.DiscountCodes = sent
	}
	r.Metadata = body.get("metadata").object()
	return r
}

func readCurrency(n *node) acp.Currency {
	c, err := acp.ParseCurrency(n.str())
	if err != nil {
		return "" // the shape has made sure that it is known
	}
	return c
}

func readUpdate20260417(body *node) acp.UpdateRequest {
	r := acp.UpdateRequest{
		Items: readItems(body.get("line_items")), Buyer: readBuyer(body.get("buyer")),
		Fulfillment: readFulfillment(body.get("fulfillment_details")),
		Selected:    readSelections(body.get("selected_fulfillment_options")),
		Note:        body.get("order_notes").optionalStr(),
	}
	if sent, present := readCodes(body); present {
		r.DiscountCodes = &sent
	}
	return r
}

func readComplete20260417(body *node) acp.CompleteRequest {
	payment := body.get("payment_data")
	r := acp.CompleteRequest{
		Buyer: readBuyer(body.get("buyer")), Billing: readAddress(payment.get("billing_address")),
		Note:           body.get("order_notes").optionalStr(),
		Authentication: body.get("authentication_result").get("outcome").str(),
		Consents:       readConsents(body.get("marketing_consents")), Attribution: readAttribution(body.get("affiliate_attribution")),
	}
	if olderPayment(payment) {
		r.Handler, r.Token = payment.get("provider").str(), acp.Secret(payment.get("token").str())
		return r
	}
	r.Handler = payment.get("handler_id").str()
	r.Token = acp.Secret(payment.get("instrument").get("credential").get("token").str())
	return r
}

func readCancel20260417(body *node) acp.CancelRequest {
	return acp.CancelRequest{Trace: readTrace(body.get("intent_trace"))}
}
