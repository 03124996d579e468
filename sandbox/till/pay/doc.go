// Package pay charges with the sandbox's till: a second implementation of the
// domain's Payments, unlike the one for Stripe wherever the port allows it, so
// that what is true of one provider only cannot slip into the domain. Nothing
// but the sandbox and tests opens it.
package pay
