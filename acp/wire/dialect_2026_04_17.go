package wire

import (
	"slices"

	"github.com/acp-bridge/acp-bridge/acp"
)

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
		Interventions: readInterventions(body.get("capabilities").get("interventions").get("supported")),
	}
	if sent, present := readCodes(body); present {
		r.DiscountCodes = sent
	}
	r.Metadata = body.get("metadata").object()
	return r
}

// knownInterventions are the protocol's; whatever else an agent can carry out
// is nothing to this app.
var knownInterventions = []string{"3ds", "biometric", "address_verification"}

func readInterventions(n *node) []string {
	return slices.DeleteFunc(n.strings(), func(name string) bool { return !slices.Contains(knownInterventions, name) })
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
		Authentication: readAuthentication(body.get("authentication_result")), Authenticates: true,
		Signals:  readSignals(body.get("risk_signals")),
		Consents: readConsents(body.get("marketing_consents")), Attribution: readAttribution(body.get("affiliate_attribution")),
	}
	if olderPayment(payment) {
		r.Handler, r.Token = payment.get("provider").str(), acp.Secret(payment.get("token").str())
		return r
	}
	r.Handler = payment.get("handler_id").str()
	r.Token = acp.Secret(payment.get("instrument").get("credential").get("token").str())
	return r
}

func readSignals(n *node) *acp.RiskSignals {
	if n == nil {
		return nil
	}
	return &acp.RiskSignals{
		IPAddress: n.get("ip_address").str(), UserAgent: n.get("user_agent").str(), AcceptLanguage: n.get("accept_language").str(),
		SessionID: n.get("session_id").str(), DeviceFingerprint: n.get("device_fingerprint").str(),
	}
}

func readAuthentication(n *node) *acp.Authentication {
	if n == nil {
		return nil
	}
	details := n.get("outcome_details")
	return &acp.Authentication{
		Outcome: n.get("outcome").str(), Cryptogram: acp.Secret(details.get("three_ds_cryptogram").str()),
		ECI: details.get("electronic_commerce_indicator").str(), TransactionID: details.get("transaction_id").str(),
		Version: details.get("version").str(),
	}
}

func readCancel20260417(body *node) acp.CancelRequest {
	return acp.CancelRequest{Trace: readTrace(body.get("intent_trace"))}
}
