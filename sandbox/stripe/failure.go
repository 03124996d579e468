package stripe

import (
	"fmt"
	"net/http"
)

// errorBody is the object under "error" in every refusal.
type errorBody struct {
	Type          string         `json:"type"`
	Code          string         `json:"code,omitempty"`
	DeclineCode   string         `json:"decline_code,omitempty"`
	AdviceCode    string         `json:"advice_code,omitempty"`
	DocURL        string         `json:"doc_url,omitempty"`
	Message       string         `json:"message"`
	Param         string         `json:"param,omitempty"`
	Charge        string         `json:"charge,omitempty"`
	PaymentIntent map[string]any `json:"payment_intent,omitempty"`
}

// failure is a refusal on its way out. notBegun means that execution never started,
// so that nothing is kept under the idempotency key (docs.stripe.com/api/idempotent_requests).
type failure struct {
	status   int
	body     errorBody
	notBegun bool
}

// invalid is a request that fails validation: 400, not kept under its key.
func invalid(code, param, message string) *failure {
	f := refuse(code, param, message)
	f.notBegun = true
	return f
}

// refuse is a well-formed request that the state of things does not allow: 400. Whether
// Stripe keeps these under the key is not documented; kept is harder on the caller, who
// then gets the stale refusal again although the state has moved on.
func refuse(code, param, message string) *failure {
	return &failure{
		status: http.StatusBadRequest,
		body:   errorBody{Type: "invalid_request_error", Code: code, Param: param, Message: message},
	}
}

// missing is an id in the path that names nothing: 404.
func missing(kind, param, id string) *failure {
	f := invalid("resource_missing", param, fmt.Sprintf("No such %s: '%s'", kind, id))
	f.status = http.StatusNotFound
	return f
}

// unexpectedState is 400 with the payment intent nested, so that a caller sees what it is.
func unexpectedState(p *payment, message string) *failure {
	f := refuse("payment_intent_unexpected_state", "", message)
	f.body.PaymentIntent = p.present()
	return f
}

// cardError is the issuer's answer: 402 with the payment intent nested.
func cardError(body errorBody, p *payment) *failure {
	body.PaymentIntent = p.present()
	return &failure{status: http.StatusPaymentRequired, body: body}
}

func serverError() *failure {
	return &failure{status: http.StatusInternalServerError, body: errorBody{
		Type:    "api_error",
		Message: "An unknown error occurred.",
	}}
}

func throttled() *failure {
	return &failure{status: http.StatusTooManyRequests, notBegun: true, body: errorBody{
		Type: "invalid_request_error", Code: "rate_limit",
		Message: "Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.",
	}}
}
