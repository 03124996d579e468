// Package stripe stands in for Stripe's v1 API as far as a seller needs it to charge
// a shared payment token: payment intents with manual capture, refunds, metadata
// search, granted tokens, idempotency keys and signed events. The real client library
// talks to it over HTTP with its backend URL pointed here.
//
// It moves no money. Where Stripe's behaviour is not documented it takes the reading
// that is harder on the caller and says so beside the line. Out of scope: Connect,
// customers, setup intents, multicapture, confirming a payment intent after creation
// (only confirm=true is accepted), every payment method but cards.
package stripe
