// Package acp is the domain: merchants, products, checkout sessions, orders
// and money, the session state machine, and the use cases that agents, buyers
// and staff set in motion.
//
// A use case declares beside itself the small interfaces that it needs;
// adapters in other packages satisfy them. The package imports the standard
// library only. It knows no HTTP, no JSON shape of any protocol version, no
// SQL and no vendor: those live in acp/wire, handlers, app/store, shopify and
// acp/stripe.
//
// All amounts are integers in minor units of a currency (cents for USD, yen
// for JPY); a float never holds money.
package acp
