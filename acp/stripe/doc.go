// Package stripe charges the shared payment tokens that agents bring with
// Stripe: it is one implementation of the domain's Payments, and the only
// package that knows stripe-go.
//
// Shared payment tokens are a preview of Stripe: the pinned library has no type
// for them, so the token travels as an extra parameter under a preview version
// (docs.stripe.com/agentic-commerce/concepts/shared-payment-tokens). Out of
// scope: several accounts (Connect), and payments that are captured in parts.
package stripe
